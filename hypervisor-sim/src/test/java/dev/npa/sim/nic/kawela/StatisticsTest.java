package dev.npa.sim.nic.kawela;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.nic.intel.FrameInfo;
import dev.npa.sim.nic.intel.Frames;
import dev.npa.sim.nic.intel.TxRing;
import org.junit.jupiter.api.Test;

/** Counters, 82576 §2: the VF's registers and the PF's windows on them. */
class StatisticsTest {

    private static final int[] VF = {0xF10, 0xF14, 0xF18, 0xF34, 0xF3C, 0xF40, 0xF44, 0xF48, 0xF50};
    private static final int[] WINDOW = {0x10, 0x14, 0x18, 0x34, 0x3C, 0x40, 0x44, 0x48, 0x50};

    private final Lab lab = new Lab(2);

    private void expect(int vf, int... values) {
        for (int i = 0; i < values.length; i++) {
            assertEquals(values[i], lab.vf[vf].csr.read32(VF[i]), "VF register " + Integer.toHexString(VF[i]));
            assertEquals(values[i], lab.pf.csr.read32(0x10000 + 0x100 * vf + WINDOW[i]), "and the PF's window");
        }
    }

    @Test
    void framesAndOctetsAreCountedForBothSides() {
        lab.address(1, Frames.A, 1);
        lab.address(2, Frames.B, 2);
        lab.orPf(0x5AD4, 1 << 28);
        lab.vf[0].rx();
        lab.vf[1].rx();
        TxRing tx = lab.vf[0].tx();
        tx.send(Frames.plain(Frames.B, Frames.A, 96)); // local
        tx.send(Frames.plain(Frames.FAR, Frames.A, 196)); // wire
        tx.send(Frames.plain(Frames.GROUP, Frames.A, 296)); // both
        lab.run();
        lab.arrive(Frames.plain(Frames.B, Frames.FAR, 396));
        // GPRC GPTC GORC GOTC MPRC, then loop-back: GPR GPT GOR GOT
        expect(0, 0, 3, 0, 600, 0, 0, 2, 0, 400);
        expect(1, 3, 0, 800, 0, 1, 2, 0, 400, 0);
        expect(0, 0, 3, 0, 600);
        assertEquals(1, lab.pf.csr.read32(0x4074), "GPRC of the port");
        assertEquals(400, lab.pf.csr.read32(0x4088), "GORCL");
        assertEquals(2, lab.pf.csr.read32(0x4080), "GPTC: what went out of the port");
        assertEquals(500, lab.pf.csr.read32(0x4090), "GOTCL");
        assertEquals(0, lab.pf.csr.read32(0x4074), "the port's clear on read, the VF's do not");
        lab.noViolations();
    }

    @Test
    void aVfsCountersWrapAt32Bits() {
        Core core = new Core("nic", lab.clock, lab.violations, lab.wire.nicSide());
        core.vfs(1, new DmaPort[] {lab.vf[0].function.dma()});
        Statistics statistics = new Statistics(core);
        FrameInfo info = new FrameInfo();
        core.regs.set(core.slots.pvfgprc, -1);
        for (int i = 0; i < 3; i++) {
            statistics.delivered(8, info, 0x6000_0000, false);
            statistics.sent(0, info, 0x6000_0000, true, false);
        }
        assertEquals(0x2000_0000, core.regs.get(core.slots.pvfgorc));
        assertEquals(0x2000_0000, core.regs.get(core.slots.pvfgotc));
        assertEquals(2, core.regs.get(core.slots.pvfgprc));
        assertEquals(0x2000_0000, core.regs.get(core.slots.gotcl));
        assertEquals(1, core.regs.get(core.slots.gotch), "the port has 64 bits");
    }

    @Test
    void aVfsCountersStayOverItsReset() {
        lab.address(1, Frames.A, 1);
        lab.vf[0].rx();
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        lab.vf[0].csr.write32(0, 1 << 26);
        expect(0, 1, 0, 64);
    }
}
