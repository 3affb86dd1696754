package dev.npa.sim.host;

import dev.npa.hw.Machine;

/** The software of a guest as the hypervisor sees it from outside: it boots, and it is gone. */
interface GuestSystem {

    /** Installs software on a machine. */
    @FunctionalInterface
    interface Factory {
        /**
         * Makes a guest, not booted yet.
         *
         * @param mtu largest payload that the guest's administrator has set
         */
        GuestSystem create(Machine machine, int mtu);
    }

    /**
     * Boots. The guest's further progress is its own, on its virtual CPUs.
     *
     * @throws IllegalStateException with a sentence if it cannot
     */
    void boot();

    /** Ends it; its CPUs are halted already. Bounded, throws nothing. */
    void stop();

    /** Plugin images that were uninstalled in it. */
    int unloaded();

    /** How many of their class loaders were collected; asks the garbage collector. */
    int classLoadersCollected();
}
