package dev.npa.shell.runtime.switchover;

import dev.npa.shell.runtime.control.NicControl;
import dev.npa.shell.runtime.control.PluginArea;
import dev.npa.shell.runtime.core.CoreDevice;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.pci.PciDevice;

/** Everything that can carry the data path, the emulation and the plugin slots, and what carries it now. */
final class Carriers {

    /** In place of a slot's number. */
    static final int EMULATION = -1;

    final CoreDevice device;
    final Emulation emulation;
    final PluginSlot[] slots;
    /** Slot of the carrier, {@link #EMULATION} for the emulation; while transmit and receive differ, the old one. */
    int active = EMULATION;
    private PluginInstance sender;
    private PluginInstance receiver;

    Carriers(NicContext context, NicControl control, PciDevice nic, PluginArea area, int slots) {
        this.device = context.device;
        this.emulation = new Emulation(context, control, nic);
        this.slots = new PluginSlot[slots];
        for (int i = 0; i < slots; i++) {
            this.slots[i] = new PluginSlot(context, area, i);
        }
    }

    PluginInstance sender() {
        return sender;
    }

    PluginInstance receiver() {
        return receiver;
    }

    void transmitOn(int slot) {
        sender = carrier(slot);
        device.transmitOn(sender);
    }

    void receiveOn(int slot) {
        receiver = carrier(slot);
        device.receiveOn(receiver);
    }

    /** Nothing carries. Transmit is held. */
    void none() {
        device.hold(true);
        device.transmitOn(null);
        device.receiveOn(null);
        sender = null;
        receiver = null;
    }

    private PluginInstance carrier(int slot) {
        return slot == EMULATION ? emulation.instance() : slots[slot].instance();
    }

    /** The paravirtual NIC raised a vector of its queues. */
    void queueInterrupt(int vector) {
        PluginInstance current = emulation.instance();
        if (current != null) {
            try {
                device.interrupted(current, vector);
            } catch (Throwable t) {
                device.faulted(current, t);
            }
        }
    }

    /** A slot off the data path whose plugin threw while it served an interrupt; null if there is none. */
    PluginSlot noticeInterruptFaults() {
        PluginSlot other = null;
        for (PluginSlot slot : slots) {
            Throwable thrown = slot.interruptFault();
            PluginInstance instance = slot.instance();
            if (thrown == null || instance == null) {
                continue;
            }
            if (instance == sender || instance == receiver) {
                device.faulted(instance, thrown);
                slot.interruptFaultSeen();
            } else {
                other = slot;
            }
        }
        return other;
    }
}
