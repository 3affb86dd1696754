package dev.npa.sim.nic.niantic;

import dev.npa.sim.nic.intel.RegisterFile;
import dev.npa.sim.nic.intel.RxQueue;

/** Registers whose value the device computes, and the checks when the PF driver turns the data path on. */
final class PortRegisters {

    private static final int LINK_UP = 1 << 30;
    private static final int TE = 1;
    private static final int RXEN = 1;
    private static final int ARBDIS = 1 << 6;

    private final Core core;
    private final RegisterFile regs;
    private final Slots slots;

    PortRegisters(Core core) {
        this.core = core;
        this.regs = core.regs;
        this.slots = core.slots;
        regs.onRead("LINKS", i -> core.linkUp() ? LINK_UP | speed() << 28 : 0);
        regs.onRead("STATUS", i -> core.vfs() << 10 | (core.vfs() > 0 ? 1 << 18 : 0) | 1 << 19);
        regs.onRead("FRTIMER", i -> (int) (core.clock.nanos() / 1000));
        // A write to SECRXCTRL returns only when no frame is between the port and a ring, so ready is immediate.
        regs.onRead("SECRXSTAT", i -> core.receiveHeld() ? 1 : 0);
        regs.onWrite("MTQC", (i, v) -> {
            if ((regs.get(slots.rttdcs) & ARBDIS) == 0) {
                core.violations.record(core.functionName(-1), "MTQC written without RTTDCS.ARBDIS");
            }
            regs.set(slots.mtqc, v);
        });
        regs.onWrite("QDE", (i, v) -> qde(v));
        regs.onWrite("RXCTRL", (i, v) -> {
            if ((v & ~regs.get(slots.rxCtrl) & RXEN) != 0) {
                checkReceive();
            }
            regs.set(slots.rxCtrl, v);
        });
        regs.onWrite("DMATXCTL", (i, v) -> {
            if ((v & ~regs.get(slots.dmatxctl) & TE) != 0) {
                checkTransmit();
            }
            regs.set(slots.dmatxctl, v);
        });
    }

    /** Speed code of LINKS and VFLINKS, 82599 §2. */
    private int speed() {
        int megabits = core.wire.megabitsPerSecond();
        return megabits >= 10_000 ? 3 : megabits >= 1_000 ? 2 : 1;
    }

    /** Indirect: bits 14:8 queue, 16 WRITE, 17 READ, 0 ENABLE, 1 HIDE_VLAN. */
    private void qde(int value) {
        RxQueue q = core.rx[value >>> 8 & Core.QUEUES - 1];
        if ((value & 1 << 16) != 0) {
            q.queueDrop = (value & 1) != 0;
            q.hideVlan = (value & 2) != 0;
        }
        regs.set(slots.qde, value & 0x7F00 | (q.queueDrop ? 1 : 0) | (q.hideVlan ? 2 : 0));
    }

    private int mode() {
        return regs.get(slots.gcrExt) & 3;
    }

    private void checkReceive() {
        if (!core.virtualised()) {
            return;
        }
        // MRQC pool layouts: 8 and B are 64 pools, A and D are 32, C is 16; GCR_EXT codes are 3, 2, 1.
        int wanted = switch (regs.get(slots.mrqc) & 0xF) {
            case 8, 0xB -> 3;
            case 0xA, 0xD -> 2;
            case 0xC -> 1;
            default -> 0;
        };
        int gpie = regs.get(slots.gpie) >>> 14 & 3;
        if (wanted != mode() || gpie != mode()) {
            core.violations.record(core.functionName(-1), "RXEN with different pool layouts: MRQC 0x"
                    + Integer.toHexString(regs.get(slots.mrqc)) + ", GPIE.VT_MODE " + gpie + ", GCR_EXT.VT_MODE "
                    + mode());
        }
    }

    private void checkTransmit() {
        int mtqc = regs.get(slots.mtqc);
        boolean pools = (mtqc & 2) != 0;
        int layout = mtqc >>> 2 & 3;
        boolean fits = pools ? layout == 1 && mode() == 3 || layout == 2 && mode() == 2 || layout == 3 && mode() == 1
                : mode() == 0;
        if (!fits) {
            core.violations.record(core.functionName(-1), "TE with different pool layouts: MTQC 0x"
                    + Integer.toHexString(mtqc) + ", GCR_EXT.VT_MODE " + mode());
        }
    }
}
