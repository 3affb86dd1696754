package dev.npa.sim.nic.intel;

/**
 * The mailbox between each VF and the PF, 82599 §4, 82576 §4.1: a lock for the buffer of 16 words, and request, status
 * and acknowledge bits. Used under the device's lock.
 *
 * <p>One register a VF keeps the VF's view; the PF's register is computed from it.
 */
public final class Mailbox {

    public static final int VFU = 1 << 2;
    public static final int PFU = 1 << 3;
    public static final int PFSTS = 1 << 4;
    public static final int PFACK = 1 << 5;
    public static final int RSTI = 1 << 6;
    public static final int RSTD = 1 << 7;
    /** Bits that any read by the VF consumes. */
    public static final int READ_CLEARS = PFSTS | PFACK | RSTD;

    private static final int REQ = 1;
    private static final int ACK = 1 << 1;
    private static final int RVFU = 1 << 4;

    private final RegisterFile regs;
    private final int state;
    private final int count;
    private final Events events;

    /** What the chip does about the bits: the summary registers and interrupts. */
    public interface Events {

        /** A VF wrote REQ, ACK or both. */
        void toPf(int vf, boolean request, boolean acknowledge);

        /** RVFU: forget the VF's request and acknowledge in the summary registers. */
        void forget(int vf);

        /** The PF wrote STS or ACK. */
        void toVf(int vf);

        /** The VF was reset. */
        void vfReset(int vf);
    }

    /**
     * Binds the PF's register.
     *
     * @param vfRegister array of registers that keeps the VFs' views, one a VF
     * @param pfRegister array of registers that the PF writes
     */
    public Mailbox(RegisterFile regs, String vfRegister, String pfRegister, Events events) {
        this.regs = regs;
        this.state = regs.slot(vfRegister);
        this.count = regs.map().get(vfRegister).count();
        this.events = events;
        regs.onRead(pfRegister, vf -> regs.get(state + vf) & (VFU | PFU));
        regs.onWrite(pfRegister, this::pfWrite);
    }

    /** The VF reads its register. */
    int vfRead(int vf) {
        int value = regs.get(state + vf);
        regs.set(state + vf, value & ~READ_CLEARS);
        return value;
    }

    /** The VF writes its register. Writing without VFU releases the lock, also when it writes REQ or ACK only. */
    void vfWrite(int vf, int value) {
        int before = regs.get(state + vf);
        boolean owns = (value & VFU) != 0 && (before & PFU) == 0;
        regs.set(state + vf, owns ? before | VFU : before & ~VFU);
        if ((value & (REQ | ACK)) != 0) {
            events.toPf(vf, (value & REQ) != 0, (value & ACK) != 0);
        }
    }

    private void pfWrite(int vf, int value) {
        int bits = regs.get(state + vf);
        if ((value & RVFU) != 0) {
            bits &= ~VFU;
            events.forget(vf);
        }
        boolean owns = (value & PFU) != 0 && (bits & VFU) == 0;
        bits = owns ? bits | PFU : bits & ~PFU;
        bits |= ((value & 1) != 0 ? PFSTS : 0) | ((value & ACK) != 0 ? PFACK : 0);
        regs.set(state + vf, bits);
        if ((value & (1 | ACK)) != 0) {
            events.toVf(vf);
        }
    }

    /** Reset of a VF: the register is cleared except RSTI, and the PF is told. */
    public void vfReset(int vf) {
        regs.set(state + vf, regs.get(state + vf) & RSTI);
        events.vfReset(vf);
    }

    /** CTRL_EXT.PFRSTD: the PF driver has finished its reset. */
    public void pfResetDone() {
        for (int vf = 0; vf < count; vf++) {
            regs.set(state + vf, regs.get(state + vf) & ~RSTI | RSTD);
        }
    }
}
