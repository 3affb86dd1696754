package dev.npa.sim.host;

import dev.npa.hw.Machine;
import java.util.Map;

/** The software of a guest as the hypervisor sees it from outside: it boots, and it is gone. */
interface GuestSystem {

    /** Installs software on a machine. */
    @FunctionalInterface
    interface Factory {
        /**
         * Makes a guest, not booted yet.
         *
         * @param parameters boot parameters by name
         */
        GuestSystem create(Machine machine, Map<String, ?> parameters);
    }

    /**
     * Boots. The guest's further progress is its own, on its virtual CPUs.
     *
     * @throws IllegalStateException with a sentence if it cannot
     */
    void boot();

    /** Ends it; its CPUs are halted already. Bounded, throws nothing. */
    void stop();

    /** Counters of its network device by name; empty while there is none. */
    Map<String, Long> statistics();

    /** Plugin images that were uninstalled in it. */
    int unloaded();

    /** How many of their class loaders were collected; asks the garbage collector. */
    int classLoadersCollected();
}
