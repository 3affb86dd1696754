package dev.npa.plugin.broadcom.device;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.support.Fields;
import dev.npa.plugin.support.SteadyCounter;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.IntToLongFunction;

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
    private final Map<DeviceCounter, SteadyCounter> counters = new EnumMap<>(DeviceCounter.class);

    /** Counters over the blocks from {@code offset} to the end of a window. */
    DeviceCounters(DmaMemory memory, int offset) {
        this.memory = memory;
        this.from = offset;
        for (DeviceCounter counter : DeviceCounter.values()) {
            boolean wide = counter == DeviceCounter.RX_BYTES || counter == DeviceCounter.TX_BYTES;
            counters.put(counter, new SteadyCounter(wide ? Long.SIZE : Integer.SIZE));
        }
    }

    /** The device begins again from 0; what it wrote before is kept. Call while no queue is set up. */
    void restart() {
        for (DeviceCounter counter : DeviceCounter.values()) {
            read(counter);
            counters.get(counter).restart();
        }
        Fields.fill(memory, from, memory.length(), 0);
    }

    /** Fields are of unicast, multicast and broadcast frames: those of all, less those that found no buffer. */
    long read(DeviceCounter counter) {
        return counters.get(counter).update(switch (counter) {
            case RX_FRAMES -> frames(8, 24, 40) - frames(80, 84, 88);
            case RX_BYTES -> bytes(0, 16, 32) - bytes(56, 64, 72);
            case RX_MULTICAST -> frames(24, 40) - frames(84, 88);
            case TX_FRAMES -> frames(136, 140, 144);
            case TX_BYTES -> bytes(112, 120, 128);
        });
    }

    private long frames(int... fields) {
        return sum(memory::getIntAcquire, fields);
    }

    private long bytes(int... fields) {
        return sum(memory::getLongAcquire, fields);
    }

    private long sum(IntToLongFunction read, int... fields) {
        long sum = 0;
        for (int block = from; block < memory.length(); block += STRIDE) {
            for (int field : fields) {
                sum += read.applyAsLong(block + field);
            }
        }
        return sum;
    }
}
