package dev.npa.sim.nic.intel;

import dev.npa.hw.PhysicalMemory;
import dev.npa.sim.machine.DmaPort;

/** A receive queue: its ring and what SRRCTL says of it. */
public final class RxQueue {

    public final int index;
    private final IntelCore core;

    public boolean enabled;
    long base;
    int size;
    int head;
    int bufferSize;
    DmaPort port;
    /** 82599 QDE, an indirect register: drop without descriptors, hide the VLAN tag. */
    public boolean queueDrop;
    public boolean hideVlan;

    /** Memory of the ring, if all of it is mapped; for one turn of the device. */
    PhysicalMemory ring;
    int turn = -1;
    /** A descriptor was completed since the last interrupt cause. */
    boolean indicated;
    private int badTail = -1;
    /** The tail as it was last read, between the ring's bounds; there are descriptors up to it at least. */
    private int tail;

    RxQueue(IntelCore core, int index) {
        this.core = core;
        this.index = index;
    }

    /** RXDCTL.ENABLE was set: takes over the ring registers. */
    void enable() {
        RegisterFile regs = core.regs;
        QueueSlots slots = core.queueSlots;
        base = Integer.toUnsignedLong(regs.get(slots.rdbal + index)) | (long) regs.get(slots.rdbah + index) << 32;
        size = regs.get(slots.rdlen + index) / AdvancedRxDescriptor.SIZE;
        head = regs.get(slots.rdh + index);
        port = core.portOf(index);
        badTail = -1;
        tail = head;
        turn = -1;
        int srrctl = regs.get(slots.srrctl + index);
        bufferSize = core.bufferBytes(srrctl);
        enabled = size > 0 && bufferSize > 0 && (srrctl >>> 25 & 7) == 1;
        if (!enabled) {
            core.violation(index, "RXDCTL.ENABLE of queue " + index + " with RDLEN " + 16 * size + " and SRRCTL 0x"
                    + Integer.toHexString(srrctl) + ": wants descriptors, BSIZEPACKET and DESCTYPE 1");
        }
    }

    /** Memory of a descriptor, which the device may read or write. */
    PhysicalMemory descriptor(long address, int permission) {
        return ring != null ? ring : port.reach(address, AdvancedRxDescriptor.SIZE, permission);
    }

    /** Looks once a turn whether the whole ring can be reached. */
    void look(int newTurn) {
        if (turn != newTurn) {
            turn = newTurn;
            ring = port.ring(base, (long) size * AdvancedRxDescriptor.SIZE);
        }
    }

    public void disable() {
        enabled = false;
    }

    /** Reset of the owner: registers to default. QDE belongs to the PF and stays. */
    public void reset() {
        disable();
        RegisterFile regs = core.regs;
        QueueSlots slots = core.queueSlots;
        regs.set(slots.rdbal + index, 0);
        regs.set(slots.rdbah + index, 0);
        regs.set(slots.rdlen + index, 0);
        regs.set(slots.rdh + index, 0);
        regs.set(slots.rdt + index, 0);
        regs.set(slots.rxdctl + index, regs.map().at(slots.rxdctl).reset());
        regs.set(slots.srrctl + index, regs.map().at(slots.srrctl).reset());
    }

    /** Whether frames can be put here at all; if not they are dropped and never block the port. */
    boolean isOpen() {
        return enabled && port.isReady();
    }

    /** Without a descriptor the frame is dropped instead of waiting. */
    boolean dropsWhenFull() {
        return core.dropsWhenFull(this);
    }

    /** Whether there are so many free descriptors, [RDH, RDT). The tail is read only when they would not do. */
    boolean hasFree(int need) {
        return behind(tail) >= need || free() >= need;
    }

    /** Free descriptors now. Acquire: what the driver posted before the tail is visible. */
    int free() {
        int now = core.regs.getAcquire(core.queueSlots.rdt + index);
        if (now < 0 || now >= size) {
            if (now != badTail) {
                badTail = now;
                core.violation(index, "RDT " + now + " of queue " + index + " is outside its ring of " + size);
            }
            return 0;
        }
        tail = now;
        return behind(now);
    }

    private int behind(int position) {
        int free = position - head;
        return free < 0 ? free + size : free;
    }
}
