package dev.npa.pf.broadcom;

import dev.npa.hw.DmaMemory;

/** The slow path's status block: attention bits, running index, indices. */
final class SlowPathStatus {

    /** Bytes of the block. */
    static final int BYTES = 64;
    private static final int ATTENTION = 0;
    private static final int ATTENTION_ACK = 4;
    private static final int RUNNING = 8;
    private static final int INDICES = 16;

    /** Attention of a link change. */
    static final int LINK = 1;

    private final DmaMemory block;

    SlowPathStatus(DmaMemory block) {
        this.block = block;
    }

    void program(Registers registers) {
        registers.write64(Grc.defaultStatusBlock(registers.pf()), block.address());
    }

    /** A free-running 16-bit count. */
    int index(int which) {
        return block.getShort(INDICES + 2 * which) & 0xFFFF;
    }

    int runningIndex() {
        return block.getShort(RUNNING) & 0xFFFF;
    }

    /** Attention bits that toggled since they were last taken. */
    int takeAttention() {
        int bits = block.getInt(ATTENTION);
        int changed = bits ^ block.getInt(ATTENTION_ACK);
        if (changed != 0) {
            block.putInt(ATTENTION_ACK, bits);
        }
        return changed;
    }
}
