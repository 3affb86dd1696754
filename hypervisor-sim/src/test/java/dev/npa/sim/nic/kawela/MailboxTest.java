package dev.npa.sim.nic.kawela;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.nic.intel.Guest;
import org.junit.jupiter.api.Test;

/** 82576 §4.1: V2PMAILBOX (VF 0xC40), P2VMAILBOX (PF 0xC00 + 4n), MBVFICR (0xC80), VMBMEM. */
class MailboxTest {

    private static final int REQ = 1;
    private static final int ACK = 2;
    private static final int VFU = 4;
    private static final int PFU = 8;
    private static final int VMMB = 1 << 8;

    private final Lab lab = new Lab(8);
    private final int box = 0xC00 + 4 * 7;

    MailboxTest() {
        vfRead(); // consumes RSTD of the start
        lab.pf.csr.read32(0xC0);
    }

    private int vfRead() {
        return lab.vf[7].csr.read32(0xC40);
    }

    private void vfWrite(int value) {
        lab.vf[7].csr.write32(0xC40, value);
    }

    @Test
    void handshakeOfARequestAndItsReply() {
        vfWrite(VFU);
        assertEquals(VFU, vfRead());
        for (int i = 0; i < 16; i++) {
            lab.vf[7].csr.write32(0x800 + 4 * i, 0x100 + i);
        }
        vfWrite(REQ);
        assertEquals(0, vfRead(), "REQ alone releases the lock and reads 0");
        assertEquals(1 << 7, lab.pf.csr.read32(0xC80), "MBVFICR");
        assertEquals(VMMB, lab.pf.csr.read32(0xC0), "ICR");
        assertEquals(0, lab.pf.csr.read32(0xC0), "clears on read");
        lab.pf.csr.write32(0xC80, 1 << 7);
        lab.pf.csr.write32(box, PFU);
        assertEquals(PFU, lab.pf.csr.read32(box));
        for (int i = 0; i < 16; i++) {
            assertEquals(0x100 + i, lab.pf.csr.read32(0x800 + 7 * 64 + 4 * i));
        }
        lab.pf.csr.write32(box, ACK | PFU);
        assertEquals(PFU | 0x20, vfRead(), "ACK|PFU keeps the lock");
        vfWrite(VFU);
        assertEquals(PFU, vfRead(), "VFU is refused while the PF owns the buffer; PFACK was consumed");
        lab.pf.csr.write32(0x800 + 7 * 64, 0x8000_0001);
        lab.pf.csr.write32(box, 1);
        assertEquals(0x10, lab.pf.csr.read32(0xC40 + 28) & 0x10, "the PF's mirror does not consume");
        assertEquals(0x10, vfRead(), "STS alone releases it");
        assertEquals(0, vfRead());
        assertEquals(0x8000_0001, lab.vf[7].csr.read32(0x800));
        vfWrite(ACK);
        assertEquals(1 << 23, lab.pf.csr.read32(0xC80));
        assertEquals(0x80, lab.vf[6].csr.read32(0xC40), "VF 6 has its RSTD only");
        assertEquals(0, lab.vf[6].csr.read32(0x800));
        lab.noViolations();
    }

    @Test
    void lockGoesToTheFirst() {
        vfWrite(VFU);
        lab.pf.csr.write32(box, PFU);
        assertEquals(VFU, lab.pf.csr.read32(box), "PFU is refused while the VF owns the buffer");
    }

    @Test
    void pfForcesAStuckLockAwayWithItsRequests() {
        vfWrite(VFU | REQ | ACK);
        lab.pf.csr.write32(box, 1 << 4);
        assertEquals(0, lab.pf.csr.read32(box));
        assertEquals(0, lab.pf.csr.read32(0xC80));
    }

    @Test
    void mbvfimrMasksTheInterruptAndNotTheBit() {
        lab.pf.csr.write32(0xC84, 0x7F);
        vfWrite(REQ);
        assertEquals(0, lab.pf.csr.read32(0xC0));
        assertEquals(1 << 7, lab.pf.csr.read32(0xC80));
    }

    @Test
    void pfMessageInterruptsTheVfThroughItsMiscVector() {
        Guest vf = lab.vf[7];
        vf.enableMsix(3);
        vf.csr.write32(0x1740, 0x82);
        vf.csr.write32(0x1524, 7);
        vf.csr.write32(0x152C, 4);
        lab.pf.csr.write32(box, 1);
        assertEquals(2, vf.messages.poll());
        lab.pf.csr.write32(box, ACK);
        assertEquals(2, vf.messages.poll());
        assertTrue(vf.messages.isEmpty());
        lab.noViolations();
    }

    @Test
    void vfMessageInterruptsThePf() {
        lab.pf.enableMsix(25);
        lab.pf.csr.write32(0x1740, (0x80 | 0) << 8);
        lab.pf.csr.write32(0x152C, 1);
        lab.pf.csr.write32(0x1524, 1);
        vfWrite(REQ);
        assertEquals(null, lab.pf.messages.poll(), "IMS masks it");
        lab.pf.csr.write32(0xD0, VMMB);
        assertEquals(0, lab.pf.messages.poll());
        assertEquals(VMMB, lab.pf.csr.read32(0xC0));
        lab.pf.csr.write32(0xD8, VMMB);
        vfWrite(REQ);
        assertEquals(null, lab.pf.messages.poll());
        lab.noViolations();
    }
}
