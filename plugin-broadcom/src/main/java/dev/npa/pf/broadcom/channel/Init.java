package dev.npa.pf.broadcom.channel;

import dev.npa.hw.DmaMemory;

/**
 * INIT: where a VF's status blocks and statistics are. §9.3
 *
 * @param statusBlocks 16 addresses, in the order of the VF's blocks
 * @param statistics address of queue 0's statistics; 0 = none
 * @param stride bytes to the next queue's
 */
public record Init(long[] statusBlocks, long statistics, int stride) {

    /** Bytes of the TLV. */
    public static final int BYTES = 168;

    public static Init read(DmaMemory m) {
        long[] blocks = new long[16];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = m.getLong(8 + 8 * i);
        }
        return new Init(blocks, m.getLong(144), Acquire.u16(m, 152));
    }
}
