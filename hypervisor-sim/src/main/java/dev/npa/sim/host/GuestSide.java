package dev.npa.sim.host;

import dev.npa.hw.InterruptController;
import dev.npa.hw.PciFunction;
import dev.npa.hw.PhysicalMemory;

/** What the passthrough control needs of the machine it serves. */
interface GuestSide {

    PhysicalMemory memory();

    InterruptController interrupts();

    /** Puts a function into a slot of the guest's PCI bus. */
    void plug(int slot, PciFunction function);

    /** Pulls it; does nothing if the slot is empty. */
    void unplug(int slot);

    /** Guest-physical address of the plugin area that the guest announced; 0 = none. */
    long pluginArea();

    /** Sets bits of the vmxnet3 event word and raises the event vector. */
    void raiseEvents(int ecrBits);

    /** Whether everything that waited for the guest in emulated mode is in the guest's rings. */
    boolean receiveDrained();
}
