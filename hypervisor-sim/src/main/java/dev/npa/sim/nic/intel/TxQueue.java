package dev.npa.sim.nic.intel;

import dev.npa.hw.PhysicalMemory;
import dev.npa.sim.machine.DmaPort;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A transmit queue: its ring, its two context slots, and the packet that waits to leave. */
public final class TxQueue {

    /** Room before the packet for an inserted VLAN tag. */
    static final int HEADROOM = 16;

    private static final int SMALL = 17 * 1024;
    private static final int LARGE = 256 * 1024 + 1024;

    public final int index;
    private final IntelCore core;

    public boolean enabled;
    long base;
    int size;
    int head;
    DmaPort port;

    /** q0 and q1 of both context slots, and which of them were loaded since the queue was enabled. */
    final long[] context = new long[4];
    int contexts;

    /** Bytes of the packet in hand, from {@link #start}. */
    ByteBuffer packet;
    boolean held;
    int start;
    int length;
    /** First data descriptor's q1, which has the options. */
    public long options;
    /** The packet is dropped instead of sent. */
    public boolean drop;
    /** Ring index behind the packet, and the ring index of its last descriptor. */
    int nextHead;
    int last;
    boolean report;
    /** Segments of a TSO packet that have left. */
    int segment;
    /** Length of a frame that the wire could not take; 0 if none waits for the wire. */
    int waitsForWire;
    /** A local ring could not take the frame: which, and how many descriptors it needs. */
    boolean waitsForRing;
    RxQueue fullRing;
    int fullNeed;
    /** A completion was written since the last interrupt cause. */
    boolean indicated;
    /** What registers say of this queue, for one burst: its pool, and whether pools are told apart at all. */
    int pool;
    boolean virtualised;
    /** Memory of the ring, if all of it is mapped; for one burst. */
    PhysicalMemory ring;
    /** VMVIR of the pool, and the length that short frames are padded to. */
    int vmvir;
    int padTo;
    /** A tail that was complained about. */
    int badTail = -1;

    /** Rate limit, 82599 §12, 82576 §9: factor with 14 fraction bits, 0 for none; and when the queue may send again. */
    public int rateFactor;
    long eligibleAt;

    TxQueue(IntelCore core, int index) {
        this.core = core;
        this.index = index;
    }

    /** Memory of a descriptor, which the device may read or write. */
    PhysicalMemory descriptor(long address, int permission) {
        return ring != null ? ring : port.reach(address, AdvancedTxDescriptor.SIZE, permission);
    }

    /** TXDCTL.ENABLE was set: takes over the ring registers. */
    void enable() {
        RegisterFile regs = core.regs;
        QueueSlots slots = core.queueSlots;
        base = Integer.toUnsignedLong(regs.get(slots.tdbal + index)) | (long) regs.get(slots.tdbah + index) << 32;
        size = regs.get(slots.tdlen + index) / AdvancedTxDescriptor.SIZE;
        head = regs.get(slots.tdh + index);
        port = core.portOf(index);
        if (packet == null) {
            packet = buffer(SMALL);
        }
        enabled = true;
        core.txEnabled.set(index, true);
        if (size == 0) {
            core.violation(index, "TXDCTL.ENABLE of queue " + index + " with TDLEN 0");
        }
    }

    /** Forgets the packet in hand and the contexts. */
    public void disable() {
        enabled = false;
        core.txEnabled.set(index, false);
        held = false;
        contexts = 0;
        waitsForWire = 0;
        waitsForRing = false;
        badTail = -1;
        eligibleAt = 0;
    }

    /** Reset of the owner: registers to default, except TDWBAL and TDWBAH, 82599 §8, 82576 §4.4. */
    public void reset() {
        disable();
        RegisterFile regs = core.regs;
        QueueSlots slots = core.queueSlots;
        regs.set(slots.tdbal + index, 0);
        regs.set(slots.tdbah + index, 0);
        regs.set(slots.tdlen + index, 0);
        regs.set(slots.tdh + index, 0);
        regs.set(slots.tdt + index, 0);
        regs.set(slots.txdctl + index, regs.map().at(slots.txdctl).reset());
    }

    /** Makes room for a segmentation packet; kept from then on. */
    void grow() {
        if (packet.capacity() < LARGE) {
            ByteBuffer larger = buffer(LARGE);
            larger.put(0, packet, 0, packet.capacity());
            packet = larger;
        }
    }

    static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
