package dev.npa.sim.nic.broadcom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.RegisterWindow;
import dev.npa.sim.machine.PciConfigSpace;
import dev.npa.sim.nic.NicFunction;
import org.junit.jupiter.api.Test;

/** PCI, internal registers, and the DMA engine, 57712 §1, §2 and §10. */
class RegisterTest {

    @Test
    void pciIdentityAndCapabilities() {
        NicFunction one = Lab.cold(1).nic.adapters().get(0).physicalFunction();
        assertEquals("14e4:1662", one.identity().toString());
        assertEquals(0xA0, PciConfigSpace.findCapability(one, PciConfigSpace.CAP_MSIX));
        assertEquals(16, one.readConfig(0xA2, 2), "17 vectors");
        assertEquals(0x440000, one.readConfig(0xA4, 4));
        assertEquals(0x441000, one.readConfig(0xA8, 4));
        assertEquals(0x1C0, PciConfigSpace.findExtended(one, PciConfigSpace.EXT_SRIOV));
        assertEquals(0x1B8, PciConfigSpace.findExtended(one, 0x0E), "ARI");
        assertEquals(64, one.readConfig(0x1C0 + 0x0E, 2));
        assertEquals(0x166F, one.readConfig(0x1C0 + 0x1A, 2));
        assertEquals("14e4:1663", Lab.cold(2).nic.adapters().get(1).physicalFunction().identity().toString());
        assertThrows(IllegalArgumentException.class, () -> Lab.cold(5));
    }

    @Test
    void vfsOfFourPfsShareTheNumbersOfThePath() {
        Lab lab = new Lab(4, 2, 1);
        assertEquals(4, lab.nic.adapters().size());
        for (int pf = 0; pf < 4; pf++) {
            assertEquals(2 * pf, lab.pf[pf].grc.read32(0x624), "first VF / 8");
            assertEquals(pf | pf << 16, lab.pf[pf].grc.read32(0x450000));
            RegisterWindow vf = lab.pf[pf].vfs[1].function.bar(0);
            assertEquals(pf | 1 << 8 | 16 * pf + 1 << 9 | pf << 16, vf.read32(0x7C00));
        }
        lab.noViolations();
    }

    /** §1: VF 5, valid. */
    @Test
    void meRegisterOfVfFive() {
        Lab lab = new Lab(1, 6, 1);
        assertEquals(0xB00, lab.pf[0].vfs[5].function.bar(0).read32(0x7C00));
        assertEquals(1, lab.pf[0].vfs[5].function.msix().vectors());
        lab.pf[0].pretend(5, 0x9438, 0);
        assertEquals(0xA00, lab.pf[0].vfs[5].function.bar(0).read32(0x7C00));
        assertEquals(-1, lab.pf[0].vfs[5].function.bar(0).read32(0x3000));
    }

    @Test
    void identificationAndSharedMemory() {
        Lab lab = Lab.cold(2);
        RegisterWindow r = lab.pf[1].grc;
        assertEquals(0x1662, r.read32(0xA408));
        assertEquals(0, r.read32(0xA40C) | r.read32(0xA404) | r.read32(0xA400));
        int shared = r.read32(0xA2B4);
        assertEquals(0xA8000, shared);
        assertEquals(32, r.read32(shared + 0x10));
        assertEquals(0x0010, r.read32(shared + 0x110));
        assertEquals(0x18, r.read32(shared + 0x114) >>> 24);
        assertTrue(r.read32(shared + 0x104) != r.read32(shared + 0x114), "one address a PF");
        lab.noViolations();
        r.read32(0x8);
        lab.oneViolation("nic0.1/pf", "address 0x8");
    }

    @Test
    void mappingAfterPowerOn() {
        RegisterWindow r = Lab.cold(2).pf[0].grc;
        assertEquals(1 | 64 << 7, r.read32(0x131000));
        assertEquals(1 | 65 << 7, r.read32(0x131004));
        assertEquals(1 | 4 << 1 | 65 << 7, r.read32(0x131000 + 4 * 11));
        assertEquals(0, r.read32(0x131000 + 4 * 20));
    }

    @Test
    void pretendReachesOwnFunctionsOnly() {
        Lab lab = new Lab(2, 1, 1);
        lab.pf[0].grc.write32(0x120674, 8 | 32 << 4); // VF 32 belongs to PF 1
        lab.pf[0].grc.write32(0x9438, 0);
        lab.oneViolation("no function of this PF");
        assertTrue((lab.pf[1].vfs[0].function.bar(0).read32(0x7C00) & 0x100) != 0);
    }

    private static void dmae(Firmware fw, int opcode, long from, long to, int dwords, int iov, long done) {
        int[] c = {opcode, (int) from, (int) (from >>> 32), (int) to, (int) (to >>> 32), dwords | iov << 16,
            (int) done, (int) (done >>> 32), 0x6000_0DAE};
        for (int i = 0; i < c.length; i++) {
            fw.grc.write32(0x102400 + 4 * i, c[i]);
        }
        fw.grc.write32(0x102080, 1);
    }

    @Test
    void dmaeCopiesBetweenVfAndPf() {
        Lab lab = new Lab(1, 2, 1);
        Firmware fw = lab.pf[0];
        Guest vf = fw.vfs[1];
        long request = vf.allocate(64);
        long copy = fw.host.allocate(64);
        long done = fw.host.allocate(4);
        byte[] text = "sixteen bytes...".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        vf.put(request, text);
        dmae(fw, 1 << 1 | 1 << 4, request, copy, 4, 1 << 6 | 1, done);
        assertArrayEquals(text, fw.host.get(copy, 16));
        assertEquals(0x6000_0DAE, fw.host.memory.getInt(done));
        dmae(fw, 1 << 1 | 1 << 4, copy, request + 32, 4, 1 << 14 | 1 << 8, done);
        assertArrayEquals(text, vf.get(request + 32, 16));
        dmae(fw, 2 << 1, copy, 0x413000 / 4, 2, 0, 0);
        assertEquals(fw.host.memory.getInt(copy + 4), fw.grc.read32(0x413004));
        dmae(fw, 1 | 1 << 1, 0x413000 / 4, copy + 32, 2, 0, 0);
        assertArrayEquals(fw.host.get(copy, 8), fw.host.get(copy + 32, 8));
        lab.noViolations();
        dmae(fw, 1 << 1, request, copy, 4, 1 << 6 | 60, 0);
        lab.oneViolation("DMAE");
    }

    @Test
    void msixTableSizeIsFixedWhileVfsAreEnabled() {
        Lab lab = new Lab(1, 1, 3);
        assertEquals(3, lab.pf[0].vfs[0].function.msix().vectors());
        assertEquals(2, lab.pf[0].vfs[0].function.readConfig(0xA2, 2));
        lab.pf[0].pretend(0, 0x61C, 7);
        lab.oneViolation("VF Enable is set");
    }
}
