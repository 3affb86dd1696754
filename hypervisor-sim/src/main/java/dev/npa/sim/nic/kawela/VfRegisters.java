package dev.npa.sim.nic.kawela;

import dev.npa.sim.nic.intel.VfWindow;

/** BAR0 of a virtual function, 82576 §2: the rules of its table. */
final class VfRegisters extends VfWindow<VfRegisters.Rule> {

    /** Which element of a register a VF sees; described in the table. */
    enum Rule {
        ONE, VF, WORDS, QUEUE, EITR, MAILBOX, PBACL
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
        return switch (how) {
            case ONE, PBACL -> base;
            case VF, MAILBOX -> base + vf;
            case WORDS -> base + 16 * vf + index;
            case QUEUE -> base + core.queueOf(vf, index);
            case EITR -> base + Interrupts.firstCause(vf) + index;
        };
    }
}
