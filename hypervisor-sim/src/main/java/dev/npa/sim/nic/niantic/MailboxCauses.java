package dev.npa.sim.nic.niantic;

import dev.npa.sim.nic.intel.Mailbox;
import dev.npa.sim.nic.intel.RegisterFile;

/** The mailbox's summary registers and interrupts, 82599 §4: PFMBICR, PFMBIMR, PFVFLRE. */
final class MailboxCauses implements Mailbox.Events {

    private final RegisterFile regs;
    private final Slots slots;
    private final Interrupts interrupts;

    MailboxCauses(Core core, Interrupts interrupts) {
        this.regs = core.regs;
        this.slots = core.slots;
        this.interrupts = interrupts;
        regs.onWrite("PFVFLREC", (i, v) -> regs.set(slots.pfvflre + i, regs.get(slots.pfvflre + i) & ~v));
    }

    @Override
    public void toPf(int vf, boolean request, boolean acknowledge) {
        int cause = ((request ? 1 : 0) | (acknowledge ? 1 << 16 : 0)) << (vf & 15);
        regs.or(slots.pfmbicr + (vf >> 4), cause);
        if ((regs.get(slots.pfmbimr + (vf >> 4)) & cause) != 0) {
            interrupts.otherCause(Interrupts.MAILBOX);
        }
    }

    @Override
    public void forget(int vf) {
        int both = 0x1_0001 << (vf & 15);
        regs.set(slots.pfmbicr + (vf >> 4), regs.get(slots.pfmbicr + (vf >> 4)) & ~both);
    }

    @Override
    public void toVf(int vf) {
        interrupts.vfMailbox(vf);
    }

    @Override
    public void vfReset(int vf) {
        regs.or(slots.pfvflre + (vf >> 5), 1 << (vf & 31));
        interrupts.otherCause(Interrupts.MAILBOX);
    }
}
