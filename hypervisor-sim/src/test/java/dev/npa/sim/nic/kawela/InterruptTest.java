package dev.npa.sim.nic.kawela;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.nic.intel.Frames;
import dev.npa.sim.nic.intel.Guest;
import dev.npa.sim.nic.intel.RxRing;
import java.util.List;
import org.junit.jupiter.api.Test;

/** 82576 §3. VF 1: receive queue 0 on vector 1, transmit queue 0 on vector 0, as igbvf does. */
class InterruptTest {

    private static final int EICR = 0x1580;
    private static final int EICS = 0x1520;
    private static final int EIMS = 0x1524;
    private static final int EIMC = 0x1528;
    private static final int EIAC = 0x152C;
    private static final int EIAM = 0x1530;
    private static final int EITR1 = 0x1684;

    private final Lab lab = new Lab(3);
    private final Guest vf = lab.vf[1];

    InterruptTest() {
        lab.address(1, Frames.A, 2);
        vf.rx();
        vf.enableMsix(3);
        vf.csr.write32(0x1700, 0x8081);
    }

    private void frame() {
        lab.send(Frames.plain(Frames.A, Frames.FAR, 60));
        lab.pass(1_000);
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
        assertEquals(List.of(1), messages());
        vf.tx().send(Frames.plain(Frames.FAR, Frames.A, 60));
        lab.run();
        assertEquals(List.of(0), messages());
        assertEquals(0, vf.csr.read32(EICR), "auto-cleared");
        lab.noViolations();
    }

    @Test
    void secondQueueHasItsOwnEntries() {
        RxRing second = vf.rx(0x2900, 64, 2, 0);
        second.post(8);
        vf.csr.write32(0x1700, 0x8182 << 16);
        vf.csr.write32(EIAC, 7);
        vf.csr.write32(EIMS, 7);
        vf.tx(0x3900, 64).send(Frames.plain(Frames.FAR, Frames.A, 60));
        lab.run();
        assertEquals(List.of(1), messages());
        frame();
        assertEquals(List.of(), messages(), "queue 0 has no valid entry");
    }

    @Test
    void causesOfFunctionsDoNotTouchEachOther() {
        lab.vf[0].csr.write32(EIMS, 7);
        vf.csr.write32(EICS, 5);
        assertEquals(0, lab.vf[0].csr.read32(EICR));
        assertEquals(0, lab.vf[2].csr.read32(EICR));
        assertEquals(0, lab.pf.csr.read32(EICR), "the PF sees its own causes only");
        lab.pf.csr.write32(EIMC, -1);
        lab.pf.csr.write32(EIMS, -1);
        assertEquals(0xFFFF, lab.pf.csr.read32(EIMS), "causes 16..24 belong to three VFs");
        assertEquals(7, lab.vf[0].csr.read32(EIMS));
        assertEquals(0, vf.csr.read32(EIMS));
        assertEquals(5, lab.pf.csr.read32(0x10180), "PVTEICR, which clears");
        assertEquals(0, vf.csr.read32(EICR));
        vf.csr.write32(EIAC, -1);
        assertEquals(7, vf.csr.read32(EIAC));
        vf.csr.write32(EIAC, 0);
        assertEquals(0, vf.csr.read32(EIAC), "shrinks again");
    }

    @Test
    void causeWithoutAutoClearIsSentOnceUntilItIsCleared() {
        vf.csr.write32(EIMS, 7);
        frame();
        frame();
        assertEquals(List.of(1), messages());
        assertEquals(2, vf.csr.read32(EICR));
        assertEquals(0, vf.csr.read32(EICR), "clears on read");
        frame();
        assertEquals(List.of(1), messages());
        vf.csr.write32(EICR, 2);
        assertEquals(0, vf.csr.read32(EICR), "write 1 clears");
    }

    @Test
    void autoMaskTurnsTheVectorOffUntilItIsWrittenAgain() {
        vf.csr.write32(EIAC, 7);
        vf.csr.write32(EIAM, 2);
        vf.csr.write32(EIMS, 7);
        frame();
        assertEquals(List.of(1), messages());
        assertEquals(5, vf.csr.read32(EIMS));
        frame();
        assertEquals(List.of(), messages());
        vf.csr.write32(EIMS, 2);
        assertEquals(List.of(1), messages(), "the cause was set meanwhile");
        lab.pf.csr.write32(0x1514, 1 << 4);
        vf.csr.write32(EIMS, 2);
        frame();
        assertEquals(7, vf.csr.read32(EIMS), "GPIE.EIAME off");
    }

    @Test
    void softwareSetsACauseAndTheMaskHoldsIt() {
        vf.csr.write32(EICS, 4);
        assertEquals(List.of(), messages());
        vf.csr.write32(EIMS, 4);
        assertEquals(List.of(2), messages());
        vf.csr.write32(EIMC, 4);
        assertEquals(0, vf.csr.read32(EIMS));
        assertEquals(4, vf.csr.read32(EICR));
    }

    @Test
    void throttleCountsMicrosecondsFromBit2() {
        vf.csr.write32(EIAC, 7);
        vf.csr.write32(EIMS, 7);
        vf.csr.write32(EITR1, 1 << 31 | 488); // 122 us, about 8000 a second
        frame();
        assertEquals(List.of(1), messages());
        long first = lab.now;
        frame();
        frame();
        assertEquals(List.of(), messages());
        assertEquals(first + 122_000, lab.nic.nextEvent());
        lab.now = lab.nic.nextEvent() - 1;
        lab.run();
        assertEquals(List.of(), messages());
        lab.pass(1);
        assertEquals(List.of(1), messages(), "one message for both");
        assertTrue(lab.nic.nextEvent() > lab.now + Lab.SECOND);
        frame();
        vf.csr.write32(EITR1, 488);
        assertEquals(List.of(1), messages(), "a write without CNT_IGNR zeroes the counter");
    }

    @Test
    void maskedTableEntrySetsItsPendingBit() {
        vf.csr.write32(EIAC, 7);
        vf.csr.write32(EIMS, 7);
        vf.msix.write32(16 + 12, 1);
        frame();
        assertEquals(2, vf.msix.read32(0x2000));
        assertEquals(List.of(), messages());
        vf.csr.write32(0xF04, 2);
        vf.msix.write32(16 + 12, 0);
        assertEquals(List.of(), messages(), "PBACL forgot it");
    }

    @Test
    void pfQueuesUseIvarOfTheirNumberModuloEight() {
        Guest pf = lab.pf;
        pf.enableMsix(25);
        lab.address(0, Frames.PF, 8);
        RxRing rx = pf.rx(Lab.rxBlock(3), 64, 2, 0);
        rx.post(10);
        pf.csr.write32(0x1700 + 12, 0x80 | 5 | (0x80 | 4) << 24); // receive queue 3, transmit queue 11
        pf.csr.write32(EIAC, 0x30);
        pf.csr.write32(EIMS, 0x30);
        lab.arrive(Frames.plain(Frames.PF, Frames.FAR, 60));
        assertEquals(5, pf.messages.poll());
        pf.tx(Lab.txBlock(11), 64).send(Frames.plain(Frames.FAR, Frames.PF, 60));
        lab.run();
        assertEquals(4, pf.messages.poll());
        lab.noViolations();
        pf.csr.write32(0x1700 + 12, 0x80 | 20);
        lab.oneViolation("IVAR[3] names vector 20", "3 VFs");
    }

    @Test
    void linkChangeIsAnOtherCause() {
        Guest pf = lab.pf;
        pf.enableMsix(25);
        pf.csr.write32(0x1740, (0x80 | 6) << 8);
        pf.csr.write32(EIAC, 1 << 6);
        pf.csr.write32(EIMS, 1 << 6);
        pf.csr.write32(0xD0, 1 << 2);
        lab.wire.setUp(false);
        lab.run();
        assertEquals(6, pf.messages.poll());
        assertEquals(1 << 2, pf.csr.read32(0xC0), "LSC");
        lab.wire.setUp(true);
        lab.run();
        assertEquals(6, pf.messages.poll());
        pf.csr.write32(0xC8, 1 << 2);
        assertEquals(6, pf.messages.poll(), "ICS");
    }
}
