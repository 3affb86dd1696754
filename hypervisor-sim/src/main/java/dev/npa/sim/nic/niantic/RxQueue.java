package dev.npa.sim.nic.niantic;

import dev.npa.sim.machine.DmaPort;

/** A receive queue: its ring and what SRRCTL says of it. */
final class RxQueue {

    private static final int DROP_EN = 1 << 28;

    final int index;
    private final Core core;

    boolean enabled;
    long base;
    int size;
    int head;
    int bufferSize;
    DmaPort port;
    /** QDE, indirect register 0x2F04: drop without descriptors, hide the VLAN tag. */
    boolean queueDrop;
    boolean hideVlan;

    private int badTail = -1;

    RxQueue(Core core, int index) {
        this.core = core;
        this.index = index;
    }

    /** RXDCTL.ENABLE was set: takes over the ring registers. */
    void enable() {
        RegisterFile regs = core.regs;
        Slots slots = core.slots;
        base = Integer.toUnsignedLong(regs.get(slots.rdbal + index)) | (long) regs.get(slots.rdbah + index) << 32;
        size = regs.get(slots.rdlen + index) / AdvancedRxDescriptor.SIZE;
        head = regs.get(slots.rdh + index);
        port = core.portOf(index);
        badTail = -1;
        int srrctl = regs.get(slots.srrctl + index);
        bufferSize = (srrctl & 0x1F) * 1024; // 82599 §6.6
        enabled = size > 0 && bufferSize > 0 && (srrctl >>> 25 & 7) == 1;
        if (!enabled) {
            core.violation(index, "RXDCTL.ENABLE of queue " + index + " with RDLEN " + 16 * size + " and SRRCTL 0x"
                    + Integer.toHexString(srrctl) + ": wants descriptors, BSIZEPACKET and DESCTYPE 1");
        }
    }

    void disable() {
        enabled = false;
    }

    /** Reset of the owner: registers to default. QDE belongs to the PF and stays. */
    void reset() {
        disable();
        RegisterFile regs = core.regs;
        Slots slots = core.slots;
        regs.set(slots.rdbal + index, 0);
        regs.set(slots.rdbah + index, 0);
        regs.set(slots.rdlen + index, 0);
        regs.set(slots.rdh + index, 0);
        regs.set(slots.rdt + index, 0);
        regs.set(slots.rxdctl + index, 0);
        regs.set(slots.srrctl + index, regs.map().at(slots.srrctl).reset());
    }

    /** Whether frames can be put here at all; if not they are dropped and never block the port. */
    boolean isOpen() {
        return enabled && port.isReady();
    }

    /** Without a descriptor the frame is dropped instead of waiting. */
    boolean dropsWhenFull() {
        return queueDrop || (core.regs.get(core.slots.srrctl + index) & DROP_EN) != 0;
    }

    /** Free descriptors, [RDH, RDT). Acquire: what the driver posted before the tail is visible. */
    int free() {
        int tail = core.regs.getAcquire(core.slots.rdt + index);
        if (tail < 0 || tail >= size) {
            if (tail != badTail) {
                badTail = tail;
                core.violation(index, "RDT " + tail + " of queue " + index + " is outside its ring of " + size);
            }
            return 0;
        }
        int free = tail - head;
        return free < 0 ? free + size : free;
    }
}
