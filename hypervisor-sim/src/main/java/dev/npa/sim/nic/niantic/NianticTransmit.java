package dev.npa.sim.nic.niantic;

import dev.npa.sim.nic.intel.AdvancedTxDescriptor;
import dev.npa.sim.nic.intel.TxEngine;
import dev.npa.sim.nic.intel.TxQueue;

/** What the 82599 demands of transmit descriptors and frames, 82599 §6 and §11. */
final class NianticTransmit extends TxEngine {

    private static final int TXCRCEN = 1;
    private static final int TXPADEN = 1 << 10;
    private static final int PAD_TO = 60;

    private final Core core;
    private final EmbeddedSwitch fabric;

    NianticTransmit(Core core, EmbeddedSwitch fabric, NianticReceive receive, Interrupts interrupts,
            Statistics statistics) {
        super(core, fabric, receive, interrupts, statistics);
        this.core = core;
        this.fabric = fabric;
    }

    @Override
    public long options() {
        return -1;
    }

    @Override
    public String fault(TxQueue q) {
        if ((q.options & AdvancedTxDescriptor.IFCS) == 0 || (hlreg0() & TXCRCEN) == 0) {
            return "frame without FCS: IFCS and HLREG0.TXCRCEN insert it";
        }
        return (q.options & AdvancedTxDescriptor.CC) == 0 && fabric.looksInside(core.poolOf(q.index))
                ? "CC is clear although the switch looks into the packet" : null;
    }

    @Override
    protected int padTo() {
        return (hlreg0() & TXPADEN) != 0 ? PAD_TO : 0;
    }

    private int hlreg0() {
        return core.regs.get(core.slots.hlreg0);
    }

    /** A tag of the sender's beside the pool's is refused, 82599 §11. */
    @Override
    protected int defaultTag(TxQueue q, int vmvir, boolean asked, boolean tagged) {
        if (asked || tagged) {
            core.violation(q.index, "transmit queue " + q.index
                    + ": tagged frame of a pool whose tag VMVIR inserts");
            return REFUSED;
        }
        return vmvir & 0xFFFF;
    }
}
