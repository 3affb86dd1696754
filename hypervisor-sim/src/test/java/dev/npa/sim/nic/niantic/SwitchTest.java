package dev.npa.sim.nic.niantic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.nic.intel.Frames;
import dev.npa.sim.nic.intel.RxRing;
import dev.npa.sim.nic.intel.TxRing;
import org.junit.jupiter.api.Test;

/** The embedded switch, 82599 §11: who gets a frame. VF 0 has address A, VF 1 has B, VF 2 none, the PF has PF. */
class SwitchTest {

    private static final int PF_RX = 0x1000 + 0x40 * 6; // pool 3, 64 pools of 2 queues
    private static final int PF_TX = 0x6000 + 0x40 * 6;

    private final Lab lab = new Lab(3);
    private final RxRing[] rx = new RxRing[4];
    private final TxRing tx = lab.vf[0].tx();

    SwitchTest() {
        for (int i = 0; i < 3; i++) {
            rx[i] = lab.vf[i].rx();
        }
        rx[3] = lab.pf.rx(PF_RX, 64, 2, 0);
        rx[3].post(63);
        lab.address(0, Frames.PF, 8);
        lab.address(1, Frames.A, 1);
        lab.address(2, Frames.B, 2);
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
        assertEquals("3", arrived(Frames.plain("02:00:00:00:00:77", Frames.FAR, 60)));
        lab.orPf(0x51B0, 1 << 29);
        assertEquals("", arrived(Frames.plain("02:00:00:00:00:77", Frames.FAR, 60)));
        lab.noViolations();
    }

    @Test
    void unicastBetweenPoolsStaysLocal() {
        assertEquals("1L", sent(Frames.plain(Frames.B, Frames.A, 60)));
        assertEquals("3L", sent(Frames.plain(Frames.PF, Frames.A, 60)));
        assertEquals("W", sent(Frames.plain(Frames.FAR, Frames.A, 60)), "no default pool for local traffic");
        TxRing pf = lab.pf.tx(PF_TX, 64);
        pf.send(Frames.plain(Frames.A, Frames.PF, 60));
        lab.run();
        assertEquals("0L", receivers());
        assertEquals(1, lab.vf[1].csr.read32(0x101C), "VFGPRC counts looped frames");
        assertEquals(3, lab.vf[0].csr.read32(0x201C), "VFGPTC");
        lab.noViolations();
    }

    @Test
    void broadcastGoesEverywhereButBackToItsSender() {
        assertEquals("0123", arrived(Frames.plain(Frames.ALL, Frames.FAR, 60)));
        assertEquals("1L2L3LW", sent(Frames.plain(Frames.ALL, Frames.A, 60)));
        lab.pf.csr.write32(0xF000 + 4, 1 << 24);
        assertEquals("2L3LW", sent(Frames.plain(Frames.ALL, Frames.A, 60)));
        lab.orPf(0x5180, 1);
        assertEquals("0L2L3LW", sent(Frames.plain(Frames.ALL, Frames.A, 60)), "PFVMTXSW.LLE");
    }

    @Test
    void multicastFollowsTheHashTable() {
        assertEquals("3", arrived(Frames.plain(Frames.GROUP, Frames.FAR, 60)));
        assertEquals("W", sent(Frames.plain(Frames.GROUP, Frames.A, 60)));
        // MO 0: bytes 0x12 0x34 hash to 0x341, register 26, bit 1.
        lab.pf.csr.write32(0x5200 + 4 * 26, 2);
        lab.pf.csr.write32(0x5090, 4);
        lab.orPf(0xF004, 1 << 25);
        assertEquals("1", arrived(Frames.plain(Frames.GROUP, Frames.FAR, 60)));
        assertEquals("1LW", sent(Frames.plain(Frames.GROUP, Frames.A, 60)));
        lab.orPf(0xF008, 1 << 28);
        assertEquals("12", arrived(Frames.plain(Frames.GROUP, Frames.FAR, 60)), "MPE");
        assertEquals("2", arrived(Frames.plain("01:00:5e:00:00:01", Frames.FAR, 60)));
        lab.pf.csr.write32(0x5090, 0);
        assertEquals("2", arrived(Frames.plain(Frames.GROUP, Frames.FAR, 60)), "MFE off");
    }

    @Test
    void hashKindsAgreeWithTheSheet() {
        int[] hash = {0x341, 0x682, 0xD04, 0x412}; // b4 0x12, b5 0x34, kinds 0..3
        lab.orPf(0xF004, 1 << 25);
        for (int kind = 0; kind < 4; kind++) {
            lab.pf.csr.write32(0x5090, 4 | kind);
            for (int i = 0; i < 128; i++) {
                lab.pf.csr.write32(0x5200 + 4 * i, i == hash[kind] >> 5 ? 1 << (hash[kind] & 31) : 0);
            }
            assertEquals("1", arrived(Frames.plain(Frames.GROUP, Frames.FAR, 60)), "kind " + kind);
        }
    }

    @Test
    void unicastByHashIsLocalAndOnTheWire() {
        // 02:00:00:00:00:99, MO 0: b4 0, b5 0x99: 0x990, register 76, bit 16.
        lab.pf.csr.write32(0xF400 + 4 * 76, 1 << 16);
        lab.orPf(0xF008, 1 << 26);
        assertEquals("2LW", sent(Frames.plain(Frames.FAR, Frames.A, 60)));
    }

    @Test
    void vlanMembershipSelectsPools() {
        lab.vlan(1, 100, 1 | 2);
        assertEquals("01", arrived(Frames.tagged(Frames.ALL, Frames.FAR, 100, 64)));
        assertEquals("3", arrived(Frames.tagged(Frames.PF, Frames.FAR, 100, 64)), "empty set: default pool");
        assertEquals("", arrived(Frames.tagged(Frames.ALL, Frames.FAR, 200, 64)), "not in VFTA");
        assertEquals("1LW", sent(Frames.tagged(Frames.ALL, Frames.A, 100, 64)));
        assertEquals("1L", sent(Frames.tagged(Frames.B, Frames.A, 100, 64)));
        assertEquals("W", sent(Frames.tagged(Frames.B, Frames.A, 300, 64)), "another VLAN is another network");
        lab.pf.csr.write32(0xF004, 1 << 27);
        assertEquals("023", arrived(Frames.plain(Frames.ALL, Frames.FAR, 64)), "AUPE off: no untagged");
    }

    @Test
    void disabledReceivePoolGetsNothing() {
        lab.pf.csr.write32(0x51E0, 0xD);
        assertEquals("", arrived(Frames.plain(Frames.B, Frames.FAR, 60)));
        assertEquals("023", arrived(Frames.plain(Frames.ALL, Frames.FAR, 60)));
        assertEquals("", sent(Frames.plain(Frames.B, Frames.A, 60)));
    }

    @Test
    void spoofedFramesAreDroppedAndCounted() {
        lab.pf.csr.write32(0x8200, 1);
        lab.pf.csr.write32(0x8790, 1);
        assertEquals("1L", sent(Frames.plain(Frames.B, Frames.A, 60)));
        assertEquals("", sent(Frames.plain(Frames.B, Frames.FAR, 60)));
        assertEquals("", sent(Frames.plain(Frames.FAR, Frames.B, 60)), "another pool's address");
        assertEquals(2, lab.pf.csr.read32(0x8780));
        assertEquals(0, lab.pf.csr.read32(0x8780), "SSVPC clears on read");
        assertEquals(2, lab.violations.count());
        assertEquals(1, lab.vf[0].csr.read32(0x201C), "spoofed frames are not counted as sent");
        lab.pf.csr.write32(0x8790, 0);
        sent(Frames.plain(Frames.FAR, Frames.B, 60));
        assertEquals(0, lab.pf.csr.read32(0x8780), "VMECM off");
    }

    @Test
    void vlanSpoofNeedsMembershipAndIgnoresUntagged() {
        lab.vlan(1, 100, 1);
        lab.vlan(2, 200, 2);
        lab.pf.csr.write32(0x8200, 0x101);
        assertEquals("W", sent(Frames.tagged(Frames.FAR, Frames.A, 100, 64)));
        assertEquals("", sent(Frames.tagged(Frames.FAR, Frames.A, 200, 64)));
        assertEquals("W", sent(Frames.plain(Frames.FAR, Frames.A, 64)));
    }

    @Test
    void loopbackNeedsItsEnableAndTheLink() {
        lab.pf.csr.write32(0x8220, 0);
        assertEquals("W", sent(Frames.plain(Frames.B, Frames.A, 60)));
        lab.pf.csr.write32(0x8220, 1);
        lab.wire.setUp(false);
        int at = tx.send(Frames.plain(Frames.B, Frames.A, 60));
        lab.run();
        assertFalse(tx.done(at), "link down: loopback off, the wire does not take it");
    }

    @Test
    void sourcePruningDropsReflectedFrames() {
        lab.pf.csr.write32(0x50B0, 1);
        assertEquals("123", arrived(Frames.plain(Frames.ALL, Frames.A, 60)));
    }

    @Test
    void withoutReplicationOnePoolGetsIt() {
        lab.address(3, Frames.A, 6);
        lab.pf.csr.write32(0x51B0, 1 | 3 << 7);
        assertEquals("0", arrived(Frames.plain(Frames.A, Frames.FAR, 60)));
        assertEquals("3", arrived(Frames.plain(Frames.ALL, Frames.FAR, 60)));
    }

    @Test
    void mirrorRuleAddsAPool() {
        lab.pf.csr.write32(0xF600, 1 | 2 << 8);
        lab.pf.csr.write32(0xF630, 2);
        assertEquals("12", arrived(Frames.plain(Frames.B, Frames.FAR, 60)));
        assertEquals("0", arrived(Frames.plain(Frames.A, Frames.FAR, 60)));
        assertEquals("1L2L", sent(Frames.plain(Frames.B, Frames.A, 60)));
        lab.pf.csr.write32(0xF600, 2 | 2 << 8);
        assertEquals("02", arrived(Frames.plain(Frames.A, Frames.FAR, 60)), "uplink");
    }

    @Test
    void fullLocalRingHoldsTheSendingQueue() {
        for (int i = 0; i < 63; i++) {
            lab.arrive(Frames.plain(Frames.B, Frames.FAR, 60));
        }
        int at = tx.send(Frames.plain(Frames.ALL, Frames.A, 60));
        lab.run();
        assertFalse(tx.done(at));
        assertEquals(1, tx.head());
        assertNull(rx[2].next(), "nobody got a copy yet");
        assertNull(lab.sent());
        for (int i = 0; i < 63; i++) {
            assertEquals(60, rx[1].next().length);
        }
        assertEquals("", arrived(Frames.plain(Frames.B, Frames.FAR, 60)), "the wire waits for the same ring");
        rx[1].post(2);
        lab.run();
        assertTrue(tx.done(at));
        int copies = 0;
        while (rx[1].next() != null) {
            copies++;
        }
        assertEquals(2, copies, "the waiting frame of the wire and the broadcast");
        assertEquals("2L3LW", receivers());
    }
}
