package dev.npa.pf.broadcom;

import dev.npa.hw.DmaMemory;
import dev.npa.pf.broadcom.hsi.ClientSetup;
import dev.npa.pf.broadcom.hsi.RamrodCqe;
import dev.npa.pf.broadcom.hsi.RuleSet;
import dev.npa.plugin.broadcom.regs.PageChain;

/**
 * The PF's leading client: a queue pair that never carries a packet. Its completion ring takes the completions of queue
 * ramrods, so that the rings that carry packets have none among them. §5.3, §8
 */
final class LeadingQueue {

    static final int CID = 0;

    private static final int SLOTS = PageChain.RCQ.perPage();
    /** Completions that the device may write before the driver has looked; one ramrod is pending at a time. */
    private static final int AHEAD = SLOTS / 2;

    private final Registers registers;
    private final DmaMemory rcq;
    private final DmaMemory bds;
    private final DmaMemory txBds;
    private final int client;
    private int consumer;

    /** Takes a page for each ring. */
    LeadingQueue(Registers registers, DmaMemory rcq, DmaMemory bds, DmaMemory txBds, int client) {
        this.registers = registers;
        this.rcq = rcq;
        this.bds = bds;
        this.txBds = txBds;
        this.client = client;
    }

    int client() {
        return client;
    }

    /** Links the pages onto themselves and marks every completion as not written. */
    void prepare() {
        for (int at = 0; at < rcq.length(); at += Long.BYTES) {
            rcq.putLong(at, RamrodCqe.SEED);
        }
        PageChain.RCQ.link(rcq);
        PageChain.RX_BD.link(bds);
        PageChain.TX_BD.link(txBds);
    }

    /** What its CLIENT_SETUP says. */
    ClientSetup setup(int mtu, int function) {
        return new ClientSetup(new ClientSetup.General(client, client, mtu, function),
                new ClientSetup.Rx(0, 6, 0, client, client, false, 0, 64, 0, function, function,
                        bds.address(), 0, rcq.address(), true, 0, RuleSet.DROP_ALL, 0),
                new ClientSetup.Tx(false, client, client, false, false, 0, txBds.address()));
    }

    /** Hands completion slots to the device; there are no buffers, so no packet can be placed. */
    void giveSlots() {
        registers.write(Grc.rxProducers(client), consumer + AHEAD & 0xFFFF);
        registers.write(Grc.rxProducers(client) + 4, 0);
    }

    /** Looks for the completion of a ramrod: 1 done, 0 not there, -1 refused. */
    int takeCompletion(int cid, int command) {
        int result = 0;
        int at = (consumer & SLOTS - 1) << RamrodCqe.SHIFT;
        while (result == 0 && rcq.getIntAcquire(at + RamrodCqe.MARKER) == 0) {
            long q0 = rcq.getLong(at);
            boolean mine = RamrodCqe.isOf(q0, cid, command);
            result = !mine ? 0 : RamrodCqe.isError(q0) ? -1 : 1;
            rcq.putInt(at + RamrodCqe.MARKER, RamrodCqe.SEED);
            consumer = PageChain.nextCqe(consumer) & 0xFFFF;
            at = (consumer & SLOTS - 1) << RamrodCqe.SHIFT;
            giveSlots();
        }
        return result;
    }
}
