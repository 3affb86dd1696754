package dev.npa.sim.nic.kawela;

import dev.npa.sim.nic.intel.Mailbox;
import dev.npa.sim.nic.intel.RegisterFile;

/** The mailbox's summary registers and interrupts, 82576 §4.1: MBVFICR, MBVFIMR, VFLRE, all through ICR.VMMB. */
final class MailboxCauses implements Mailbox.Events {

    private static final int ACK = 16;

    private final RegisterFile regs;
    private final Slots slots;
    private final Interrupts interrupts;

    MailboxCauses(Core core, Interrupts interrupts) {
        this.regs = core.regs;
        this.slots = core.slots;
        this.interrupts = interrupts;
    }

    @Override
    public void toPf(int vf, boolean request, boolean acknowledge) {
        regs.or(slots.mbvficr, (request ? 1 << vf : 0) | (acknowledge ? 1 << ACK + vf : 0));
        if ((regs.get(slots.mbvfimr) >>> vf & 1) != 0) {
            interrupts.otherCause(Interrupts.MAILBOX);
        }
    }

    @Override
    public void forget(int vf) {
        regs.set(slots.mbvficr, regs.get(slots.mbvficr) & ~(1 << vf | 1 << ACK + vf));
    }

    @Override
    public void toVf(int vf) {
        interrupts.vfMailbox(vf);
    }

    @Override
    public void vfReset(int vf) {
        regs.or(slots.vflre, 1 << vf);
        interrupts.otherCause(Interrupts.MAILBOX);
    }
}
