package dev.npa.plugin.vmxnet3.control;

import dev.npa.hw.DmaMemory;

/**
 * Layout of the queue descriptor table (fact sheet §8): transmit queue descriptors, then receive queue descriptors, 256
 * bytes each. Field offsets are from the start of a descriptor.
 */
public final class QueueTable {

    /** Bytes of a descriptor. */
    public static final int DESCRIPTOR = 256;
    /** Alignment of the table. */
    public static final int ALIGNMENT = 128;
    /** Most transmit queues, and most receive queues, that every device takes. */
    public static final int MAX_QUEUES = 8;
    /** Bytes of the largest table. */
    public static final int SIZE = 2 * MAX_QUEUES * DESCRIPTOR;

    /** Transmit: packets queued since the last doorbell, u32. */
    public static final int TX_NUM_DEFERRED = 0x00;
    /** Transmit: from how many deferred packets on the device wants a doorbell, u32, written by the device. */
    public static final int TX_THRESHOLD = 0x04;
    public static final int TX_RING_BASE = 0x10;
    public static final int TX_COMP_RING_BASE = 0x20;
    public static final int TX_RING_SIZE = 0x38;
    public static final int TX_COMP_RING_SIZE = 0x40;

    /** Receive: not 0 when the device wants doorbells, u8, written by the device. */
    public static final int RX_UPDATE_RX_PROD = 0x00;
    public static final int RX_RING_BASE_0 = 0x10;
    public static final int RX_RING_BASE_1 = 0x18;
    public static final int RX_COMP_RING_BASE = 0x20;
    public static final int RX_RING_SIZE_0 = 0x38;
    public static final int RX_RING_SIZE_1 = 0x3C;
    public static final int RX_COMP_RING_SIZE = 0x40;

    /** Either: the driver's own; all ones = nothing. */
    public static final int DD_PA = 0x28;
    /** Either: interrupt vector, u8. */
    public static final int INTR_IDX = 0x48;
    /** Either: not 0 when the device stopped the queue, u8, written on GET_QUEUE_STATUS. */
    public static final int STATUS_STOPPED = 0x50;
    /** Either: why, u32. */
    public static final int STATUS_ERROR = 0x54;

    /** Either: the statistics block, ten u64, written on GET_STATS. §8 */
    public static final int STATISTICS = 0x58;

    private QueueTable() {}

    /** Offset of a transmit queue's descriptor in the table. */
    public static int tx(int queue) {
        return queue * DESCRIPTOR;
    }

    /** Offset of a receive queue's descriptor in a table with {@code txQueues} transmit queues. */
    public static int rx(int txQueues, int queue) {
        return (txQueues + queue) * DESCRIPTOR;
    }

    /** Zeroes the descriptor at an offset. */
    public static void clear(DmaMemory table, int descriptor) {
        for (int at = descriptor; at < descriptor + DESCRIPTOR; at += Long.BYTES) {
            table.putLong(at, 0);
        }
    }
}
