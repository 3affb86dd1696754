package dev.npa.sim.nic.broadcom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

/** The embedded switch, 57712 §11: two PFs on one path, and VFs of both. */
class SwitchTest {

    private static final String C = "02:00:00:00:00:0c";

    private final Lab lab = new Lab(2, 2, 1);
    private final Queue a = lab.vf(0, lab.pf[0].vfSpec(0, 0), Frames.A);
    private final Queue b = lab.vf(0, lab.pf[0].vfSpec(1, 0), Frames.B);
    private final Queue c = lab.vf(1, lab.pf[1].vfSpec(0, 0), C);
    private final Queue up0 = lab.uplink(0, Frames.PF);
    private final Queue up1 = lab.uplink(1, "02:00:00:00:01:0f");

    private void send(Queue q, byte[] frame) {
        q.send(frame);
        lab.run();
    }

    private static int got(Queue q) {
        int n = 0;
        while (q.nextCqe() != null) {
            n++;
        }
        return n;
    }

    private void expect(int... frames) {
        assertArrayEquals(frames, new int[] {got(a), got(b), got(c), got(up0), got(up1)}, "A, B, C, PF 0, PF 1");
        lab.noViolations();
    }

    @Test
    void unicastGoesToItsOwnerAlsoBehindTheOtherPf() {
        lab.arrive(Frames.plain(C, Frames.FAR, 60));
        expect(0, 0, 1, 0, 0);
        send(a, Frames.plain(C, Frames.A, 60));
        expect(0, 0, 1, 0, 0);
        send(c, Frames.plain(Frames.PF, C, 60));
        expect(0, 0, 0, 1, 0);
        assertNull(lab.sent());
    }

    @Test
    void unknownUnicastIsDroppedFromTheWireAndSentToIt() {
        lab.arrive(Frames.plain(Frames.FAR, "02:00:00:00:00:77", 60));
        expect(0, 0, 0, 0, 0);
        send(a, Frames.plain(Frames.FAR, Frames.A, 60));
        expect(0, 0, 0, 0, 0);
        assertNotNull(lab.sent());
    }

    @Test
    void broadcastReachesAllButTheSenderAndTheWire() {
        send(a, Frames.plain(Frames.ALL, Frames.A, 60));
        expect(0, 1, 1, 1, 1);
        assertNotNull(lab.sent());
        lab.arrive(Frames.plain(Frames.ALL, Frames.FAR, 60));
        expect(1, 1, 1, 1, 1);
    }

    @Test
    void multicastGoesByBinsOfTheEngine() {
        int bin = EmbeddedSwitch.bin(0x0100_5E00_1234L);
        lab.pf[0].bin(8, bin, true);
        lab.arrive(Frames.plain(Frames.GROUP, Frames.FAR, 60));
        expect(1, 0, 0, 1, 1);
        send(b, Frames.plain(Frames.GROUP, Frames.B, 60));
        expect(1, 0, 0, 1, 1);
        lab.pf[0].bin(8, bin, false);
        lab.arrive(Frames.plain(Frames.GROUP, Frames.FAR, 60));
        expect(0, 0, 0, 1, 1);
    }

    @Test
    void vlansSeparate() {
        lab.pf[0].vlan(a, 8, 5);
        lab.pf[1].vlan(c, 8 + 32, 5);
        send(a, Frames.tagged(Frames.ALL, Frames.A, 5, 60));
        expect(0, 0, 1, 0, 0);
        send(a, Frames.tagged(Frames.B, Frames.A, 5, 60));
        expect(0, 0, 0, 0, 0);
        assertNotNull(lab.sent());
        assertNotNull(lab.sent(), "no member of VLAN 5 has B's address, so it leaves by the wire");
        lab.arrive(Frames.tagged(Frames.B, Frames.FAR, 6, 60));
        expect(0, 0, 0, 0, 0);
        lab.pf[0].accept(b, 9, Lab.NORMAL | Lab.ANY_VLAN, Lab.NORMAL);
        lab.arrive(Frames.tagged(Frames.B, Frames.FAR, 6, 60));
        expect(0, 1, 0, 0, 0);
    }

    @Test
    void pairsMatchTheirVlanOnly() {
        String extra = "02:00:00:00:00:1b";
        assertEquals(0, lab.pf[0].rules(9, 15, lab.pf[0].rule(b, 9, 2, true, extra, 9)));
        lab.arrive(Frames.tagged(extra, Frames.FAR, 9, 60));
        expect(0, 1, 0, 0, 0);
        lab.arrive(Frames.plain(extra, Frames.FAR, 60));
        expect(0, 0, 0, 0, 0);
    }

    @Test
    void dropAllIsNoLocalMatch() {
        lab.pf[0].accept(b, 9, 0x09, 0x09);
        lab.arrive(Frames.plain(Frames.B, Frames.FAR, 60));
        lab.arrive(Frames.plain(Frames.ALL, Frames.FAR, 60));
        expect(1, 0, 1, 1, 1);
        send(a, Frames.plain(Frames.B, Frames.A, 60));
        assertNotNull(lab.sent());
        send(b, Frames.plain(Frames.FAR, Frames.B, 60));
        assertNotNull(lab.sent(), "sending is not affected");
    }

    @Test
    void removedRulesNoLongerMatch() {
        assertEquals(0, lab.pf[0].rules(9, 15, lab.pf[0].rule(b, 9, 0, false, Frames.B, 0)));
        lab.arrive(Frames.plain(Frames.B, Frames.FAR, 60));
        expect(0, 0, 0, 0, 0);
        assertEquals(0, lab.pf[0].rules(9, 15, lab.pf[0].rule(b, 9, 0, false, Frames.B, 0)), "not there: no error");
    }

    @Test
    void unmatchedAndPromiscuousFlags() {
        lab.pf[0].accept(up0, 0, Lab.NORMAL | 1 << 2 | Lab.ANY_VLAN, Lab.NORMAL);
        lab.arrive(Frames.plain("02:00:00:00:00:77", Frames.FAR, 60));
        expect(0, 0, 0, 1, 0);
        lab.arrive(Frames.plain(Frames.B, Frames.FAR, 60));
        expect(0, 1, 0, 0, 0);
        lab.pf[1].accept(up1, 1, Lab.NORMAL | 1 << 1, Lab.NORMAL);
        lab.arrive(Frames.plain(Frames.B, Frames.FAR, 60));
        expect(0, 1, 0, 0, 1);
        byte[] cqe = null;
        lab.arrive(Frames.plain("02:00:00:00:00:78", Frames.FAR, 60));
        cqe = up0.nextCqe();
        assertEquals(0, cqe[1] & Cqe.MAC_MATCH, "no rule matched");
        send(a, Frames.plain(Frames.B, Frames.A, 60));
        assertEquals(1, got(b));
        assertEquals(0, got(up0), "a promiscuous PF does not see VF-to-VF unicast");
    }

    @Test
    void oneAddressOnTwoClientsReachesBoth() {
        lab.pf[1].mac(c, 40, Frames.B);
        lab.arrive(Frames.plain(Frames.B, Frames.FAR, 60));
        expect(0, 1, 1, 0, 0);
    }

    @Test
    void aClientWithoutTxSwitchingSendsToTheWireAlone() {
        byte[] update = new byte[32];
        update[0] = (byte) a.client;
        update[23] = 1;
        lab.pf[0].ramrod(5, 1024, update);
        lab.ramrodDone(0, 5);
        send(a, Frames.plain(Frames.B, Frames.A, 60));
        expect(0, 0, 0, 0, 0);
        assertNotNull(lab.sent());
    }

    @Test
    void rulesOfTheOtherPfAreRefused() {
        assertEquals(1, lab.pf[1].rules(9, 15, lab.pf[1].rule(a, 8, 0, true, C, 0)));
        lab.oneViolation("nic0.1/pf", "not this PF's");
    }

    @Test
    void creditsEndAt272AndARefusedListChangesNothing() {
        int there = 5;
        byte[][] list = new byte[16][];
        for (int i = there; i + 16 <= 272; i += 16) {
            for (int k = 0; k < 16; k++) {
                String mac = String.format("02:01:00:00:%02x:%02x", i >> 8, i + k & 0xFF);
                list[k] = lab.pf[0].rule(a, 8, 0, true, mac, 0);
            }
            assertEquals(0, lab.pf[0].rules(9, 15, list), "rules from " + i);
        }
        for (int k = 0; k < 16; k++) {
            list[k] = lab.pf[0].rule(a, 8, 0, true, String.format("02:02:00:00:00:%02x", k), 0);
        }
        assertEquals(1, lab.pf[0].rules(9, 15, list));
        lab.arrive(Frames.plain("02:02:00:00:00:00", Frames.FAR, 60));
        expect(0, 0, 0, 0, 0);
    }

    @Test
    void aFullNeighbourHoldsTheSenderAndNobodyElse() {
        for (int i = 0; i < 50; i++) {
            a.bds(new Packet(Frames.plain(Frames.B, Frames.A, 60)).build(a.guest));
        }
        a.ring();
        lab.run();
        assertEquals(40, a.index(5));
        send(c, Frames.plain(Frames.FAR, C, 60));
        assertNotNull(lab.sent());
        lab.arrive(Frames.plain(C, Frames.FAR, 60));
        assertEquals(1, got(c));
        b.post(20);
        lab.run();
        assertEquals(50, a.index(5));
        assertEquals(50, got(b));
        lab.noViolations();
    }
}
