package dev.npa.plugin.broadcom.device;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.DeviceCounter;

/**
 * The statistics blocks of all queues as 64-bit counters. The device writes them about once a second and begins again
 * from 0 when a queue is set up; packet fields have 32 bits and wrap. What was dropped for want of a buffer is in the
 * block's first part too and is taken off. §7
 */
final class DeviceCounters {

    /** Bytes from one queue's block of 152 bytes to the next. */
    static final int STRIDE = 192;

    /** Fields of 32 bits: received (u, b, m), without buffer (u, m, b), sent (u, m, b). */
    private static final int[] NARROW = {8, 24, 40, 80, 84, 88, 136, 140, 144};
    /** Fields of 64 bits in the same order. */
    private static final int[] WIDE = {0, 16, 32, 56, 64, 72, 112, 120, 128};

    private final DmaMemory memory;
    private final int offset;
    private final long[] lastPackets;
    private final long[] lastBytes;
    private final long[] packets = new long[NARROW.length];
    private final long[] bytes = new long[WIDE.length];
    private final long[] reported = new long[DeviceCounter.values().length];

    /** Counters over {@code queues} blocks from {@code offset} on. */
    DeviceCounters(DmaMemory memory, int offset, int queues) {
        this.memory = memory;
        this.offset = offset;
        this.lastPackets = new long[queues * NARROW.length];
        this.lastBytes = new long[queues * WIDE.length];
    }

    /** The device begins again from 0; what it wrote before is kept. Call while no queue is set up. */
    void restart() {
        update();
        for (int i = 0; i < lastPackets.length; i++) {
            lastPackets[i] = 0;
            lastBytes[i] = 0;
        }
        for (int i = 0; i < lastPackets.length / NARROW.length * STRIDE; i += Long.BYTES) {
            memory.putLong(offset + i, 0);
        }
    }

    long read(DeviceCounter counter) {
        update();
        long value = switch (counter) {
            case RX_FRAMES -> sum(packets, 0, 3) - sum(packets, 3, 6);
            case RX_BYTES -> sum(bytes, 0, 3) - sum(bytes, 3, 6);
            case RX_MULTICAST -> sum(packets, 1, 3) - sum(packets, 4, 6);
            case TX_FRAMES -> sum(packets, 6, 9);
            case TX_BYTES -> sum(bytes, 6, 9);
        };
        // The parts of a block are written one after the other: a difference may go back for a moment, a counter not.
        reported[counter.ordinal()] = Math.max(reported[counter.ordinal()], value);
        return reported[counter.ordinal()];
    }

    private static long sum(long[] values, int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum;
    }

    private void update() {
        for (int i = 0; i < lastPackets.length; i++) {
            int field = i % NARROW.length;
            int block = offset + i / NARROW.length * STRIDE;
            long now = Integer.toUnsignedLong(memory.getIntAcquire(block + NARROW[field]));
            packets[field] += now - lastPackets[i] & 0xFFFF_FFFFL;
            lastPackets[i] = now;
            now = memory.getLongAcquire(block + WIDE[field]);
            bytes[field] += now - lastBytes[i];
            lastBytes[i] = now;
        }
    }
}
