package dev.npa.plugin.broadcom.device;

import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.broadcom.regs.VfBar;
import dev.npa.plugin.broadcom.ring.RxRing;
import dev.npa.plugin.broadcom.ring.StatusBlock;
import dev.npa.plugin.broadcom.ring.TxRing;

/**
 * A transmit and a receive ring with their status block and interrupt. There is no cause register: a block fired if it
 * was updated since the index that was acknowledged last. §6.4
 */
final class QueuePair {

    final StatusBlock block;
    final TxRing tx;
    final RxRing rx;
    private final RegisterWindow registers;
    private final int ack;
    private int acknowledged;
    private boolean armed;

    /**
     * A pair at rest.
     *
     * @param number absolute number of the status block
     */
    QueuePair(RegisterWindow registers, int number, StatusBlock block, TxRing tx, RxRing rx) {
        this.registers = registers;
        this.ack = VfBar.iguAck(number);
        this.block = block;
        this.tx = tx;
        this.rx = rx;
    }

    /** Empties the rings and the status block; the queue is not set up. */
    void prepare() {
        block.clear();
        tx.prepare();
        rx.prepare();
        acknowledged = 0;
        armed = false;
    }

    /** Unmasks the interrupt. With work there already, an older index is acknowledged, so that it fires at once. */
    void unmask() {
        int seen = block.runningIndex(); // before the look for work: what comes after it is another update
        boolean pending = rx.isPending() || tx.isPending();
        acknowledged = pending ? seen - 1 & 0xFFFF : seen;
        armed = true;
        registers.write32(ack, VfBar.iguEnable(acknowledged));
    }

    /** Masks the interrupt. If its message is already under way, {@link #fired} still reports it. */
    void mask() {
        armed &= isUpdated();
        registers.write32(ack, VfBar.iguDisable());
    }

    /** Whether the block sent its message since it was unmasked; then it is masked. */
    boolean fired() {
        boolean fired = armed && isUpdated();
        if (fired) {
            armed = false;
            registers.write32(ack, VfBar.iguDisable());
        }
        return fired;
    }

    private boolean isUpdated() {
        return block.runningIndex() != acknowledged;
    }

    /** Accepts no more packets and posts no more buffers. */
    void refuseAll() {
        tx.refuseAll();
        rx.stopRefill();
    }

    /** After the queue is gone: settles completions and gives buffers back. */
    void end() {
        armed = false;
        tx.end();
        rx.end();
    }
}
