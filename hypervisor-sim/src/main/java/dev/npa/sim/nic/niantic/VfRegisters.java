package dev.npa.sim.nic.niantic;

import dev.npa.sim.nic.intel.VfWindow;

/** BAR0 of a virtual function, 82599 §2: the rules of its table. */
final class VfRegisters extends VfWindow<VfRegisters.Rule> {

    /** Which element of a register a VF sees; described in the table. */
    enum Rule {
        ONE, VF, WORDS, PAIR, QUEUE, EITR, MAILBOX, PBACL
    }

    private final Core core;

    VfRegisters(Core core) {
        super(VfRegisters.class, core.regs, Rule.class, new Rule[0]);
        this.core = core;
    }

    @Override
    protected boolean isMailbox(Rule how) {
        return how == Rule.MAILBOX;
    }

    @Override
    protected boolean isPendingClear(Rule how) {
        return how == Rule.PBACL;
    }

    @Override
    protected int slot(Rule how, int base, int index, int vf) {
        int shift = core.poolShift();
        return switch (how) {
            case ONE, PBACL -> base;
            case VF, MAILBOX -> base + vf;
            case WORDS -> base + 16 * vf + index;
            case PAIR -> index < 1 << shift - 1 ? base + (vf << shift - 1) + index : NOT_OWNED;
            case QUEUE -> index < 1 << shift ? base + (vf << shift) + index : NOT_OWNED;
            case EITR -> {
                int n = vf < 32 ? 127 - 2 * vf + index : 63 - 2 * (vf - 32) + index;
                yield vf < 32 || (core.regs.get(core.slots.eitrsel) >>> vf - 32 & 1) != 0 ? base + n : NOT_OWNED;
            }
        };
    }
}
