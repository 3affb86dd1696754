package dev.npa.sim.nic.niantic;

/**
 * The mailbox between each VF and the PF, 82599 §4: a buffer of 16 words, a lock for it, and request, status and
 * acknowledge bits. Used under the device's lock.
 *
 * <p>PVFMAILBOX[n] keeps the VF's view; the PF's register is computed from it.
 */
final class Mailbox {

    static final int VFU = 1 << 2;
    static final int PFU = 1 << 3;
    static final int PFSTS = 1 << 4;
    static final int PFACK = 1 << 5;
    static final int RSTI = 1 << 6;
    static final int RSTD = 1 << 7;
    /** Bits that any read by the VF consumes. */
    static final int READ_CLEARS = PFSTS | PFACK | RSTD;

    private static final int REQ = 1;
    private static final int ACK = 1 << 1;
    private static final int RVFU = 1 << 4;

    private final RegisterFile regs;
    private final Slots slots;
    private final Interrupts interrupts;

    Mailbox(Core core, Interrupts interrupts) {
        this.regs = core.regs;
        this.slots = core.slots;
        this.interrupts = interrupts;
        regs.onRead("PFMAILBOX", vf -> regs.get(slots.pvfmailbox + vf) & (VFU | PFU));
        regs.onWrite("PFMAILBOX", this::pfWrite);
        regs.onWrite("PFVFLREC", (i, v) -> regs.set(slots.pfvflre + i, regs.get(slots.pfvflre + i) & ~v));
    }

    /** The VF reads VFMAILBOX. */
    int vfRead(int vf) {
        int value = regs.get(slots.pvfmailbox + vf);
        regs.set(slots.pvfmailbox + vf, value & ~READ_CLEARS);
        return value;
    }

    /** The VF writes VFMAILBOX. Writing without VFU releases the lock, also when it writes REQ or ACK only. */
    void vfWrite(int vf, int value) {
        int state = regs.get(slots.pvfmailbox + vf);
        boolean owns = (value & VFU) != 0 && (state & PFU) == 0;
        regs.set(slots.pvfmailbox + vf, owns ? state | VFU : state & ~VFU);
        int cause = ((value & REQ) != 0 ? 1 : 0) | ((value & ACK) != 0 ? 1 << 16 : 0);
        if (cause != 0) {
            regs.or(slots.pfmbicr + (vf >> 4), cause << (vf & 15));
            if ((regs.get(slots.pfmbimr + (vf >> 4)) & cause << (vf & 15)) != 0) {
                interrupts.otherCause(Interrupts.MAILBOX);
            }
        }
    }

    private void pfWrite(int vf, int value) {
        int state = regs.get(slots.pvfmailbox + vf);
        if ((value & RVFU) != 0) {
            state &= ~VFU;
            int both = 0x1_0001 << (vf & 15);
            regs.set(slots.pfmbicr + (vf >> 4), regs.get(slots.pfmbicr + (vf >> 4)) & ~both);
        }
        boolean owns = (value & PFU) != 0 && (state & VFU) == 0;
        state = owns ? state | PFU : state & ~PFU;
        state |= ((value & 1) != 0 ? PFSTS : 0) | ((value & ACK) != 0 ? PFACK : 0);
        regs.set(slots.pvfmailbox + vf, state);
        if ((value & (1 | ACK)) != 0) {
            interrupts.vfMailbox(vf);
        }
    }

    /** Reset of a VF: the register is cleared except RSTI, and the PF is told by PFVFLRE. */
    void vfReset(int vf) {
        regs.set(slots.pvfmailbox + vf, regs.get(slots.pvfmailbox + vf) & RSTI);
        regs.or(slots.pfvflre + (vf >> 5), 1 << (vf & 31));
        interrupts.otherCause(Interrupts.MAILBOX);
    }

    /** CTRL_EXT.PFRSTD: the PF driver has finished its reset. */
    void pfResetDone() {
        for (int vf = 0; vf < Core.POOLS; vf++) {
            regs.set(slots.pvfmailbox + vf, regs.get(slots.pvfmailbox + vf) & ~RSTI | RSTD);
        }
    }
}
