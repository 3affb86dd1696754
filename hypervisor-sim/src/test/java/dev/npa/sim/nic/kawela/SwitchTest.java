package dev.npa.sim.nic.kawela;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.nic.intel.Frames;
import dev.npa.sim.nic.intel.RxRing;
import dev.npa.sim.nic.intel.TxRing;
import org.junit.jupiter.api.Test;

/** The embedded switch, 82576 §8: who gets a frame. VF 0 has address A, VF 1 has B, VF 2 none, the PF has PF. */
class SwitchTest {

    private static final int DTXSWC = 0x3500;
    private static final int VT_CTL = 0x581C;
    private static final int VMOLR = 0x5AD0;
    private static final String STRANGER = "02:00:00:00:00:77";

    private final Lab lab = new Lab(3);
    private final RxRing[] rx = new RxRing[4];
    private final TxRing tx = lab.vf[0].tx();

    SwitchTest() {
        for (int i = 0; i < 3; i++) {
            rx[i] = lab.vf[i].rx();
        }
        rx[3] = lab.pf.rx(Lab.rxBlock(3), 64, 2, 0);
        rx[3].post(63);
        lab.address(0, Frames.PF, 8);
        lab.address(22, Frames.A, 1);
        lab.address(23, Frames.B, 2);
    }

    /** Who received one frame: a digit a pool, then W if the wire did; L behind a digit if it was looped. */
    private String receivers() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            if (rx[i].next() != null) {
                text.append(i).append(rx[i].looped() ? "L" : "");
                assertNull(rx[i].next(), "one copy");
            }
        }
        return text.append(lab.sent() != null ? "W" : "").toString();
    }

    private String arrived(byte[] frame) {
        lab.arrive(frame);
        return receivers();
    }

    private String sent(byte[] frame) {
        int at = tx.send(frame);
        lab.run();
        assertTrue(tx.done(at));
        return receivers();
    }

    @Test
    void unicastFromTheWireGoesToTheOwnerOrTheDefaultPool() {
        assertEquals("0", arrived(Frames.plain(Frames.A, Frames.FAR, 60)));
        assertEquals("1", arrived(Frames.plain(Frames.B, Frames.FAR, 60)));
        assertEquals("3", arrived(Frames.plain(Frames.PF, Frames.FAR, 60)));
        assertEquals("3", arrived(Frames.plain(STRANGER, Frames.FAR, 60)));
        lab.orPf(VT_CTL, 1 << 29);
        assertEquals("", arrived(Frames.plain(STRANGER, Frames.FAR, 60)));
        lab.address(21, STRANGER, 1 | 4);
        assertEquals("02", arrived(Frames.plain(STRANGER, Frames.FAR, 60)), "two pool bits in one RAH");
        lab.noViolations();
    }

    @Test
    void groupFramesNeverGoToTheDefaultPool() {
        assertEquals("", arrived(Frames.plain(Frames.GROUP, Frames.FAR, 60)));
    }

    @Test
    void unicastBetweenPoolsStaysLocal() {
        assertEquals("1L", sent(Frames.plain(Frames.B, Frames.A, 60)));
        assertEquals("3L", sent(Frames.plain(Frames.PF, Frames.A, 60)));
        assertEquals("W", sent(Frames.plain(Frames.FAR, Frames.A, 60)), "no default pool for local traffic");
        assertEquals("W", sent(Frames.plain(Frames.A, Frames.A, 60)), "not back to the sender");
        TxRing pf = lab.pf.tx(Lab.txBlock(11), 64); // the second queue of pool 3
        pf.send(Frames.plain(Frames.A, Frames.PF, 60));
        lab.run();
        assertEquals("0L", receivers());
        lab.noViolations();
    }

    @Test
    void broadcastGoesEverywhereButBackToItsSender() {
        assertEquals("0123", arrived(Frames.plain(Frames.ALL, Frames.FAR, 60)));
        assertEquals("1L2L3LW", sent(Frames.plain(Frames.ALL, Frames.A, 60)));
        lab.pf.csr.write32(VMOLR + 4, Lab.VMOLR & ~(1 << 27));
        assertEquals("2L3LW", sent(Frames.plain(Frames.ALL, Frames.A, 60)), "BAM off");
        lab.orPf(DTXSWC, 1 << 16);
        assertEquals("0L2L3LW", sent(Frames.plain(Frames.ALL, Frames.A, 60)), "LLE");
    }

    @Test
    void multicastFollowsTheHashTable() {
        // MO 0: bytes 0x12 0x34 hash to 0x341, register 26, bit 1.
        lab.pf.csr.write32(0x5200 + 4 * 26, 2);
        assertEquals("", arrived(Frames.plain(Frames.GROUP, Frames.FAR, 60)));
        lab.orPf(VMOLR + 4, 1 << 25);
        assertEquals("1", arrived(Frames.plain(Frames.GROUP, Frames.FAR, 60)), "ROMPE");
        assertEquals("1LW", sent(Frames.plain(Frames.GROUP, Frames.A, 60)));
        lab.orPf(VMOLR + 8, 1 << 28);
        assertEquals("12", arrived(Frames.plain(Frames.GROUP, Frames.FAR, 60)), "MPME");
        assertEquals("2", arrived(Frames.plain("01:00:5e:00:00:01", Frames.FAR, 60)));
        lab.orPf(0x100, 2 << 12);
        assertEquals("2", arrived(Frames.plain(Frames.GROUP, Frames.FAR, 60)), "MO 2 hashes to 0xD04");
        lab.pf.csr.write32(0x5200 + 4 * (0xD04 >> 5), 1 << (0xD04 & 31));
        assertEquals("12", arrived(Frames.plain(Frames.GROUP, Frames.FAR, 60)));
    }

    @Test
    void unicastByHashIsLocalAndOnTheWireAndNeedsRope() {
        // 02:00:00:00:00:99, MO 0: b4 0, b5 0x99: 0x990, register 76, bit 16.
        lab.pf.csr.write32(0xA000 + 4 * 76, 1 << 16);
        lab.orPf(VMOLR + 8, 1 << 25);
        assertEquals("W", sent(Frames.plain(Frames.FAR, Frames.A, 60)), "ROMPE is for multicast");
        lab.orPf(VMOLR + 8, 1 << 26);
        assertEquals("2LW", sent(Frames.plain(Frames.FAR, Frames.A, 60)));
        assertEquals("2", arrived(Frames.plain(Frames.FAR, Frames.A, 60)), "and not the default pool");
    }

    @Test
    void vlanMembershipSelectsPools() {
        lab.vlan(1, 100, 1 | 2);
        assertEquals("01", arrived(Frames.tagged(Frames.ALL, Frames.FAR, 100, 64)));
        assertEquals("3", arrived(Frames.tagged(Frames.PF, Frames.FAR, 100, 64)), "empty set: default pool");
        assertEquals("", arrived(Frames.tagged(Frames.PF, Frames.FAR, 200, 64)), "not in VFTA");
        assertEquals("1LW", sent(Frames.tagged(Frames.ALL, Frames.A, 100, 64)));
        assertEquals("1L", sent(Frames.tagged(Frames.B, Frames.A, 100, 64)));
        assertEquals("W", sent(Frames.tagged(Frames.B, Frames.A, 300, 64)), "another VLAN is another network");
        lab.pf.csr.write32(VMOLR + 4, Lab.VMOLR & ~(1 << 24));
        assertEquals("023", arrived(Frames.plain(Frames.ALL, Frames.FAR, 64)), "AUPE off: no untagged");
        lab.pf.csr.write32(0x5D04, 100 | 3 << 12);
        assertEquals("", arrived(Frames.tagged(Frames.ALL, Frames.FAR, 100, 64)), "the slot is disabled");
    }

    @Test
    void disabledReceivePoolGetsNothing() {
        lab.pf.csr.write32(0xC8C, 0xD);
        assertEquals("", arrived(Frames.plain(Frames.B, Frames.FAR, 60)));
        assertEquals("023", arrived(Frames.plain(Frames.ALL, Frames.FAR, 60)));
        assertEquals("", sent(Frames.plain(Frames.B, Frames.A, 60)));
    }

    @Test
    void eachPoolHasItsOwnFrameLength() {
        lab.pf.csr.write32(VMOLR, Lab.VMOLR & ~(1 << 16)); // without LPE
        lab.pf.csr.write32(VMOLR + 4, Lab.VMOLR & ~0x3FFF | 2000);
        assertEquals("0123", arrived(Frames.plain(Frames.ALL, Frames.FAR, 1514)));
        assertEquals("123", arrived(Frames.plain(Frames.ALL, Frames.FAR, 1515)));
        assertEquals("0123", arrived(Frames.tagged(Frames.ALL, Frames.FAR, 0, 1518)), "1522 with a tag");
        assertEquals("123", arrived(Frames.plain(Frames.ALL, Frames.FAR, 1996)));
        assertEquals("23", arrived(Frames.plain(Frames.ALL, Frames.FAR, 1997)));
        assertEquals(0, lab.pf.csr.read32(0x40AC), "ROC counts what nobody takes");
        assertEquals("", arrived(Frames.plain(Frames.A, Frames.FAR, 1515)));
        assertEquals(1, lab.pf.csr.read32(0x40AC));
        assertEquals("", sent(Frames.plain(Frames.B, Frames.A, 1997)), "looped frames too");
        lab.pf.csr.write32(0x100, lab.pf.csr.read32(0x100) & ~(1 << 5));
        assertEquals("", arrived(Frames.plain(Frames.PF, Frames.FAR, 1515)), "RCTL.LPE is before all pools");
        assertEquals(1, lab.pf.csr.read32(0x40AC));
    }

    @Test
    void spoofedAddressesAreDroppedAndShownInWvbr() {
        lab.orPf(DTXSWC, 1);
        assertEquals("1L", sent(Frames.plain(Frames.B, Frames.A, 60)));
        assertEquals("", sent(Frames.plain(Frames.B, Frames.FAR, 60)));
        assertEquals("", sent(Frames.plain(Frames.FAR, Frames.B, 60)), "another pool's address");
        assertEquals(2, lab.pf.csr.read32(0x41A0), "SSVPC");
        assertEquals(1, lab.pf.csr.read32(0x3554), "WVBR bit of queue 0");
        assertEquals(0, lab.pf.csr.read32(0x3554), "clears on read");
        TxRing second = lab.vf[0].tx(0x3900, 64);
        second.send(Frames.plain(Frames.FAR, Frames.B, 60));
        lab.run();
        assertEquals(1 << 8, lab.pf.csr.read32(0x3554));
        assertEquals(1, lab.vf[0].csr.read32(0xF14), "spoofed frames are not counted as sent");
        lab.pf.csr.write32(DTXSWC, 1 << 31);
        assertEquals("W", sent(Frames.plain(Frames.FAR, Frames.B, 60)), "off");
    }

    @Test
    void vlanSpoofNeedsMembershipAndIgnoresUntagged() {
        lab.vlan(1, 100, 1);
        lab.vlan(2, 200, 2);
        lab.orPf(DTXSWC, 1 << 8);
        assertEquals("W", sent(Frames.tagged(Frames.FAR, Frames.A, 100, 64)));
        assertEquals("", sent(Frames.tagged(Frames.FAR, Frames.A, 200, 64)));
        assertEquals("W", sent(Frames.plain(Frames.FAR, Frames.A, 64)));
        assertEquals("W", sent(Frames.plain(Frames.FAR, STRANGER, 64)), "the address is not checked");
    }

    @Test
    void loopbackNeedsItsEnableTheReceiverAndTheLink() {
        lab.pf.csr.write32(DTXSWC, 0);
        assertEquals("W", sent(Frames.plain(Frames.B, Frames.A, 60)));
        lab.pf.csr.write32(DTXSWC, 1 << 31);
        lab.pf.csr.write32(0x100, lab.pf.csr.read32(0x100) & ~2);
        assertEquals("W", sent(Frames.plain(Frames.B, Frames.A, 60)), "RCTL.EN off");
        assertEquals("", arrived(Frames.plain(Frames.B, Frames.A, 60)));
        lab.orPf(0x100, 2);
        lab.wire.setUp(false);
        int at = tx.send(Frames.plain(Frames.B, Frames.A, 60));
        lab.run();
        assertFalse(tx.done(at), "link down: loopback off, the wire does not take it");
    }

    @Test
    void withoutReplicationOnePoolGetsIt() {
        lab.address(3, Frames.A, 6);
        lab.pf.csr.write32(VT_CTL, 3 << 7);
        assertEquals("0", arrived(Frames.plain(Frames.A, Frames.FAR, 60)));
        assertEquals("3", arrived(Frames.plain(Frames.ALL, Frames.FAR, 60)));
    }

    @Test
    void mirrorRulesAddAPool() {
        lab.pf.csr.write32(0x5D80, 1 | 2 << 8);
        lab.pf.csr.write32(0x5DA0, 2);
        assertEquals("12", arrived(Frames.plain(Frames.B, Frames.FAR, 60)));
        assertEquals("0", arrived(Frames.plain(Frames.A, Frames.FAR, 60)));
        assertEquals("1L2L", sent(Frames.plain(Frames.B, Frames.A, 60)));
        lab.pf.csr.write32(0x5D80, 2 | 2 << 8);
        assertEquals("02", arrived(Frames.plain(Frames.A, Frames.FAR, 60)), "uplink");
        lab.vlan(5, 100, 1);
        lab.pf.csr.write32(0x5D80, 8 | 2 << 8);
        lab.pf.csr.write32(0x5D90, 1 << 5);
        assertEquals("02", arrived(Frames.tagged(Frames.A, Frames.FAR, 100, 64)), "VLAN");
    }

    @Test
    void withoutVmdqThePortFiltersForQueueZero() {
        lab.pf.csr.write32(0x5818, 0);
        assertEquals("0", arrived(Frames.plain(Frames.B, Frames.FAR, 60)), "any exact address");
        assertEquals("", arrived(Frames.plain(STRANGER, Frames.FAR, 60)));
        lab.orPf(0x100, 1 << 3);
        assertEquals("0", arrived(Frames.plain(STRANGER, Frames.FAR, 60)), "UPE");
        assertEquals("0", arrived(Frames.plain(Frames.ALL, Frames.FAR, 60)), "BAM");
        assertEquals("", arrived(Frames.plain(Frames.GROUP, Frames.FAR, 60)));
        lab.orPf(0x100, 1 << 4);
        assertEquals("0", arrived(Frames.plain(Frames.GROUP, Frames.FAR, 60)), "MPE");
        assertEquals("W", sent(Frames.plain(Frames.B, Frames.A, 60)));
    }

    @Test
    void fullLocalRingHoldsTheSendingQueueAndNothingIsLost() {
        for (int i = 0; i < 63; i++) {
            lab.arrive(Frames.plain(Frames.B, Frames.FAR, 60));
        }
        int at = tx.send(Frames.plain(Frames.ALL, Frames.A, 60));
        TxRing other = lab.vf[1].tx();
        int back = other.send(Frames.plain(Frames.A, Frames.B, 61));
        lab.run();
        assertFalse(tx.done(at));
        assertNull(rx[2].next(), "nobody got a copy yet");
        assertTrue(other.done(back), "a queue for another ring goes on");
        assertEquals(61, rx[0].next().length);
        for (int i = 0; i < 63; i++) {
            assertEquals(60, rx[1].next().length);
        }
        assertEquals("", arrived(Frames.plain(Frames.B, Frames.FAR, 60)), "the wire waits for the same ring");
        rx[1].post(2);
        lab.run();
        assertTrue(tx.done(at));
        assertEquals(60, rx[1].next().length);
        assertEquals("1L2L3LW", receivers());
    }
}
