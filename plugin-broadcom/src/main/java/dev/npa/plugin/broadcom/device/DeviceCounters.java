package dev.npa.plugin.broadcom.device;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.DeviceCounter;
import java.util.Arrays;

/**
 * The statistics blocks of all queues as 64-bit counters. The device writes them about once a second and begins again
 * from 0 when a queue is set up; packet fields have 32 bits and wrap. What was dropped for want of a buffer is in the
 * block's first part too and is taken off. §7
 */
final class DeviceCounters {

    /** Bytes from one queue's block of 152 bytes to the next. */
    static final int STRIDE = 192;

    private final DmaMemory memory;
    private final int from;
    private final long[] last = new long[DeviceCounter.values().length];
    private final long[] total = new long[last.length];

    /** Counters over the blocks from {@code offset} to the end of a window. */
    DeviceCounters(DmaMemory memory, int offset) {
        this.memory = memory;
        this.from = offset;
    }

    /** The device begins again from 0; what it wrote before is kept. Call while no queue is set up. */
    void restart() {
        for (DeviceCounter counter : DeviceCounter.values()) {
            read(counter);
        }
        Arrays.fill(last, 0);
        for (int at = from; at < memory.length(); at += Long.BYTES) {
            memory.putLong(at, 0);
        }
    }

    /** Fields are of unicast, multicast and broadcast frames: those of all, less those that found no buffer. */
    long read(DeviceCounter counter) {
        return switch (counter) {
            case RX_FRAMES -> frames(counter, sum(false, 8, 24, 40) - sum(false, 80, 84, 88));
            case RX_BYTES -> count(counter, sum(true, 0, 16, 32) - sum(true, 56, 64, 72));
            case RX_MULTICAST -> frames(counter, sum(false, 24, 40) - sum(false, 84, 88));
            case TX_FRAMES -> frames(counter, sum(false, 136, 140, 144));
            case TX_BYTES -> count(counter, sum(true, 112, 120, 128));
        };
    }

    private long sum(boolean wide, int... fields) {
        long sum = 0;
        for (int block = from; block < memory.length(); block += STRIDE) {
            for (int field : fields) {
                sum += wide ? memory.getLongAcquire(block + field) : memory.getIntAcquire(block + field);
            }
        }
        return sum;
    }

    /** A sum of 32-bit fields wraps as they do; it grows by less than 2^31 between two readings. */
    private long frames(DeviceCounter counter, long reading) {
        long before = last[counter.ordinal()];
        return count(counter, before + (int) (reading - before));
    }

    /** The parts of a block are written one after the other: a difference may go back for a moment, a counter not. */
    private long count(DeviceCounter counter, long reading) {
        int i = counter.ordinal();
        if (reading > last[i]) {
            total[i] += reading - last[i];
            last[i] = reading;
        }
        return total[i];
    }
}
