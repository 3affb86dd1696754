package dev.npa.sim.traffic;

import dev.npa.hw.InterruptController;
import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;
import java.util.BitSet;

/** The guest's half of the workload channel, written from docs/workload-channel.md, and an interrupt controller. */
final class FakeGuest implements InterruptController {

    static final long AREA = 0x2000;

    final PhysicalMemory memory;
    private final BitSet pending = new BitSet();
    private RegisterWindow registers;
    private int slots;
    private int slotBytes;
    private int sendHead;
    private int receiveTail;

    FakeGuest(long bytes) {
        memory = PhysicalMemory.allocate(0, bytes);
    }

    void enable(RegisterWindow bar, int vector) {
        registers = bar;
        slots = bar.read32(0x08);
        slotBytes = bar.read32(0x0C);
        memory.fill(AREA, 256 + 2 * slots * slotBytes, (byte) 0);
        sendHead = 0;
        receiveTail = 0;
        bar.write32(0x10, (int) AREA);
        bar.write32(0x14, 0);
        bar.write32(0x1C, vector);
        bar.write32(0x18, 1);
    }

    /** A record, either way. */
    record Record(byte[] frame, int flags, long offload, int lro, int queue) {
        Record(byte[] frame) {
            this(frame, 0, 0, 0, 0);
        }
    }

    private int slotsOf(int length) {
        return (32 + length + slotBytes - 1) / slotBytes;
    }

    /** Looks at the oldest record for sending without taking it; null when there is none. */
    Record peekRecord() {
        if (memory.getIntAcquire(AREA) == sendHead) {
            return null;
        }
        long slot = AREA + 256 + (long) (sendHead & slots - 1) * slotBytes;
        int length = memory.getInt(slot);
        if (length == -1) {
            sendHead += slots - (sendHead & slots - 1);
            return peekRecord();
        }
        byte[] frame = new byte[length];
        memory.copyTo(slot + 32, frame, 0, frame.length);
        return new Record(frame, memory.getInt(slot + 4), memory.getLong(slot + 8), memory.getInt(slot + 16),
                memory.getShort(slot + 20) & 0xFFFF);
    }

    byte[] peekToSend() {
        Record record = peekRecord();
        return record == null ? null : record.frame;
    }

    Record takeRecord() {
        Record record = peekRecord();
        if (record != null) {
            sendHead += slotsOf(record.frame.length);
            memory.putIntRelease(AREA + 0x40, sendHead);
            registers.write32(0x20, 1);
        }
        return record;
    }

    byte[] takeToSend() {
        Record record = takeRecord();
        return record == null ? null : record.frame;
    }

    /** Free slots of the receive ring. */
    int room() {
        return slots - (receiveTail - memory.getIntAcquire(AREA + 0xC0));
    }

    boolean canDeliver() {
        return room() > 0;
    }

    /** Hands a received frame to the channel; false if the ring has no room. */
    boolean deliver(byte[] frame) {
        return deliver(new Record(frame));
    }

    boolean deliver(Record record) {
        int at = receiveTail & slots - 1;
        int need = slotsOf(record.frame.length);
        boolean wraps = at + need > slots;
        if (need + (wraps ? slots - at : 0) > room()) {
            return false;
        }
        if (wraps) {
            memory.putInt(AREA + 256 + (long) (slots + at) * slotBytes, -1);
            receiveTail += slots - at;
        }
        put(record, record.frame.length);
        publish(need);
        return true;
    }

    /** Writes a record at the tail without publishing it. */
    void put(Record record, int claimedLength) {
        long slot = AREA + 256 + (long) (slots + (receiveTail & slots - 1)) * slotBytes;
        memory.putInt(slot, claimedLength);
        memory.putInt(slot + 4, record.flags);
        memory.putLong(slot + 8, record.offload);
        memory.putInt(slot + 16, record.lro);
        memory.putInt(slot + 20, record.queue);
        memory.copyFrom(slot + 32, record.frame, 0, record.frame.length);
    }

    void publish(int count) {
        receiveTail += count;
        memory.putIntRelease(AREA + 0x80, receiveTail);
    }

    /** Hands over a one-slot record that claims another length. */
    boolean deliver(byte[] frame, int claimedLength) {
        if (!canDeliver()) {
            return false;
        }
        put(new Record(frame), claimedLength);
        publish(1);
        return true;
    }

    @Override
    public synchronized void raise(int vector) {
        pending.set(vector);
    }

    @Override
    public synchronized boolean isPending() {
        return !pending.isEmpty();
    }

    @Override
    public synchronized int take() {
        int vector = pending.nextSetBit(0);
        if (vector >= 0) {
            pending.clear(vector);
        }
        return vector;
    }
}
