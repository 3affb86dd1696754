package dev.npa.plugin.vmxnet3;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.vmxnet3.control.QueueTable;
import java.util.EnumMap;
import java.util.Map;

/**
 * Sums of the queues' UPT1 statistics blocks. The device counts from each activation, the sums go on over stop and
 * start. What was cut by TSO is among the frames of its kind of address; TSOPktsTxOK says how many of those, again. §8
 */
final class DeviceCounters {

    private static final int UNICAST = 2;
    private static final int MULTICAST = 4;
    private static final int BROADCAST = 6;

    private final DmaMemory table;
    private final int txQueues;
    private final int rxQueues;
    /** Of earlier activations. */
    private final Map<DeviceCounter, Long> before = new EnumMap<>(DeviceCounter.class);

    DeviceCounters(DmaMemory table, int txQueues, int rxQueues) {
        this.table = table;
        this.txQueues = txQueues;
        this.rxQueues = rxQueues;
    }

    /** Reads what the device wrote last. */
    long read(DeviceCounter counter) {
        return before.getOrDefault(counter, 0L) + current(counter);
    }

    /** The activation ends: what it counted is kept. */
    void keep() {
        for (DeviceCounter counter : DeviceCounter.values()) {
            before.put(counter, read(counter));
        }
        for (int q = 0; q < txQueues + rxQueues; q++) {
            Rings.clear(table, QueueTable.tx(q) + QueueTable.STATISTICS, 80);
        }
    }

    private long current(DeviceCounter counter) {
        return switch (counter) {
            case RX_FRAMES -> received(UNICAST) + received(MULTICAST) + received(BROADCAST);
            case RX_BYTES -> received(UNICAST + 1) + received(MULTICAST + 1) + received(BROADCAST + 1);
            case RX_MULTICAST -> received(MULTICAST) + received(BROADCAST);
            case TX_FRAMES -> sent(UNICAST) + sent(MULTICAST) + sent(BROADCAST);
            case TX_BYTES -> sent(UNICAST + 1) + sent(MULTICAST + 1) + sent(BROADCAST + 1);
        };
    }

    private long received(int index) {
        long sum = 0;
        for (int q = 0; q < rxQueues; q++) {
            sum += table.getLong(QueueTable.rx(txQueues, q) + QueueTable.STATISTICS + 8 * index);
        }
        return sum;
    }

    private long sent(int index) {
        long sum = 0;
        for (int q = 0; q < txQueues; q++) {
            sum += table.getLong(QueueTable.tx(q) + QueueTable.STATISTICS + 8 * index);
        }
        return sum;
    }
}
