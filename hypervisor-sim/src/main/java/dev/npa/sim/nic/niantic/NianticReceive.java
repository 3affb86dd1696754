package dev.npa.sim.nic.niantic;

import dev.npa.sim.nic.intel.AdvancedRxDescriptor;
import dev.npa.sim.nic.intel.FrameInfo;
import dev.npa.sim.nic.intel.RxEngine;
import dev.npa.sim.nic.intel.RxQueue;

/** The 82599's receive registers and descriptor bits, 82599 §6.5, §10 and §11. */
final class NianticReceive extends RxEngine {

    private static final int VME = 1 << 30;
    private static final int JUMBOEN = 1 << 2;
    private static final int CRCSTRIP = 1 << 1;
    private static final int STANDARD = 1518;
    private static final long TCPE = 1L << 30;
    private static final long IPE = 1L << 31;

    private final Core core;
    /** What registers say, for one turn of the device. */
    private int mode;
    private boolean hashing;
    private boolean keepsFcs;
    private boolean virtualised;
    private int longest;

    NianticReceive(Core core, EmbeddedSwitch fabric, Interrupts interrupts, Statistics statistics) {
        super(core, fabric, interrupts, statistics);
        this.core = core;
    }

    @Override
    protected void refresh() {
        super.refresh();
        mode = core.regs.get(core.slots.mrqc) & 0xF;
        hashing = mode == 1 || mode == 0xA || mode == 0xB;
        keepsFcs = (core.regs.get(core.slots.rdrxctl) & CRCSTRIP) == 0;
        virtualised = core.virtualised();
        longest = (core.regs.get(core.slots.hlreg0) & JUMBOEN) == 0 ? STANDARD
                : core.regs.get(core.slots.maxfrs) >>> 16;
    }

    /** MAXFRS holds for the whole port; a tag may be on top. */
    @Override
    protected int longest(FrameInfo f) {
        return f.tagged ? longest + TAG : longest;
    }

    @Override
    protected long admit(long pools, FrameInfo f, int octets) {
        return pools;
    }

    /** RSS is not applied to looped frames, 82599 §11. */
    @Override
    protected boolean hashes(boolean looped) {
        return !looped && hashing;
    }

    @Override
    protected int queueOf(int pool) {
        int first = virtualised ? core.queueOf(pool, 0) : 0;
        if (rss.type == 0) {
            return first & Core.QUEUES - 1;
        }
        int entry = rss.entry() & 0xF;
        if (mode != 1) {
            int rqpl = core.regs.get(core.slots.psrtype + pool) >>> 29;
            entry &= core.queuesPerPool() - 1 & (1 << rqpl) - 1;
        }
        return first + entry & Core.QUEUES - 1;
    }

    @Override
    protected boolean strips(RxQueue q, FrameInfo f) {
        return (core.regs.get(core.slots.rxdctl + q.index) & VME) != 0 || q.hideVlan;
    }

    @Override
    protected boolean hidesTag(RxQueue q) {
        return q.hideVlan;
    }

    @Override
    protected boolean keepsFcs(RxQueue q, FrameInfo f) {
        return keepsFcs;
    }

    @Override
    protected long checkStatus(FrameInfo f) {
        return (f.ipChecked ? AdvancedRxDescriptor.IPCS : 0) | (f.ipBad ? IPE : 0)
                | (f.l4Checked ? AdvancedRxDescriptor.L4CS : 0) | (f.l4Bad ? TCPE : 0);
    }

    @Override
    protected int fragmentWord(FrameInfo f) {
        return 0;
    }
}
