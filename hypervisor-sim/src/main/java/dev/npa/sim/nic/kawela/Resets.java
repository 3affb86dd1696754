package dev.npa.sim.nic.kawela;

import dev.npa.sim.nic.intel.Mailbox;
import dev.npa.sim.nic.intel.RegisterFile;

/** The reset matrix, 82576 §4.4. Used under the device's lock. */
final class Resets {

    private static final int RST = 1 << 26;
    private static final int PFRSTD = 1 << 14;

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
        regs.onWrite("CTRL", (i, v) -> {
            if ((v & RST) != 0) {
                device();
            }
            regs.set(core.slots.ctrl, v & ~RST); // clears itself
        });
        int ctrlExt = regs.slot("CTRL_EXT");
        regs.onWrite("CTRL_EXT", (i, v) -> {
            regs.set(ctrlExt, v);
            if ((v & PFRSTD) != 0) {
                mailbox.pfResetDone();
            }
        });
        regs.onWrite("PVTCTRL", (vf, v) -> {
            if ((v & RST) != 0) {
                virtualFunction(vf);
            }
        });
    }

    /** Software reset of the PF, or its FLR: all registers to default, RSTI in every VF's mailbox. */
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
     * FLR or VTCTRL.RST of a VF: its queues and interrupts to default, its VFRE and VFTE bits off, the PF is told.
     * TDWBAL and TDWBAH stay, 82576 §12.
     */
    void virtualFunction(int vf) {
        RegisterFile regs = core.regs;
        Slots slots = core.slots;
        regs.set(slots.vfre, regs.get(slots.vfre) & ~(1 << vf));
        regs.set(slots.vfte, regs.get(slots.vfte) & ~(1 << vf));
        for (int i = 0; i < core.queuesPerPool(); i++) {
            core.tx[core.queueOf(vf, i)].reset();
            core.rx[core.queueOf(vf, i)].reset();
        }
        regs.set(slots.psrtype + vf, 0);
        interrupts.resetVf(vf);
        if (core.vfPorts[vf] != null) {
            core.vfPorts[vf].clearAbort();
        }
        mailbox.vfReset(vf);
    }
}
