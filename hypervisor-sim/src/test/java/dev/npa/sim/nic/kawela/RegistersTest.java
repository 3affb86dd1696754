package dev.npa.sim.nic.kawela;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.machine.PciConfigSpace;
import dev.npa.sim.nic.intel.RegisterMap;
import dev.npa.sim.nic.intel.RxRing;
import org.junit.jupiter.api.Test;

/** The register tables of the 82576, its configuration spaces, and the registers that the device computes. */
class RegistersTest {

    @Test
    void offsetsOfTheSheetLeadToTheirRegisters() {
        RegisterMap map = RegisterMap.load(Core.class, "pf-registers.map", 128 * 1024);
        assertEquals("RDT[8]", map.label(map.slotAt(0xC000 + 0x40 * 8 + 0x18)));
        assertEquals("RDT[3]", map.label(map.slotAt(0x2800 + 0x300 + 0x18)));
        assertEquals("TDT[15]", map.label(map.slotAt(0xE000 + 0x40 * 15 + 0x18)));
        assertEquals("TDWBAH[2]", map.label(map.slotAt(0x3800 + 0x200 + 0x3C)));
        assertEquals("RAH[15]", map.label(map.slotAt(0x547C)));
        assertEquals("RAL[23]", map.label(map.slotAt(0x54E0 + 56)));
        assertEquals("VMBMEM[7].15", map.label(map.slotAt(0x9FC)));
        assertEquals("EITR[24]", map.label(map.slotAt(0x16E0)));
        assertEquals("PVTEICR[7]", map.label(map.slotAt(0x10780)));
        assertEquals("VLVF[31]", map.label(map.slotAt(0x5D7C)));
        assertEquals(0x80002600, map.get("VMOLR").reset());
    }

    @Test
    void queuesOfAVfAreItsNumberAndEightMore() {
        Lab lab = new Lab(6);
        lab.vf[5].csr.write32(0x2800, 0x8000);
        lab.vf[5].csr.write32(0x2900, 0x9000);
        lab.vf[5].csr.write32(0x3900, 0xA000);
        assertEquals(0x8000, lab.pf.csr.read32(Lab.rxBlock(5)));
        assertEquals(0x9000, lab.pf.csr.read32(Lab.rxBlock(13)));
        assertEquals(0xA000, lab.pf.csr.read32(Lab.txBlock(13)));
        lab.vf[5].csr.write32(0x0804, 0xCAFE);
        assertEquals(0xCAFE, lab.pf.csr.read32(0x800 + 5 * 64 + 4));
        lab.vf[5].csr.write32(0x1684, 1 << 31 | 488);
        assertEquals(488, lab.pf.csr.read32(0x1680 + 4 * (22 - 15 + 1)), "vector 1 of VF 5 is cause 8");
        lab.vf[5].csr.write32(0x1700, -1);
        assertEquals(0x83838383, lab.pf.csr.read32(0x11700 + 20));
        lab.noViolations();
    }

    @Test
    void statusTellsLinkSpeedAndVirtualFunctions() {
        Lab lab = new Lab(3);
        assertEquals(1 | 1 << 1 | 2 << 6, lab.vf[0].csr.read32(8), "FD, LU, 1000 Mb/s");
        assertEquals(1 | 1 << 1 | 2 << 6 | 3 << 14 | 1 << 18 | 1 << 19, lab.pf.csr.read32(8));
        lab.wire.setUp(false);
        assertEquals(1 | 2 << 6, lab.vf[0].csr.read32(8));
        lab.vf[0].csr.write32(8, 1);
        lab.oneViolation("read-only", "STATUS");
        lab.now = 5_000_000;
        assertEquals(5_000, lab.vf[0].csr.read32(0x1048), "FRTIMER in microseconds");
    }

    @Test
    void configurationSpacesHaveTheSheetsCapabilities() {
        Lab lab = new Lab(8);
        assertEquals(0x10C98086, lab.pf.function.readConfig(0, 4));
        int sriov = PciConfigSpace.findExtended(lab.pf.function, PciConfigSpace.EXT_SRIOV);
        assertEquals(0x160, sriov);
        assertEquals(8, lab.pf.function.readConfig(sriov + 0x0E, 2), "TotalVFs");
        assertEquals(0x0002_0080, lab.pf.function.readConfig(sriov + 0x14, 4), "offset and stride");
        assertEquals(0x10CA, lab.pf.function.readConfig(sriov + 0x1A, 2));
        assertEquals(0x150, PciConfigSpace.findExtended(lab.pf.function, 0x0E), "ARI");
        assertEquals(8, lab.adapter.enabledVirtualFunctions());
        assertEquals(0x10CA, lab.vf[7].function.identity().device());
        int msix = PciConfigSpace.findCapability(lab.vf[7].function, PciConfigSpace.CAP_MSIX);
        assertEquals(0x70, msix);
        assertEquals(2, lab.vf[7].function.readConfig(msix + 2, 2) & 0x7FF, "3 vectors");
        assertEquals(0x2003, lab.vf[7].function.readConfig(msix + 8, 4), "PBA in BAR 3");
        lab.noViolations();
    }

    @Test
    void unknownAndForeignAccessesAreRecorded() {
        Lab lab = new Lab(1);
        assertEquals(0, lab.vf[0].csr.read32(0x2A00), "a VF has two queues");
        lab.oneViolation("nic0/vf0", "0x2a00", "where the 82576 has no register");
        lab.vf[0].csr.write32(0x0F10, 1);
        assertEquals(2, lab.violations.count());
    }

    @Test
    void ringIsDescribedInWords() {
        Lab lab = new Lab(2);
        RxRing rx = lab.vf[1].rx();
        rx.post(0);
        String text = lab.adapter.describeRing(1, 0, false);
        assertTrue(text.startsWith("Rx queue 1 of nic0/vf1 enabled size 64 head 0 tail 63"), text);
        assertTrue(lab.adapter.describeRing(1, 1, true).startsWith("Tx queue 9 of nic0/vf1 disabled"));
        assertTrue(lab.adapter.describeRing(-1, 1, true).startsWith("Tx queue 10 of nic0/pf"));
        assertThrows(IllegalArgumentException.class, () -> lab.adapter.describeRing(0, 2, false));
        assertThrows(IllegalArgumentException.class, () -> new Lab(8).adapter.describeRing(-1, 0, false));
    }

    @Test
    void headerSplitIsRefused() {
        Lab lab = new Lab(1);
        lab.vf[0].csr.write32(0x2808, 1024);
        lab.vf[0].csr.write32(0x280C, 5 << 25 | 2);
        lab.vf[0].csr.write32(0x2828, 1 << 25);
        lab.oneViolation("RXDCTL.ENABLE of queue 0", "DESCTYPE 1");
    }

    @Test
    void factoryMakesAGigabitPortWithOneFunction() {
        KawelaModelFactory factory = new KawelaModelFactory();
        assertEquals("82576", factory.model());
        assertEquals(1_000, factory.megabitsPerSecond());
        assertEquals(64 * 1024, factory.packetBufferBytes());
        Lab lab = new Lab();
        assertThrows(IllegalArgumentException.class,
                () -> factory.create("nic", lab.clock, lab.violations, lab.wire.nicSide(), 2));
    }
}
