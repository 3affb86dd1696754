package dev.npa.sim.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checksum, segmentation and VLAN insertion on transmit; vmxnet3 §11. */
class OffloadTest {

    private static final int OM_CHECKSUM = 2 << 10;
    private static final int OM_TSO = 3 << 10;
    private static final int INSERT = 1 << 15;

    @ParameterizedTest
    @CsvSource({
        "false, true, 100", "false, true, 101", "false, false, 1", "false, false, 64", "true, true, 0",
        "true, true, 33", "true, false, 7", "true, false, 512",
    })
    void checksumIsCompleted(boolean v6, boolean tcp, int payload) {
        Lab lab = Lab.active();
        byte[] frame = Frames.ip(v6, tcp, payload);
        lab.send(0x300000, Frames.unfinished(frame, false), Frames.checksumField(frame),
                OM_CHECKSUM | Frames.l4(frame));
        lab.run();
        assertArrayEquals(frame, lab.port.takeSent());
    }

    @Test
    void checksumVectorFromAWorkedExample() {
        // UDP 192.168.0.31 to 192.168.0.30, 20 to 10, payload "Hi": the well-known worked example, checksum 0x35C5.
        byte[] frame = Frames.hex("02000000000a 02000000000b 0800 4500001e000000004011f95f c0a8001f c0a8001e"
                + "0014000a000a35c5 4869");
        byte[] raw = frame.clone();
        int pseudo = Frames.sum(frame, 26, 8, 17 + 10);
        Frames.word(raw, 40, pseudo);
        Lab lab = Lab.active();
        lab.send(0x300000, raw, 40, OM_CHECKSUM | 34);
        lab.run();
        assertArrayEquals(frame, lab.port.takeSent());
    }

    @Test
    void udpChecksumZeroIsSentAsFfff() {
        byte[] frame = Frames.ip(false, false, 2);
        // Choose the payload so that the sum is FFFF and its complement 0.
        Frames.word(frame, 42, 0);
        Frames.finish(frame);
        Frames.word(frame, 42, Frames.word(frame, 40));
        Frames.finish(frame);
        assertEquals(0xFFFF, Frames.word(frame, 40));
        Lab lab = Lab.active();
        lab.send(0x300000, Frames.unfinished(frame, false), 40, OM_CHECKSUM | 34);
        lab.run();
        assertEquals(0xFFFF, Frames.word(lab.port.takeSent(), 40));
    }

    @Test
    void paddingBehindTheIpPacketDoesNotCount() {
        byte[] frame = Frames.ip(false, true, 2);
        byte[] padded = Arrays.copyOf(Frames.unfinished(frame, false), 60);
        Arrays.fill(padded, frame.length, 60, (byte) 0xA5);
        Lab lab = Lab.active();
        lab.send(0x300000, padded, 50, OM_CHECKSUM | 34);
        lab.run();
        assertArrayEquals(frame, Arrays.copyOf(lab.port.takeSent(), frame.length));
    }

    @Test
    void checksumInTaggedFrame() {
        byte[] frame = Frames.ip(false, true, 50);
        Lab lab = Lab.active();
        lab.send(0x300000, Frames.tagged(Frames.unfinished(frame, false), 0x2005), 54, OM_CHECKSUM | 38);
        lab.run();
        assertArrayEquals(Frames.tagged(frame, 0x2005), lab.port.takeSent());
    }

    @ParameterizedTest
    @CsvSource({"34, 2000", "34, 153", "10, 50", "60, 50"})
    void unusableChecksumOffsetsAreErrors(int hlen, int field) {
        Lab lab = Lab.active();
        lab.send(0x300000, Frames.ip(false, true, 100), field, OM_CHECKSUM | hlen);
        lab.run();
        assertEquals(0, lab.port.sent.size());
        assertEquals(0, lab.txCompletion());
        assertEquals(1, lab.statistic(true, 8));
    }

    @Test
    void tagIsInsertedBehindTheAddressesAlsoInFrontOfAnother() {
        Lab lab = Lab.active();
        byte[] frame = Frames.tagged(Frames.plain(60), 0x0123);
        lab.send(0x300000, frame, 0, INSERT | 0xE064 << 16);
        lab.run();
        assertArrayEquals(Frames.tagged(frame, 0xE064), lab.port.takeSent());
    }

    /** Every segment is checked field by field, and its checksums by the test's own arithmetic. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tsoCutsAndFixesHeaders(boolean v6) {
        int mss = 1000;
        int payload = 2500;
        byte[] whole = Frames.ip(v6, true, payload);
        int l4 = Frames.l4(whole);
        int hlen = l4 + 20;
        byte[] raw = Frames.unfinished(whole, true);
        if (!v6) {
            Frames.word(raw, 24, 0);
        }
        Lab lab = Lab.active();
        lab.send(0x300000, raw, mss, OM_TSO | hlen);
        lab.run();
        assertEquals(3, lab.port.sent.size());
        long sequence = 0xFFFFFE00L;
        int[] flags = {0x90, 0x10, 0x19}; // CWR on the first, PSH and FIN on the last
        for (int k = 0; k < 3; k++) {
            byte[] s = lab.port.sent.get(k);
            int piece = Math.min(mss, payload - k * mss);
            assertEquals(hlen + piece, s.length);
            assertEquals(v6 ? 20 + piece : 40 + piece, Frames.word(s, v6 ? 18 : 16));
            if (!v6) {
                assertEquals(0x1234 + k, Frames.word(s, 18));
                assertEquals(0xFFFF, Frames.sum(s, 14, 20, 0));
            }
            assertEquals(sequence & 0xFFFF_FFFFL,
                    (long) Frames.word(s, l4 + 4) << 16 | Frames.word(s, l4 + 6), "sequence wraps");
            assertEquals(flags[k], s[l4 + 13] & 0xFF);
            assertArrayEquals(Arrays.copyOfRange(whole, hlen + k * mss, hlen + k * mss + piece),
                    Arrays.copyOfRange(s, hlen, s.length));
            byte[] check = s.clone();
            Frames.finish(check);
            assertArrayEquals(check, s, "TCP checksum of segment " + k);
            sequence += mss;
        }
        assertEquals(0, lab.txCompletion());
        assertEquals(-1, lab.txCompletion());
        assertEquals(3, lab.statistic(true, 0));
        assertEquals(3 * hlen + payload, lab.statistic(true, 1));
        assertEquals(3, lab.statistic(true, 2));
    }

    @Test
    void tsoGoesOnWhereBackPressureStoppedIt() {
        Lab lab = Lab.active();
        byte[] raw = Frames.unfinished(Frames.ip(false, true, 10_000), true);
        lab.send(0x300000, raw, 1000, OM_TSO | INSERT | 54 | 0x0005 << 16);
        for (int i = 0; i < 10; i++) {
            assertEquals(-1, lab.txCompletion());
            lab.port.room = 1;
            lab.run();
            assertEquals(i + 1, lab.port.sent.size());
        }
        assertEquals(0, lab.txCompletion());
        for (int k = 0; k < 10; k++) {
            byte[] s = lab.port.takeSent();
            assertEquals(1058, s.length);
            assertEquals(0x8100, Frames.word(s, 12));
            assertEquals(5, Frames.word(s, 14));
            assertEquals(0x1234 + k, Frames.word(s, 22));
        }
    }

    @Test
    void tsoOfShortPacketIsOneSegmentWithItsFlags() {
        Lab lab = Lab.active();
        byte[] frame = Frames.ip(false, true, 10);
        lab.send(0x300000, Frames.unfinished(frame, true), 1000, OM_TSO | 54);
        lab.run();
        assertArrayEquals(frame, lab.port.takeSent());
    }

    @ParameterizedTest
    @CsvSource({"0, 54, true", "1460, 50, true", "1460, 42, false", "2000, 54, true"})
    void impossibleTsoIsAnError(int mss, int hlen, boolean tcp) {
        Lab lab = Lab.active();
        lab.send(0x300000, Frames.ip(false, tcp, 3000), mss, OM_TSO | hlen);
        lab.run();
        assertEquals(0, lab.port.sent.size());
        assertEquals(0, lab.txCompletion());
        assertEquals(1, lab.statistic(true, 8));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tsoIsPassedWholeToAPortThatCuts(boolean v6) {
        int payload = 2500;
        byte[] packet = Frames.ip(v6, true, payload);
        int l4 = Frames.l4(packet);
        int hlen = l4 + 20;
        Lab lab = Lab.active();
        lab.port.cuts = true;
        lab.port.room = 0;
        lab.send(0x300000, Frames.unfinished(packet, true), 1000, OM_TSO | hlen);
        lab.run();
        assertEquals(-1, lab.txCompletion(), "it waits for room");
        lab.port.room = 1;
        lab.run();
        assertEquals(0, lab.txCompletion());
        assertEquals(0, lab.port.sent.size());
        byte[] got = lab.port.whole.get(0);
        assertArrayEquals(Arrays.copyOfRange(packet, hlen, packet.length),
                Arrays.copyOfRange(got, hlen, got.length));
        assertEquals(PacketFlags.TX_TSO | PacketFlags.TX_TCP_CHECKSUM
                | (v6 ? PacketFlags.TX_IPV6 : PacketFlags.TX_IPV4 | PacketFlags.TX_IP_CHECKSUM), lab.port.flags);
        assertEquals(PacketBurst.txOffload(14, l4 - 14, 20, 1000, 0), lab.port.offload);
        // The pseudo-header over a length of 0: addresses and protocol.
        assertEquals(Frames.sum(got, v6 ? 22 : 26, v6 ? 32 : 8, 6), Frames.word(got, l4 + 16));
        assertEquals(3, lab.statistic(true, 0), "counted as the segments that leave");
        assertEquals(3 * hlen + payload, lab.statistic(true, 1));
        assertEquals(3, lab.statistic(true, 2));
        assertEquals(3 * hlen + payload, lab.statistic(true, 3));
    }

    @Test
    void tsoWithATagToInsertIsCutHere() {
        Lab lab = Lab.active();
        lab.port.cuts = true;
        lab.send(0x300000, Frames.unfinished(Frames.ip(false, true, 2500), true), 1000, OM_TSO | INSERT | 54 | 5 << 16);
        lab.run();
        assertEquals(0, lab.port.whole.size());
        assertEquals(3, lab.port.sent.size());
    }
}
