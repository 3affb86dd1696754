package dev.npa.sim.nic.kawela;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.machine.PciConfigSpace;
import dev.npa.sim.nic.intel.Frames;
import dev.npa.sim.nic.intel.Guest;
import dev.npa.sim.nic.intel.TxRing;
import org.junit.jupiter.api.Test;

/** 82576 §4.4, row by row. */
class ResetTest {

    private static final int BOX = 0xC40;

    private final Lab lab = new Lab(3);
    private final Guest vf = lab.vf[1];

    private void configure() {
        vf.tx();
        vf.rx();
        vf.rx(0x2900, 64, 2, 0);
        vf.csr.write32(0x3838, 0x5001);
        vf.csr.write32(0x1524, 7);
        vf.csr.write32(0x152C, 7);
        vf.csr.write32(0x1700, 0x8081);
        vf.csr.write32(0x1740, 0x82);
        vf.csr.write32(0x1680, 1 << 31 | 488);
        lab.vf[2].csr.write32(0x1524, 7);
        lab.vf[2].rx();
        lab.pf.csr.write32(0xC04, 1);
        lab.pf.csr.read32(0xC0);
    }

    private void expectVfReset() {
        assertEquals(0x10000, vf.csr.read32(0x2828), "RXDCTL has its reset value");
        assertEquals(0x10000, vf.csr.read32(0x2928), "queue n + 8 too");
        assertEquals(0, vf.csr.read32(0x3828));
        assertEquals(0, vf.csr.read32(0x2808));
        for (int offset : new int[] {0x1524, 0x152C, 0x1580, 0x1680, 0x1700, 0x1740}) {
            assertEquals(0, vf.csr.read32(offset), Integer.toHexString(offset));
        }
        assertEquals(0x5001, vf.csr.read32(0x3838), "TDWBAL survives");
        assertEquals(0xD, lab.pf.csr.read32(0xC8C), "VFRE");
        assertEquals(0xD, lab.pf.csr.read32(0xC90), "VFTE");
        assertEquals(7, lab.vf[2].csr.read32(0x1524), "the others stay");
        assertTrue((lab.vf[2].csr.read32(0x2828) & 1 << 25) != 0);
        assertEquals(0, vf.csr.read32(BOX), "mailbox cleared, RSTI untouched");
        assertEquals(2, lab.pf.csr.read32(0xC88), "VFLRE");
        assertEquals(1 << 8, lab.pf.csr.read32(0xC0), "ICR.VMMB");
        lab.pf.csr.write32(0xC88, 2);
        assertEquals(0, lab.pf.csr.read32(0xC88));
    }

    @Test
    void softwareResetOfAVfKeepsItsConfigurationSpace() {
        configure();
        vf.csr.write32(0, 1 << 26);
        expectVfReset();
        assertEquals(6, vf.function.readConfig(4, 2) & 6);
        lab.noViolations();
    }

    @Test
    void functionLevelResetOfAVfClearsItsConfigurationSpace() {
        configure();
        vf.enableMsix(3);
        int pcie = PciConfigSpace.findCapability(vf.function, PciConfigSpace.CAP_PCIE);
        vf.function.writeConfig(pcie + 8, 2, 0x8000);
        assertEquals(0, vf.function.readConfig(4, 2) & 6);
        assertEquals(1, vf.msix.read32(12), "vectors masked again");
        expectVfReset();
    }

    @Test
    void resetOfThePfSetsRstiEverywhereAndPfrstdReplacesItByRstd() {
        configure();
        lab.pf.csr.write32(0x24F0, 1);
        lab.pf.csr.write32(0, 1 << 26);
        assertEquals(0, lab.pf.csr.read32(0), "RST clears itself");
        for (Guest g : lab.vf) {
            assertEquals(0x40, g.csr.read32(BOX));
            assertEquals(0x40, g.csr.read32(BOX), "RSTI is not consumed");
        }
        assertEquals(0xFF, lab.pf.csr.read32(0xC8C));
        assertEquals(0, lab.pf.csr.read32(0x5818));
        assertEquals(0, lab.pf.csr.read32(0x24F0), "RXHOLD");
        assertEquals(0x80002600, lab.pf.csr.read32(0x5AD0));
        assertEquals(0x400, lab.pf.csr.read32(Lab.rxBlock(1) + 0xC));
        assertEquals(6, lab.pf.function.readConfig(4, 2) & 6, "configuration space stays");
        vf.csr.write32(4, 1 << 26);
        assertEquals(0x40, vf.csr.read32(BOX), "a VF reset does not touch RSTI; 4 is an alias of VTCTRL");
        assertEquals(2, lab.pf.csr.read32(0xC88));
        lab.pf.csr.write32(0x18, 1 << 14);
        assertEquals(0x80, vf.csr.read32(BOX));
        assertEquals(0, vf.csr.read32(BOX), "RSTD is consumed");
    }

    @Test
    void functionLevelResetOfThePfTakesTheVfsAway() {
        int pcie = PciConfigSpace.findCapability(lab.pf.function, PciConfigSpace.CAP_PCIE);
        lab.pf.function.writeConfig(pcie + 8, 2, 0x8000);
        assertEquals(0, lab.adapter.enabledVirtualFunctions());
        assertEquals(-1, vf.csr.read32(8));
    }

    @Test
    void clearingVfEnableResetsAllVfs() {
        configure();
        int sriov = PciConfigSpace.findExtended(lab.pf.function, PciConfigSpace.EXT_SRIOV);
        lab.pf.function.writeConfig(sriov + 8, 2, 0);
        assertEquals(7, lab.pf.csr.read32(0xC88));
        lab.pf.function.writeConfig(sriov + 8, 2, 9);
        assertEquals(-1, vf.csr.read32(8), "the old function is gone");
        assertEquals(0x8086, lab.adapter.virtualFunction(1).readConfig(0, 2));
    }

    @Test
    void resetDropsThePacketInHand() {
        TxRing tx = vf.tx();
        lab.wire.setUp(false);
        int at = tx.send(Frames.plain(Frames.FAR, Frames.B, 64));
        lab.run();
        vf.csr.write32(0, 1 << 26);
        lab.wire.setUp(true);
        lab.run();
        assertFalse(tx.done(at));
        assertEquals(null, lab.sent());
    }

    @Test
    void poolWithoutVfteKeepsItsPackets() {
        TxRing tx = vf.tx();
        lab.pf.csr.write32(0xC90, 0xD);
        int at = tx.send(Frames.plain(Frames.FAR, Frames.B, 64));
        lab.run();
        assertFalse(tx.done(at));
        lab.pf.csr.write32(0xC90, 0xF);
        lab.run();
        assertTrue(tx.done(at));
    }
}
