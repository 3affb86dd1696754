package dev.npa.sim.nic.kawela;

import dev.npa.sim.nic.intel.AdvancedTxDescriptor;
import dev.npa.sim.nic.intel.TxEngine;
import dev.npa.sim.nic.intel.TxQueue;

/** What the 82576 demands of transmit descriptors and frames, 82576 §5 and §8. */
final class KawelaTransmit extends TxEngine {

    private static final int PSP = 1 << 3;
    private static final int PAD_TO = 60;

    private final Core core;

    KawelaTransmit(Core core, EmbeddedSwitch fabric, KawelaReceive receive, Interrupts interrupts,
            Statistics statistics) {
        super(core, fabric, receive, interrupts, statistics);
        this.core = core;
    }

    /** Bit 39 is reserved: there is no CC, 82576 §5.1. */
    @Override
    public long options() {
        return ~AdvancedTxDescriptor.CC;
    }

    @Override
    public String fault(TxQueue q) {
        return (q.options & AdvancedTxDescriptor.IFCS) == 0 ? "frame without FCS: IFCS inserts it" : null;
    }

    @Override
    protected int padTo() {
        return (core.regs.get(core.slots.tctl) & PSP) != 0 ? PAD_TO : 0;
    }

    /** The pool's tag takes the place of the descriptor's; a tag that is in the frame already is left alone. */
    @Override
    protected int defaultTag(TxQueue q, int vmvir, boolean asked, boolean tagged) {
        return tagged ? NO_TAG : vmvir & 0xFFFF;
    }
}
