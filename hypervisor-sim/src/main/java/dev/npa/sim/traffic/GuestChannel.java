package dev.npa.sim.traffic;

import dev.npa.hw.PciFunction;
import java.nio.ByteBuffer;

/** The device side of the workload channel, docs/workload-channel.md. One producer and one consumer thread. */
public interface GuestChannel extends PciFunction {

    /** Largest frame that fits a slot. */
    int maxFrame();

    /** Whether the guest has enabled it. */
    boolean isReady();

    /** Whether {@link #send} would take a frame of this length now. */
    boolean canSend(int length);

    /**
     * Hands a frame to the guest's stack for sending.
     *
     * @return false if the ring is full or the guest not ready
     */
    boolean send(ByteBuffer source, int offset, int length);

    /** Whether a frame that the guest received waits. */
    boolean hasReceived();

    /**
     * Takes the oldest received frame.
     *
     * @param target where to put it, at {@code offset}
     * @return its length; -1 when none waits
     */
    int receive(ByteBuffer target, int offset);

    /** Frames the guest has not taken yet. */
    int queued();
}
