package dev.npa.sim.nic.niantic;

import dev.npa.sim.nic.intel.Mailbox;
import dev.npa.sim.nic.intel.RegisterFile;

/**
 * The reset matrix, 82599 §8. Used under the device's lock.
 */
final class Resets {

    private static final int CTRL_RST = 1 << 26;
    private static final int CTRL_LRST = 1 << 3;
    private static final int CTRL_EXT_PFRSTD = 1 << 14;

    private final Core core;
    private final Interrupts interrupts;
    private final Mailbox mailbox;
    private final Runnable forget;

    /**
     * Binds the registers that reset something.
     *
     * @param forget drops what the engines keep beside the registers when the whole device is reset
     */
    Resets(Core core, Interrupts interrupts, Mailbox mailbox, Runnable forget) {
        this.core = core;
        this.interrupts = interrupts;
        this.mailbox = mailbox;
        this.forget = forget;
        RegisterFile regs = core.regs;
        int ctrl = regs.slot("CTRL");
        regs.onWrite("CTRL", (i, v) -> {
            if ((v & (CTRL_RST | CTRL_LRST)) != 0) {
                device();
            }
            regs.set(ctrl, v & ~(CTRL_RST | CTRL_LRST)); // both clear themselves
        });
        int ctrlExt = regs.slot("CTRL_EXT");
        regs.onWrite("CTRL_EXT", (i, v) -> {
            regs.set(ctrlExt, v);
            if ((v & CTRL_EXT_PFRSTD) != 0) {
                mailbox.pfResetDone();
            }
        });
        regs.onWrite("PVFCTRL", (vf, v) -> {
            if ((v & CTRL_RST) != 0) {
                virtualFunction(vf);
            }
        });
    }

    /** Software or link reset of the PF, or its FLR: all registers to default, RSTI in every VF's mailbox. */
    void device() {
        core.regs.reset();
        interrupts.reset();
        forget.run();
        for (int q = 0; q < Core.QUEUES; q++) {
            core.tx[q].disable();
            core.rx[q].disable();
        }
        core.pfPort.clearAbort();
    }

    /**
     * VFLR or VFCTRL.RST: queues and interrupts of the VF to default, its PFVFRE and PFVFTE bits off, the PF is told.
     * TDWBAL and TDWBAH stay.
     */
    void virtualFunction(int vf) {
        RegisterFile regs = core.regs;
        Slots slots = core.slots;
        int word = vf >> 5;
        int bit = 1 << (vf & 31);
        regs.set(slots.pfvfre + word, regs.get(slots.pfvfre + word) & ~bit);
        regs.set(slots.pfvfte + word, regs.get(slots.pfvfte + word) & ~bit);
        int shift = core.poolShift();
        for (int q = vf << shift; q < vf + 1 << shift; q++) {
            core.tx[q].reset();
            core.rx[q].reset();
        }
        for (int q = vf << shift; q < vf + 1 << shift; q += 2) {
            regs.set(slots.pvtivar + (q >> 1), 0);
        }
        regs.set(slots.pvteicr + vf, 0);
        regs.set(slots.pvteims + vf, 0);
        regs.set(slots.pvteiac + vf, 0);
        regs.set(slots.pvteiam + vf, 0);
        regs.set(slots.pvtivarMisc + vf, 0);
        regs.set(slots.psrtype + vf, 0);
        interrupts.resetVf(vf);
        if (core.vfPorts[vf] != null) {
            core.vfPorts[vf].clearAbort();
        }
        mailbox.vfReset(vf);
    }
}
