package dev.npa.sim.host;

import java.util.List;

/**
 * One change of the plugin that carries a VM's data path, from request to completion. Fields are written by the
 * hypervisor; reading them is safe from any thread.
 */
public interface Switchover {

    /** How far it is. */
    enum Outcome {
        /** Under way. */
        PENDING,
        /** The new path carries the traffic and the old plugin, if any, is gone. */
        DONE,
        /** The VM stayed on its path; {@link Switchover#reason()} says why. */
        FAILED
    }

    Outcome outcome();

    /** One sentence; empty unless failed. */
    String reason();

    /** What carried the data path before: {@code emulated} or {@code niantic 1.0.0}. */
    String from();

    /** What carries or was to carry it afterwards. */
    String to();

    /** Machine time of the request. */
    long requestedNanos();

    /** Machine time at which the address moved last; -1 before that. */
    long activatedNanos();

    /**
     * Machine times at which the address moved, oldest first: one, or two on a swap that had to go through emulation
     * because there was no second VF or plugin slot.
     */
    List<Long> activations();

    /** Machine time of completion; -1 while pending. */
    long completedNanos();
}
