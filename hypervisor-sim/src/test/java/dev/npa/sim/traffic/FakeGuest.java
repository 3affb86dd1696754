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

    /** Looks at the oldest record for sending without taking it; null when there is none. */
    byte[] peekToSend() {
        if (memory.getIntAcquire(AREA) == sendHead) {
            return null;
        }
        long slot = AREA + 256 + (long) (sendHead & slots - 1) * slotBytes;
        byte[] frame = new byte[memory.getInt(slot)];
        memory.copyTo(slot + 16, frame, 0, frame.length);
        return frame;
    }

    byte[] takeToSend() {
        byte[] frame = peekToSend();
        if (frame != null) {
            memory.putIntRelease(AREA + 0x40, ++sendHead);
            registers.write32(0x20, 1);
        }
        return frame;
    }

    boolean canDeliver() {
        return receiveTail - memory.getIntAcquire(AREA + 0xC0) < slots;
    }

    /** Hands a received frame to the channel; false if the ring is full. */
    boolean deliver(byte[] frame) {
        return deliver(frame, frame.length);
    }

    boolean deliver(byte[] frame, int claimedLength) {
        if (!canDeliver()) {
            return false;
        }
        long slot = AREA + 256 + (long) (slots + (receiveTail & slots - 1)) * slotBytes;
        memory.putInt(slot, claimedLength);
        memory.copyFrom(slot + 16, frame, 0, frame.length);
        memory.putIntRelease(AREA + 0x80, ++receiveTail);
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
