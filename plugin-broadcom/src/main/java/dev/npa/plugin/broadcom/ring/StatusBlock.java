package dev.npa.plugin.broadcom.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.support.Fields;

/** A host status block of 64 bytes, which the device writes. Every read has acquire semantics. §6.1 */
public final class StatusBlock {

    /** Bytes of a block. */
    public static final int BYTES = 64;
    /** Index of the receive completions, as given when a queue is set up. */
    public static final int RX_INDEX = 1;
    /** Index of the transmit packets. */
    public static final int TX_INDEX = 5;

    private static final int RUNNING_INDEX = 16;

    private final DmaMemory memory;
    private final int offset;

    /**
     * A block in a DMA window.
     *
     * @param offset of its first byte, a multiple of 64
     */
    public StatusBlock(DmaMemory memory, int offset) {
        this.memory = memory;
        this.offset = offset;
    }

    /** Address for the device. */
    public long address() {
        return memory.address() + offset;
    }

    /** The device's position in the completion queue, 16 bits. */
    int rxIndex() {
        return memory.getIntAcquire(offset + 2 * (RX_INDEX - 1)) >>> 16;
    }

    /** Packets sent since the queue was set up, 16 bits. */
    int txIndex() {
        return memory.getIntAcquire(offset + 2 * (TX_INDEX - 1)) >>> 16;
    }

    /** Number of updates of the block, 16 bits; what an interrupt ack echoes. */
    public int runningIndex() {
        return memory.getIntAcquire(offset + RUNNING_INDEX) & 0xFFFF;
    }

    /** Zeroes the block. */
    public void clear() {
        Fields.fill(memory, offset, offset + BYTES, 0);
    }
}
