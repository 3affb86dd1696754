package dev.npa.plugin.broadcom.device;

import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.broadcom.regs.VfBar;
import dev.npa.plugin.broadcom.ring.StatusBlock;

/**
 * Interrupts of the queue pairs, one status block and one vector each, steered by ack words. There is no cause register:
 * a block fired if it was updated since the index that was acknowledged last. §6.4
 */
final class Interrupts {

    private final RegisterWindow registers;
    private final StatusBlock[] blocks;
    private final int[] ack;
    private final int[] acknowledged;
    private final boolean[] armed;

    /**
     * Interrupts that are masked.
     *
     * @param numbers absolute number of each status block
     */
    Interrupts(RegisterWindow registers, StatusBlock[] blocks, int[] numbers) {
        this.registers = registers;
        this.blocks = blocks;
        this.ack = new int[blocks.length];
        this.acknowledged = new int[blocks.length];
        this.armed = new boolean[blocks.length];
        for (int q = 0; q < blocks.length; q++) {
            ack[q] = VfBar.iguAck(numbers[q]);
        }
    }

    /** Masks all blocks and forgets what they told. */
    void disableAll() {
        for (int q = 0; q < blocks.length; q++) {
            armed[q] = false;
            acknowledged[q] = 0;
            registers.write32(ack[q], VfBar.iguDisable());
        }
    }

    /** Running index up to which work is visible to who looks now. */
    int seen(int q) {
        return blocks[q].runningIndex();
    }

    /**
     * Unmasks a block.
     *
     * @param seen running index read before looking for work
     * @param pending whether there was work: then an older index is acknowledged, and the block fires at once
     */
    void enable(int q, int seen, boolean pending) {
        acknowledged[q] = pending ? seen - 1 & 0xFFFF : seen;
        armed[q] = true;
        registers.write32(ack[q], VfBar.iguEnable(acknowledged[q]));
    }

    /** Masks a block. If its message is already under way, {@link #fired} still reports it. */
    void disable(int q) {
        armed[q] &= isUpdated(q);
        registers.write32(ack[q], VfBar.iguDisable());
    }

    /** Whether the block sent its message since it was unmasked; then it is masked. */
    boolean fired(int q) {
        if (!armed[q] || !isUpdated(q)) {
            return false;
        }
        armed[q] = false;
        registers.write32(ack[q], VfBar.iguDisable());
        return true;
    }

    private boolean isUpdated(int q) {
        return blocks[q].runningIndex() != acknowledged[q];
    }
}
