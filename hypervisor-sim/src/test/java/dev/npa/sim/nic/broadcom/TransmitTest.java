package dev.npa.sim.nic.broadcom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** BDs, doorbells, checksums, VLAN modes and what firmware calls malicious, 57712 §4 and §13. */
class TransmitTest {

    private final Lab lab = new Lab(1, 2, 2);
    private final Firmware fw = lab.pf[0];

    private Queue secure(QueueSpec s) {
        return lab.vf(0, s.tx(0, 1).tx(5, 1), Frames.A);
    }

    private static byte[] tcp(int payload) {
        return Frames.ipv4(Frames.FAR, Frames.A, 6, payload);
    }

    @Test
    void packetsCrossPagesAndLaps() {
        Queue q = lab.vf(0, fw.vfSpec(0, 0).pages(2, 1, 1, 0), Frames.A);
        byte[] frame = tcp(150);
        for (int i = 0; i < 1000; i++) {
            frame[20] = (byte) i;
            Packet p = new Packet(frame.clone());
            q.bds((i % 3 == 0 ? p.cut(60, 100) : p).build(q.guest));
            q.ring();
            lab.run();
            assertArrayEquals(frame, lab.sent(), "packet " + i);
        }
        assertEquals(1000, q.index(5));
        lab.noViolations();
    }

    @Test
    void oneDoorbellCoversManyPackets() {
        Queue q = lab.vf(0, Frames.A);
        for (int i = 0; i < 10; i++) {
            q.bds(new Packet(tcp(100 + i)).build(q.guest));
        }
        assertEquals(0, lab.run(), "nothing moves before the doorbell");
        q.ring();
        lab.run();
        assertEquals(10, q.index(5));
        for (int i = 0; i < 10; i++) {
            assertArrayEquals(tcp(100 + i), lab.sent());
        }
        lab.noViolations();
    }

    @Test
    void checksumsAreCompleted() {
        Queue q = lab.vf(0, Frames.A);
        for (int protocol : new int[] {6, 17}) {
            int l4 = protocol == 6 ? 20 : 8;
            byte[] v4 = Frames.ipv4(Frames.FAR, Frames.A, protocol, 101);
            byte[] seeded = v4.clone();
            Frames.seedChecksum(seeded, 26, 8, 34, protocol, l4 + 101);
            seeded[24] = 0x55; // IP_CSUM replaces it
            Packet p = new Packet(seeded).flags(TxBd.L4_CSUM | TxBd.IP_CSUM | (protocol == 17 ? TxBd.IS_UDP : 0));
            q.send(p.l4(34, protocol == 6 ? 20 : 0));
            lab.run();
            assertArrayEquals(v4, lab.sent());
            byte[] v6 = Frames.ipv6(Frames.FAR, Frames.A, protocol, 64);
            seeded = v6.clone();
            Frames.seedChecksum(seeded, 22, 32, 54, protocol, l4 + 64);
            q.send(new Packet(seeded).flags(TxBd.L4_CSUM | TxBd.IPV6 | (protocol == 17 ? TxBd.IS_UDP : 0))
                    .l4(54, protocol == 6 ? 20 : 0));
            lab.run();
            assertArrayEquals(v6, lab.sent());
        }
        lab.noViolations();
    }

    @Test
    void outOfBandTagIsInserted() {
        Queue q = secure(fw.vfSpec(0, 0));
        q.send(new Packet(tcp(80)).tag(3 << 13 | 100));
        lab.run();
        byte[] sent = lab.sent();
        assertArrayEquals(new byte[] {(byte) 0x81, 0, 0x60, 100, 8, 0}, Arrays.copyOfRange(sent, 12, 18));
        assertArrayEquals(Arrays.copyOfRange(tcp(80), 12, 134), Arrays.copyOfRange(sent, 16, 138));
        lab.noViolations();
    }

    @Test
    void inBandTagPassesWithItsTci() {
        Queue q = secure(fw.vfSpec(0, 0));
        byte[] tagged = Frames.tagged(Frames.FAR, Frames.A, 100, 90);
        q.send(tagged);
        lab.run();
        assertArrayEquals(tagged, lab.sent());
        lab.noViolations();
    }

    @Test
    void shortFramesArePadded() {
        Queue q = lab.vf(0, Frames.A);
        q.send(Frames.plain(Frames.FAR, Frames.A, 20));
        lab.run();
        assertEquals(60, lab.sent().length);
    }

    @Test
    void defaultVlanIsInsertedAndCannotBeLeft() {
        Queue q = lab.vf(0, fw.vfSpec(0, 0).tx(18, 1).tx16(6, 7), Frames.A);
        q.send(tcp(50));
        q.send(new Packet(tcp(50)).tag(9));
        q.send(Frames.tagged(Frames.FAR, Frames.A, 8, 90));
        lab.run();
        byte[] sent = lab.sent();
        assertArrayEquals(new byte[] {(byte) 0x81, 0, 0, 7}, Arrays.copyOfRange(sent, 12, 16));
        assertNull(lab.sent());
        assertEquals(3, q.index(5), "dropped packets complete too");
        lab.noViolations();
    }

    @Test
    void refusedOutOfBandTagIsDropped() {
        Queue q = lab.vf(0, fw.vfSpec(0, 0).tx(21, 1), Frames.A);
        q.send(new Packet(tcp(50)).tag(9));
        lab.run();
        assertNull(lab.sent());
        assertEquals(1, q.index(5));
    }

    @Test
    void spoofedFramesAreDroppedAndCounted() {
        Queue q = secure(fw.vfSpec(0, 0));
        q.send(Frames.plain(Frames.FAR, Frames.B, 80));
        lab.run();
        assertNull(lab.sent());
        lab.oneViolation("vf0", "spoofed frame from 2000000000b");
        Packet lie = new Packet(Frames.plain(Frames.FAR, Frames.B, 80));
        lie.source = 0x0200_0000_000AL;
        q.send(lie);
        lab.run();
        assertNull(lab.sent(), "the parse BD does not talk the frame's own source away");
        Packet type = new Packet(tcp(80));
        type.addressType = 2;
        q.send(type);
        lab.run();
        assertNull(lab.sent());
        assertEquals(3, q.index(5));
        q.send(tcp(80));
        lab.run();
        assertNotNull(lab.sent());
    }

    static Stream<Arguments> malice() {
        return Stream.of(
                wrong(2, p -> p.cut(60).total = 99),
                wrong(2, p -> p.cut(60, 60).total = 174),
                wrong(3, new byte[12], p -> { }),
                wrong(3, p -> p.flags(TxBd.L4_CSUM).l4(170, 20)),
                wrong(4, new byte[1519], p -> { }),
                wrong(5, p -> p.word = 0x86DD),
                wrong(6, p -> p.lso(34, 20, 100).cut(60)),
                wrong(6, p -> p.lso(34, 16, 100)),
                wrong(7, p -> p.cut(20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130)),
                wrong(7, p -> p.lso(34, 20, 100).cut(54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65)),
                wrong(8, p -> p.general = 0),
                wrong(9, p -> p.flags = 0),
                wrong(10, p -> p.nbd = 1),
                wrong(10, p -> p.general = 0x21),
                wrong(11, p -> p.flags(TxBd.IPV6 | TxBd.IP_CSUM)),
                wrong(12, p -> p.vlanMode = 2),
                wrong(12, Frames.tagged(Frames.FAR, Frames.A, 5, 80), p -> p.word = 6),
                wrong(12, Frames.tagged(Frames.FAR, Frames.A, 5, 80), p -> p.vlanMode = 0),
                wrong(13, p -> p.lso(34, 20, 0)),
                wrong(13, p -> p.lso(34, 20, 1465)),
                wrong(14, p -> p.general = 0x81));
    }

    private static Arguments wrong(int id, Consumer<Packet> change) {
        return wrong(id, tcp(120), change);
    }

    private static Arguments wrong(int id, byte[] frame, Consumer<Packet> change) {
        if (frame[6] == 0) {
            System.arraycopy(tcp(0), 0, frame, 0, Math.min(14, frame.length));
        }
        return Arguments.of(id, frame, change);
    }

    @ParameterizedTest
    @MethodSource("malice")
    void aMaliciousVfIsStoppedAndReported(int id, byte[] frame, Consumer<Packet> change) {
        Queue q = secure(fw.vfSpec(0, 0));
        Queue neighbour = lab.vf(1, Frames.B);
        byte[] padded = Arrays.copyOf(frame, Math.max(14, frame.length));
        Packet p = new Packet(frame.length < 14 ? padded : frame);
        if (frame.length < 14) {
            p = new Packet(padded);
            Packet shorter = p;
            change.accept(shorter);
            long[] bds = shorter.build(q.guest);
            bds[1] = bds[1] & ~0xFFFF_0000L | (long) frame.length << 16;
            q.bds(bds);
        } else {
            change.accept(p);
            q.bds(p.build(q.guest));
        }
        q.ring();
        lab.run();
        assertNull(lab.sent());
        assertEquals(new Firmware.Event(9, 0, id << 8, 0, 0), fw.pollEvent());
        assertTrue(lab.violations.list().get(0).toString().contains("error " + id + ","),
                () -> lab.violations.list().toString());
        q.send(tcp(50));
        lab.arrive(Frames.plain(Frames.A, Frames.FAR, 60));
        assertNull(lab.sent(), "its queues are stopped");
        assertNull(q.nextCqe());
        assertEquals(0x08, q.guest.function.bar(0).read32(0x7C00) & 0x08, "ME register: VF error");
        neighbour.send(Frames.plain(Frames.FAR, Frames.B, 70));
        lab.run();
        assertNotNull(lab.sent(), "the others go on");
    }

    @Test
    void twelveDataBdsOfOneSegmentAreTooManyElevenAreNot() {
        Queue q = lab.vf(0, Frames.A);
        byte[] frame = tcp(200);
        q.send(new Packet(frame).lso(34, 20, 100).cut(54, 64, 74, 84, 94, 104, 114, 124, 134, 144, 149));
        lab.run();
        assertNotNull(lab.sent());
        assertEquals(1, q.index(5));
        lab.noViolations();
    }

    @Test
    void erratum1IsNamed() {
        Queue q = lab.vf(0, fw.vfSpec(0, 0).mtu(9600), Frames.A);
        q.send(new Packet(tcp(120)).lso(34, 20, 9700));
        lab.run();
        assertTrue(lab.violations.list().get(0).what().contains("erratum 1"));
        assertEquals(9, fw.event().opcode());
    }

    @Test
    void aDoorbellInsideAPacketWaitsForTheRest() {
        Queue q = lab.vf(0, Frames.A);
        long[] bds = new Packet(tcp(120)).cut(60, 90).build(q.guest);
        q.bds(Arrays.copyOf(bds, 4));
        q.ring();
        lab.run();
        lab.oneViolation("ends inside a packet of 4 BDs");
        assertEquals(Long.MAX_VALUE, lab.nic.nextEvent(), "no busy loop");
        q.bds(Arrays.copyOfRange(bds, 4, 8));
        q.ring();
        lab.run();
        assertArrayEquals(tcp(120), lab.sent());
    }

    @Test
    void wrongDoorbellsAreRecordedAndDropped() {
        Queue q = lab.vf(0, Frames.A);
        q.bds(new Packet(tcp(50)).build(q.guest));
        q.guest.function.bar(0).write32(0x7C00, 0x0000 | q.txProd << 16);
        lab.run();
        assertNull(lab.sent());
        lab.oneViolation("doorbell word");
        q.guest.function.bar(0).write32(0x7C08, 0x0002 | q.txProd << 16);
        lab.run();
        assertNull(lab.sent(), "a queue that is not set up does not listen");
    }

    @Test
    void pbfDisableHoldsTheBds() {
        Queue q = lab.vf(0, Frames.A);
        fw.pretend(0, 0x1402EC, 1);
        q.send(tcp(50));
        lab.run();
        assertNull(lab.sent());
        fw.pretend(0, 0x1402EC, 0);
        lab.run();
        assertNotNull(lab.sent());
        lab.noViolations();
    }

    @Test
    void describeRingDecodesBds() {
        Queue q = lab.vf(0, Frames.A);
        q.send(tcp(60));
        lab.run();
        fw.pretend(0, 0x1402EC, 1);
        q.send(new Packet(tcp(120)).lso(34, 20, 100));
        String text = lab.nic.adapters().get(0).describeRing(0, 0, true);
        assertTrue(text.contains("start 0x") && text.contains("SW_LSO") && text.contains("parse L4 at 34 TCP header 20"
                + " MSS 100") && text.contains("nbytes 120 of 174"), text);
        assertTrue(lab.nic.adapters().get(0).describeRing(1, 0, true).contains("disabled"));
    }
}
