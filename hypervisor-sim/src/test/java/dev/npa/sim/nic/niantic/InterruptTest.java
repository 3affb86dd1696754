package dev.npa.sim.nic.niantic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.nic.intel.Frames;
import dev.npa.sim.nic.intel.Guest;
import dev.npa.sim.nic.intel.RxRing;
import java.util.List;
import org.junit.jupiter.api.Test;

/** 82599 §3. VF 0: receive queue 0 on vector 0, transmit queue 0 on vector 1. */
class InterruptTest {

    private static final int EICR = 0x100;
    private static final int EICS = 0x104;
    private static final int EIMS = 0x108;
    private static final int EIMC = 0x10C;
    private static final int EIAC = 0x110;
    private static final int EIAM = 0x114;
    private static final int EITR = 0x820;

    private final Lab lab = new Lab(1);
    private final Guest vf = lab.vf[0];

    InterruptTest() {
        lab.address(1, Frames.A, 1);
        vf.rx();
        vf.enableMsix(3);
        vf.csr.write32(0x120, 0x8180);
    }

    private void frame() {
        lab.send(Frames.plain(Frames.A, Frames.FAR, 60));
        lab.pass(100);
    }

    private List<Integer> messages() {
        List<Integer> list = List.copyOf(vf.messages);
        vf.messages.clear();
        return list;
    }

    @Test
    void receiveAndTransmitGoToTheirVectors() {
        vf.csr.write32(EIAC, 7);
        vf.csr.write32(EIMS, 7);
        frame();
        assertEquals(List.of(0), messages());
        vf.tx().send(Frames.plain(Frames.FAR, Frames.A, 60));
        lab.run();
        assertEquals(List.of(1), messages());
        assertEquals(0, vf.csr.read32(EICR), "auto-cleared");
        lab.noViolations();
    }

    @Test
    void invalidIvarEntryRaisesNothing() {
        vf.csr.write32(EIMS, 7);
        vf.csr.write32(0x120, 0x0100);
        frame();
        assertEquals(0, vf.csr.read32(EICR));
        assertEquals(List.of(), messages());
    }

    @Test
    void causeWithoutAutoClearIsSentOnceUntilItIsCleared() {
        vf.csr.write32(EIMS, 7);
        frame();
        frame();
        assertEquals(List.of(0), messages());
        assertEquals(1, vf.csr.read32(EICR));
        assertEquals(0, vf.csr.read32(EICR), "clears on read");
        frame();
        assertEquals(List.of(0), messages());
        vf.csr.write32(EICR, 1);
        assertEquals(0, vf.csr.read32(EICR), "write 1 clears");
    }

    @Test
    void autoMaskTurnsTheVectorOffUntilItIsWrittenAgain() {
        vf.csr.write32(EIAC, 7);
        vf.csr.write32(EIAM, 1);
        vf.csr.write32(EIMS, 7);
        frame();
        assertEquals(List.of(0), messages());
        assertEquals(6, vf.csr.read32(EIMS));
        frame();
        assertEquals(List.of(), messages());
        vf.csr.write32(EIMS, 1);
        assertEquals(List.of(0), messages(), "the cause was set meanwhile");
        lab.pf.csr.write32(0x898, lab.pf.csr.read32(0x898) & ~(1 << 30));
        vf.csr.write32(EIMS, 1);
        frame();
        assertEquals(7, vf.csr.read32(EIMS), "GPIE.EIAME off");
    }

    @Test
    void maskedCauseWaitsAndSoftwareCanSetOne() {
        vf.csr.write32(EICS, 4);
        assertEquals(List.of(), messages());
        vf.csr.write32(EIMS, 4);
        assertEquals(List.of(2), messages());
        vf.csr.write32(EIMC, 4);
        assertEquals(0, vf.csr.read32(EIMS));
        assertEquals(0, vf.csr.read32(EICS), "write-only");
        assertEquals(4, vf.csr.read32(EICR));
    }

    @Test
    void throttleSpacesMessagesInMachineTime() {
        vf.csr.write32(EIAC, 7);
        vf.csr.write32(EIMS, 7);
        vf.csr.write32(EITR, 1 << 31 | 40); // interval 5: 10.24 us
        frame();
        assertEquals(List.of(0), messages());
        long first = lab.now;
        frame();
        frame();
        assertEquals(List.of(), messages());
        assertEquals(first + 5 * 2048, lab.nic.nextEvent());
        lab.now = lab.nic.nextEvent() - 1;
        lab.run();
        assertEquals(List.of(), messages());
        lab.pass(1);
        assertEquals(List.of(0), messages(), "one message for both");
        assertTrue(lab.nic.nextEvent() > lab.now + Lab.SECOND);
    }

    @Test
    void counterWriteWithoutCntWdisEndsTheWait() {
        vf.csr.write32(EIAC, 7);
        vf.csr.write32(EIMS, 7);
        vf.csr.write32(EITR, 1 << 31 | 0xFF8);
        frame();
        frame();
        assertEquals(List.of(0), messages());
        vf.csr.write32(EITR, 0xFF8);
        assertEquals(List.of(0), messages());
    }

    @Test
    void maskedTableEntrySetsItsPendingBit() {
        vf.csr.write32(EIAC, 7);
        vf.csr.write32(EIMS, 7);
        vf.msix.write32(12, 1);
        frame();
        assertEquals(1, vf.msix.read32(0x2000));
        assertEquals(List.of(), messages());
        vf.msix.write32(12, 0);
        assertEquals(List.of(0), messages());
        assertEquals(0, vf.msix.read32(0x2000));
        vf.msix.write32(12, 1);
        frame();
        vf.csr.write32(0x148, 1);
        vf.msix.write32(12, 0);
        assertEquals(List.of(), messages(), "VFPBACL forgot it");
    }

    @Test
    void pfQueueVectorsAndOtherCauses() {
        Guest pf = lab.pf;
        pf.enableMsix(64);
        lab.address(0, Frames.PF, 2);
        RxRing rx = pf.rx(0x1000 + 0x80, 64, 2, 0);
        rx.post(10);
        pf.csr.write32(0x900 + 4, 0x80 | 5); // IVAR[1]: receive queue 2 on vector 5
        pf.csr.write32(0xA00, (0x80 | 6) << 8); // other causes on vector 6
        pf.csr.write32(0x810, 1 << 5);
        pf.csr.write32(0x880, 1 << 5 | 1 << 19 | 1 << 20);
        assertEquals(1 << 5 | 1 << 19 | 1 << 20, pf.csr.read32(0x880));
        assertEquals(1 << 5, pf.csr.read32(0xAA0), "EIMS_EX shows the same vectors");
        pf.messages.clear();
        lab.arrive(Frames.plain(Frames.PF, Frames.FAR, 60));
        assertEquals(5, pf.messages.poll());
        assertNull(pf.messages.poll());
        pf.csr.read32(0x800);
        vf.csr.write32(0x2FC, 1);
        assertEquals(6, pf.messages.poll());
        assertEquals(1 << 19, pf.csr.read32(0x800));
        lab.wire.setUp(false);
        lab.run();
        assertEquals(6, pf.messages.poll());
        assertEquals(1 << 20, pf.csr.read32(0x800), "LSC");
        assertEquals(0, vf.csr.read32(0x10), "VFLINKS down");
        lab.wire.setUp(true);
        assertEquals(0x7000_0000, vf.csr.read32(0x10), "up at 10 Gb/s");
        lab.noViolations();
    }

    @Test
    void pfVectorsAbove15UseTheExtendedBanks() {
        Guest pf = lab.pf;
        pf.enableMsix(64);
        pf.csr.write32(0xAA4, 1 << 8); // vector 40
        pf.csr.write32(0xA94, 1 << 8);
        assertEquals(40, pf.messages.poll());
        pf.csr.write32(0xAB4, 1 << 8);
        pf.csr.write32(0xA94, 1 << 8);
        assertNull(pf.messages.poll());
    }
}
