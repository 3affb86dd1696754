package dev.npa.sim.nic.niantic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.machine.PciConfigSpace;
import dev.npa.sim.nic.intel.Frames;
import dev.npa.sim.nic.intel.Guest;
import dev.npa.sim.nic.intel.TxRing;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** 82599 §8, row by row. */
class ResetTest {

    private static final int VF_BOX = 0x2FC;

    private final Lab lab = new Lab(3);
    private final Guest vf = lab.vf[1];

    private void configure() {
        vf.tx();
        vf.rx();
        vf.csr.write32(0x2038, 0x5001);
        vf.csr.write32(0x108, 7);
        vf.csr.write32(0x120, 0x8180);
        vf.csr.write32(0x820, 336);
        lab.pf.csr.write32(0x4B04, 1);
        lab.pf.csr.write32(0x700, -1);
        lab.pf.csr.read32(0x800);
    }

    private void expectVfReset() {
        assertEquals(0, vf.csr.read32(0x1028));
        assertEquals(0, vf.csr.read32(0x2028));
        assertEquals(0, vf.csr.read32(0x1008));
        assertEquals(0, vf.csr.read32(0x108));
        assertEquals(0, vf.csr.read32(0x120));
        assertEquals(0, vf.csr.read32(0x820));
        assertEquals(0x5001, vf.csr.read32(0x2038), "TDWBAL survives");
        assertEquals(0, lab.pf.csr.read32(0x51E0) & 2);
        assertEquals(0, lab.pf.csr.read32(0x8110) & 2);
        assertEquals(0xD, lab.pf.csr.read32(0x51E0), "other pools stay");
        assertEquals(0, vf.csr.read32(VF_BOX), "mailbox cleared, RSTI untouched");
        assertEquals(2, lab.pf.csr.read32(0x600), "PFVFLRE");
        assertEquals(1 << 19, lab.pf.csr.read32(0x800));
        lab.pf.csr.write32(0x700, 2);
        assertEquals(0, lab.pf.csr.read32(0x600), "PFVFLREC clears PFVFLRE");
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
        assertEquals(0, vf.function.readConfig(pcie + 8, 2) & 0x8000, "FLR reads 0");
        expectVfReset();
    }

    @Test
    void resetOfThePfSetsRstiEverywhereAndPfrstdReplacesItByRstd() {
        configure();
        vf.csr.read32(VF_BOX);
        lab.pf.csr.write32(0, 1 << 26);
        assertEquals(0, lab.pf.csr.read32(0), "RST clears itself");
        for (Guest g : lab.vf) {
            assertEquals(0x40, g.csr.read32(VF_BOX));
            assertEquals(0x40, g.csr.read32(VF_BOX), "RSTI is not consumed");
        }
        assertEquals(0, lab.pf.csr.read32(0x51E0));
        assertEquals(0, lab.pf.csr.read32(0x8110));
        assertEquals(0, lab.pf.csr.read32(0x898));
        assertEquals(0x402, lab.pf.csr.read32(0x1014), "SRRCTL has its reset value");
        assertEquals(6, lab.pf.function.readConfig(4, 2) & 6, "configuration space stays");
        vf.csr.write32(0, 1 << 26);
        assertEquals(0x40, vf.csr.read32(VF_BOX), "a VF reset does not touch RSTI");
        lab.pf.csr.write32(0x18, 1 << 14);
        assertEquals(0x80, vf.csr.read32(VF_BOX));
        assertEquals(0, vf.csr.read32(VF_BOX), "RSTD is consumed");
    }

    @Test
    void functionLevelResetOfThePfTakesTheVfsAway() {
        int pcie = PciConfigSpace.findCapability(lab.pf.function, PciConfigSpace.CAP_PCIE);
        lab.pf.function.writeConfig(pcie + 8, 2, 0x8000);
        assertEquals(0, lab.adapter.enabledVirtualFunctions());
        assertEquals(0, lab.pf.function.readConfig(4, 2) & 6);
        assertEquals(-1, vf.csr.read32(0x10));
    }

    @Test
    void disabledVfAnswersAllOnesForEverAndANewOneTakesItsPlace() {
        int sriov = PciConfigSpace.findExtended(lab.pf.function, PciConfigSpace.EXT_SRIOV);
        lab.pf.csr.write32(0x700, -1);
        lab.pf.function.writeConfig(sriov + 8, 2, 0);
        assertEquals(7, lab.pf.csr.read32(0x600), "clearing VF Enable resets all VFs");
        lab.pf.function.writeConfig(sriov + 8, 2, 9);
        assertEquals(-1, vf.csr.read32(0x10));
        assertEquals(0xFFFF, vf.function.readConfig(0, 2));
        assertEquals(-1, vf.msix.read32(0));
        assertFalse(lab.adapter.virtualFunction(1) == vf.function);
        assertEquals(0x8086, lab.adapter.virtualFunction(1).readConfig(0, 2));
        lab.noViolations();
    }

    private void packetSurvives(Consumer<TxRing> reset, boolean survives) {
        lab.address(0, Frames.B, 2);
        TxRing tx = vf.tx();
        lab.wire.setUp(false);
        int at = tx.send(Frames.plain(Frames.FAR, Frames.B, 64));
        lab.run();
        assertFalse(tx.done(at), "the link is down");
        reset.accept(tx);
        lab.wire.setUp(true);
        lab.run();
        assertEquals(survives, tx.done(at));
        assertEquals(survives, lab.sent() != null);
    }

    @Test
    void resetDropsThePacketInHand() {
        packetSurvives(tx -> { }, true);
        packetSurvives(tx -> vf.csr.write32(0, 1 << 26), false);
    }

    @Test
    void memoryAccessWithoutMemorySpaceIsRecorded() {
        Lab off = new Lab();
        off.pf.function.writeConfig(4, 2, 4);
        assertEquals(-1, off.pf.csr.read32(8));
        off.oneViolation("memory space disabled");
    }

    @Test
    void disabledTransmitPoolKeepsItsPackets() {
        TxRing tx = vf.tx();
        lab.pf.csr.write32(0x8110, 0xD);
        int at = tx.send(Frames.plain(Frames.FAR, Frames.B, 64));
        lab.run();
        assertFalse(tx.done(at));
        assertEquals(0, tx.head());
        assertNull(lab.sent());
        lab.pf.csr.write32(0x8110, 0xF);
        lab.run();
        assertTrue(tx.done(at));
    }

    @Test
    void queueOfThePfThatBecomesAVfsIsTurnedOff() {
        Lab bare = new Lab();
        bare.pf.rx(0x1000, 64, 2, 0);
        assertEquals(1 << 25, bare.pf.csr.read32(0x1028));
        int sriov = PciConfigSpace.findExtended(bare.pf.function, PciConfigSpace.EXT_SRIOV);
        bare.pf.function.writeConfig(sriov + 0x10, 2, 1);
        bare.pf.function.writeConfig(sriov + 8, 2, 9);
        assertEquals(0, bare.pf.csr.read32(0x1028));
        bare.oneViolation("queue 0", "VF Enable");
    }
}
