package dev.npa.sim.nic.niantic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.nic.intel.Guest;
import org.junit.jupiter.api.Test;

/** 82599 §4: bits of VFMAILBOX (0x2FC) and PFMAILBOX (0x4B00 + 4n), PFMBICR (0x710). */
class MailboxTest {

    private static final int VF_BOX = 0x2FC;
    private static final int REQ = 1;
    private static final int ACK = 2;
    private static final int VFU = 4;
    private static final int PFU = 8;

    private final Lab lab = new Lab(2);
    private final int box = 0x4B00 + 4;

    private int vfRead() {
        return lab.vf[1].csr.read32(VF_BOX);
    }

    private void vfWrite(int value) {
        lab.vf[1].csr.write32(VF_BOX, value);
    }

    MailboxTest() {
        vfRead(); // consumes RSTD of the start
    }

    @Test
    void lockGoesToTheFirstAndIsReleasedByAnyWriteWithoutIt() {
        vfWrite(VFU);
        assertEquals(VFU, vfRead());
        lab.pf.csr.write32(box, PFU);
        assertEquals(VFU, lab.pf.csr.read32(box), "PFU is refused while the VF owns the buffer");
        vfWrite(REQ);
        assertEquals(0, vfRead(), "REQ alone releases the lock and reads 0");
        lab.pf.csr.write32(box, PFU);
        assertEquals(PFU, lab.pf.csr.read32(box));
        vfWrite(VFU);
        assertEquals(PFU, vfRead(), "VFU is refused while the PF owns the buffer");
        lab.pf.csr.write32(box, ACK | PFU);
        assertEquals(PFU | 0x20, vfRead(), "ACK|PFU keeps the lock");
        lab.pf.csr.write32(box, 1);
        assertEquals(0x10, vfRead(), "STS alone releases it");
    }

    @Test
    void statusBitsAreConsumedByTheReadAndStayWithTheOtherFunction() {
        lab.pf.csr.write32(box, 1);
        lab.pf.csr.write32(box, ACK);
        assertEquals(0x10, lab.pf.csr.read32(0x4C04) & 0x10, "the PF's window does not consume");
        assertEquals(0x30, vfRead());
        assertEquals(0, vfRead());
        assertEquals(0x80, lab.vf[0].csr.read32(VF_BOX), "VF 0 has its RSTD only");
    }

    @Test
    void requestAndAcknowledgeReachPfmbicrAndMailboxInterrupt() {
        lab.pf.csr.read32(0x800);
        vfWrite(REQ);
        assertEquals(1 << 1, lab.pf.csr.read32(0x710));
        assertEquals(1 << 19, lab.pf.csr.read32(0x800));
        vfWrite(ACK);
        assertEquals(1 << 1 | 1 << 17, lab.pf.csr.read32(0x710));
        lab.pf.csr.write32(0x710, 1 << 1);
        assertEquals(1 << 17, lab.pf.csr.read32(0x710), "write 1 clears");
        lab.pf.csr.read32(0x800);
        lab.pf.csr.write32(0x720, 0);
        vfWrite(REQ);
        assertEquals(0, lab.pf.csr.read32(0x800), "PFMBIMR masks the interrupt, not the bit");
        assertEquals(1 << 1 | 1 << 17, lab.pf.csr.read32(0x710));
    }

    @Test
    void pfForcesAStuckLockAway() {
        vfWrite(VFU | REQ | ACK);
        assertEquals(VFU, lab.pf.csr.read32(box));
        lab.pf.csr.write32(box, 1 << 4);
        assertEquals(0, lab.pf.csr.read32(box));
        assertEquals(0, lab.pf.csr.read32(0x710));
    }

    @Test
    void messageWordsAreSharedAndOnlyWithTheOwnVf() {
        for (int i = 0; i < 16; i++) {
            lab.vf[1].csr.write32(0x200 + 4 * i, 0x1000 + i);
        }
        for (int i = 0; i < 16; i++) {
            assertEquals(0x1000 + i, lab.pf.csr.read32(0x13000 + 64 + 4 * i));
            assertEquals(0, lab.vf[0].csr.read32(0x200 + 4 * i));
        }
    }

    @Test
    void pfMessageInterruptsTheVfThroughItsMiscVector() {
        Guest vf = lab.vf[1];
        vf.enableMsix(3);
        vf.csr.write32(0x140, 0x82);
        vf.csr.write32(0x108, 7);
        vf.csr.write32(0x110, 4);
        lab.pf.csr.write32(box, 1);
        assertEquals(2, vf.messages.poll());
        lab.pf.csr.write32(box, ACK);
        assertEquals(2, vf.messages.poll());
        assertTrue(vf.messages.isEmpty());
        assertTrue(lab.vf[0].messages.isEmpty());
        lab.noViolations();
    }
}
