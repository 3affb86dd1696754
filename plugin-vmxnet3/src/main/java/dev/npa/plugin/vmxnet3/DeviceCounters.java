package dev.npa.plugin.vmxnet3;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.vmxnet3.control.QueueTable;

/**
 * Sums of the queues' UPT1 statistics blocks. The device counts from each activation, the sums go on over stop and
 * start. What was cut by TSO is among the frames of its kind of address; TSOPktsTxOK says how many of those, again. §8
 */
final class DeviceCounters {

    // Offsets of packet counts in a block; the byte count follows each.
    private static final int UNICAST = 16;
    private static final int MULTICAST = 32;
    private static final int BROADCAST = 48;
    private static final int BYTES = 8;

    private final DmaMemory table;
    private final int txQueues;
    private final int queues;
    /** Of earlier activations, by ordinal. */
    private final long[] before = new long[DeviceCounter.values().length];

    DeviceCounters(DmaMemory table, int txQueues, int rxQueues) {
        this.table = table;
        this.txQueues = txQueues;
        this.queues = txQueues + rxQueues;
    }

    /** Reads what the device wrote last. */
    long read(DeviceCounter counter) {
        return before[counter.ordinal()] + switch (counter) {
            case RX_FRAMES -> all(txQueues, queues, 0);
            case RX_BYTES -> all(txQueues, queues, BYTES);
            case RX_MULTICAST -> sum(txQueues, queues, MULTICAST) + sum(txQueues, queues, BROADCAST);
            case TX_FRAMES -> all(0, txQueues, 0);
            case TX_BYTES -> all(0, txQueues, BYTES);
        };
    }

    /** The activation ends: what it counted is kept. */
    void keep() {
        for (DeviceCounter counter : DeviceCounter.values()) {
            before[counter.ordinal()] = read(counter);
        }
        for (int q = 0; q < queues; q++) {
            QueueTable.clear(table, QueueTable.tx(q));
        }
    }

    private long all(int from, int to, int field) {
        return sum(from, to, UNICAST + field) + sum(from, to, MULTICAST + field) + sum(from, to, BROADCAST + field);
    }

    private long sum(int from, int to, int field) {
        long sum = 0;
        for (int q = from; q < to; q++) {
            sum += table.getLong(QueueTable.tx(q) + QueueTable.STATISTICS + field);
        }
        return sum;
    }
}
