package dev.npa.benchmarks;

import dev.npa.benchmarks.device.FakeDevice;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.runtime.memory.PacketPool;

/**
 * The least that a driver of any NIC with 16-byte descriptors does for a packet, without shell, plugin or device:
 * writes transmit descriptors and scans their completions, scans receive descriptors and posts them again, with one
 * fence a burst. It is the yardstick: a machine or a JVM that is slower is slower here too.
 */
final class MinimalDriver {

    private static final int SIZE = FakeDevice.MOST;
    private static final int MASK = SIZE - 1;
    private static final int SHIFT = 4;
    private static final int BUFFERS = SIZE;
    private static final long COMMAND = 0x2B00_0000L;
    private static final long BASE = 1L << 32;
    private static final long BYTES = 4L << 20;
    private static final int RINGS = 1 << 20;

    private final PhysicalMemory memory = PhysicalMemory.allocate(BASE, BYTES);
    private final DmaMemory txRing = memory.window(BASE + RINGS, SIZE << SHIFT);
    private final DmaMemory rxRing = memory.window(BASE + 2 * RINGS, SIZE << SHIFT);
    private final long[] buffer = new long[BUFFERS];
    private final long[] address = new long[SIZE];
    private final int[] length = new int[SIZE];
    private int txTail;
    private int txHead;
    private int rxNext;

    MinimalDriver() {
        // The upper half of the memory: buffers in the shell's stride.
        for (int i = 0; i < BUFFERS; i++) {
            buffer[i] = BASE + BYTES / 2 + (long) i * PacketPool.STRIDE;
        }
    }

    /** Sends a burst of frames; returns a word that depends on all that was read. */
    long tx(int burst) {
        for (int i = 0; i < burst; i++) {
            address[i] = buffer[txTail + i & MASK];
            length[i] = FakeDevice.FRAME;
        }
        post(burst);
        return complete(burst);
    }

    /** Receives a burst of frames. */
    long rx(int burst) {
        long seen = collect(burst);
        for (int i = 0; i < burst; i++) {
            seen += address[i] + length[i];
        }
        return seen;
    }

    /** Receives, changes the first bytes, and sends. */
    long forward(int burst) {
        long seen = collect(burst);
        for (int i = 0; i < burst; i++) {
            memory.putLong(address[i], Rounds.touched(memory.getLong(address[i])));
        }
        post(burst);
        return seen + complete(burst);
    }

    private void post(int burst) {
        int tail = txTail;
        for (int i = 0; i < burst; i++) {
            int at = tail << SHIFT;
            txRing.putLong(at, address[i]);
            txRing.putLong(at + 8, COMMAND | length[i]);
            tail = tail + 1 & MASK;
        }
        DmaMemory.releaseFence(); // where the doorbell would be
        txTail = tail;
    }

    private long complete(int burst) {
        long seen = 0;
        int head = txHead;
        for (int i = 0; i < burst; i++) {
            seen += txRing.getLong((head << SHIFT) + 8);
            head = head + 1 & MASK;
        }
        DmaMemory.acquireFence(); // one for all completions
        txHead = head;
        return seen;
    }

    private long collect(int burst) {
        long seen = 0;
        int next = rxNext;
        for (int i = 0; i < burst; i++) {
            seen += rxRing.getLong((next << SHIFT) + 8);
            next = next + 1 & MASK;
        }
        DmaMemory.acquireFence(); // one for all status words
        next = rxNext;
        for (int i = 0; i < burst; i++) {
            int at = next << SHIFT;
            address[i] = buffer[next];
            length[i] = (int) (rxRing.getLong(at + 8) >>> 32) | FakeDevice.FRAME;
            rxRing.putLong(at, buffer[next]);
            rxRing.putLong(at + 8, 0);
            next = next + 1 & MASK;
        }
        DmaMemory.releaseFence(); // where the doorbell would be
        rxNext = next;
        return seen;
    }
}
