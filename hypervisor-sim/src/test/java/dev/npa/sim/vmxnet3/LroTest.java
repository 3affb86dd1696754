package dev.npa.sim.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Which segments the device merges towards the guest, and what the completions say; vmxnet3 §9, §12. */
class LroTest {

    private static final int HEAD = 0x400000;
    private static final int BODY = 0x480000;
    private static final int BODY_BYTES = 4096;

    private final Lab lab = lab(2, 1 | 8, 31);

    /** A guest with a revision and features; {@code heads} HEADs of 2048 bytes and 31 BODYs. */
    private static Lab lab(int revision, int features, int heads) {
        Lab lab = new Lab();
        lab.describe();
        lab.bar1.write32(0x00, 1 << revision - 1);
        lab.memory.putInt(Lab.SHARED + 0x18, features);
        lab.activate();
        for (int i = 0; i < heads; i++) {
            lab.rxBuffer(0, i, 1, HEAD + i * 0x1000L, 2048, false);
        }
        for (int i = 0; i < 31; i++) {
            lab.rxBuffer(1, i, 1, BODY + i * (long) BODY_BYTES, BODY_BYTES, true);
        }
        return lab;
    }

    /** A segment of a stream: payload bytes that depend on their place in it. */
    private static byte[] segment(boolean v6, int sequence, int payload, int flags, int id) {
        byte[] f = Frames.ip(v6, true, payload);
        int l4 = Frames.l4(f);
        Frames.word(f, l4 + 4, sequence >>> 16);
        Frames.word(f, l4 + 6, sequence);
        f[l4 + 13] = (byte) flags;
        for (int i = 0; i < payload; i++) {
            f[l4 + 20 + i] = (byte) ((sequence + i) * 7);
        }
        if (!v6) {
            Frames.word(f, 18, id);
            header(f);
        }
        Frames.finish(f);
        return f;
    }

    private static void header(byte[] f) {
        Frames.word(f, 24, 0);
        Frames.word(f, 24, ~Frames.sum(f, 14, 20, 0));
    }

    private void arrive(byte[]... frames) {
        for (byte[] f : frames) {
            lab.port.toGuest(f);
        }
        lab.run();
    }

    /** The next packet's bytes; null if there is none. Its first and last completion are left in the fields. */
    private byte[] packet() {
        return packet(lab);
    }

    private int[] first;
    private int[] last;

    private byte[] packet(Lab of) {
        byte[] all = {};
        first = null;
        do {
            last = of.rxCompletion();
            if (last == null) {
                return null;
            }
            first = first == null ? last : first;
            int index = last[0] & 0xFFF;
            long at = (last[0] >>> 16 & 0x3FF) == 0 ? HEAD + index * 0x1000L : BODY + index * (long) BODY_BYTES;
            all = Frames.join(all, of.bytes(at, last[2] & 0x3FFF));
        } while ((last[0] & 1 << 14) == 0);
        return all;
    }

    private int type() {
        return first[3] >>> 24 & 0x7F;
    }

    @Test
    void segmentsInSequenceBecomeOnePacketWithItsOwnHeader() {
        for (boolean v6 : new boolean[] {false, true}) {
            Lab own = lab(2, 1 | 8, 31);
            int l4 = v6 ? 54 : 34;
            own.port.toGuest(segment(v6, 1000, 1000, 0x10, 5));
            own.port.toGuest(segment(v6, 2000, 1000, 0x10, 6));
            own.port.toGuest(segment(v6, 3000, 333, 0x18, 7));
            own.run();
            byte[] p = packet(own);
            assertArrayEquals(segment(v6, 1000, 2333, 0x18, 5), p);
            assertEquals(4, type());
            assertEquals(3, first[1] & 0xFF);
            assertEquals(1000, first[3] & 0xFFFF);
            // v4 or v6, ipc, tcp, tuc, fcs on the last completion
            assertEquals(v6 ? 0x95 : 0xAD, last[3] >>> 16 & 0xFF);
            assertEquals(l4 + 20 + 2333, p.length);
            assertNull(packet(own));
            assertEquals(1, own.statistic(false, 0), "LROPktsRxOK");
            assertEquals(p.length, own.statistic(false, 1));
            assertEquals(3, own.statistic(false, 2), "frames before merging");
            assertEquals(3 * (l4 + 20) + 2333, own.statistic(false, 3));
        }
    }

    @Test
    void withoutRevisionTwoOrChecksumsOrTheFeatureNothingIsMerged() {
        for (int[] shape : new int[][] {{1, 1 | 8}, {2, 8}, {2, 1}}) {
            Lab own = lab(shape[0], shape[1], 31);
            own.port.toGuest(segment(false, 1000, 1000, 0x10, 5));
            own.port.toGuest(segment(false, 2000, 1000, 0x10, 6));
            own.run();
            assertEquals(1054, packet(own).length);
            assertEquals(3, type());
            assertEquals(1054, packet(own).length);
        }
    }

    @Test
    void pushAndAShorterSegmentEndAPacket() {
        arrive(segment(false, 1000, 500, 0x10, 1), segment(false, 1500, 500, 0x18, 2),
                segment(false, 2000, 500, 0x10, 3), segment(false, 2500, 400, 0x10, 4), segment(false, 2900, 400, 0x10, 5));
        assertEquals(1054, packet().length);
        assertEquals(954, packet().length);
        assertEquals(454, packet().length);
        assertEquals(3, type(), "one segment is no merged packet");
    }

    @Test
    void burstEndsAPacket() {
        arrive(segment(false, 1000, 500, 0x10, 1));
        assertEquals(554, packet().length);
        arrive(segment(false, 1500, 500, 0x10, 2));
        assertEquals(554, packet().length);
        assertTrue(lab.device.receiveDrained());
    }

    @Test
    void framesThatDifferAreNotMergedAndKeepTheirOrder() {
        byte[] a = segment(false, 1000, 500, 0x10, 1);
        byte[] next = segment(false, 1500, 500, 0x10, 2);
        byte[] gap = segment(false, 1501, 500, 0x10, 2);
        byte[] longer = segment(false, 1500, 501, 0x10, 2);
        byte[] id = segment(false, 1500, 500, 0x10, 3);
        byte[] urgent = segment(false, 1500, 500, 0x30, 2);
        byte[] fin = segment(false, 1500, 500, 0x11, 2);
        byte[] empty = segment(false, 1500, 0, 0x10, 2);
        byte[] ttl = next.clone();
        ttl[22] = 9;
        header(ttl);
        byte[] broken = next.clone();
        broken[100] ^= 1;
        byte[] options = Frames.join(Arrays.copyOf(next, 54), new byte[] {2, 4, 5, (byte) 0xB4},
                Arrays.copyOfRange(next, 54, 554));
        options[46] = 0x60;
        Frames.word(options, 16, options.length - 14);
        header(options);
        Frames.finish(options);
        for (byte[] other : List.of(gap, longer, id, urgent, fin, empty, ttl, broken, options,
                Frames.tagged(next, 7))) {
            Lab own = lab(2, 1 | 8, 31);
            own.port.toGuest(a);
            own.port.toGuest(other);
            own.run();
            assertArrayEquals(a, packet(own));
            assertArrayEquals(other, packet(own));
            assertEquals(3, type());
        }
    }

    @Test
    void flowsAreMergedSideBySide() {
        assertEquals(8, sideBySide(8));
        assertTrue(new LroTest().sideBySide(10) > 10, "more flows than can be merged at a time");
    }

    /** Three segments of each flow in turn; returns how many packets the guest gets. */
    private int sideBySide(int flows) {
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            for (int flow = 0; flow < flows; flow++) {
                byte[] f = segment(false, 1000 + 100 * i, 100, 0x10, 1 + i);
                Frames.word(f, 34, 5000 + flow);
                Frames.finish(f);
                frames.add(f);
            }
        }
        arrive(frames.toArray(byte[][]::new));
        int[] bytes = new int[flows];
        int packets = 0;
        for (byte[] p = packet(); p != null; p = packet()) {
            packets++;
            int flow = Frames.word(p, 34) - 5000;
            assertEquals(1000 + bytes[flow], Frames.word(p, 40), "order within the flow");
            bytes[flow] += p.length - 54;
        }
        for (int b : bytes) {
            assertEquals(300, b);
        }
        return packets;
    }

    @Test
    void timestampsMayGrowAndOtherTagsSeparate() {
        byte[][] frames = new byte[3][];
        for (int i = 0; i < 3; i++) {
            byte[] f = segment(false, 1000 + 200 * i, 200, 0x10, 1 + i);
            byte[] stamp = {1, 1, 8, 10, 0, 0, 1, (byte) (10 * i), 0, 0, 0, 1};
            byte[] s = Frames.join(Arrays.copyOf(f, 54), stamp, Arrays.copyOfRange(f, 54, 254));
            s[46] = (byte) 0x80;
            Frames.word(s, 16, s.length - 14);
            header(s);
            Frames.finish(s);
            frames[i] = s;
        }
        arrive(frames);
        byte[] p = packet();
        assertEquals(66 + 600, p.length);
        assertEquals(20, p[61], "the last timestamp");
        assertEquals(20, first[1] >>> 16, "tsDelta");
        Lab own = lab(2, 1 | 4 | 8, 31);
        own.port.toGuest(Frames.tagged(frames[0], 0x6007));
        own.port.toGuest(Frames.tagged(frames[1], 0x6007));
        own.port.toGuest(Frames.tagged(frames[2], 0x6008));
        own.run();
        assertEquals(66 + 400, packet(own).length);
        assertEquals(0x6007, last[2] >>> 16);
        assertEquals(66 + 200, packet(own).length);
        assertEquals(0x6008, last[2] >>> 16);
    }

    @Test
    void packetGrowsToTheLargestDatagramAndNoFurther() {
        byte[][] frames = new byte[44][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = segment(false, 1000 + 1448 * i, 1448, 0x10, i);
        }
        arrive(frames);
        byte[] p = packet();
        assertEquals(54 + 44 * 1448, p.length);
        assertEquals(44, first[1] & 0xFF);
    }

    @Test
    void segmentsWaitForBuffersAndNothingIsLost() {
        Lab own = lab(2, 1 | 8, 0);
        own.port.toGuest(segment(false, 1000, 500, 0x10, 1));
        own.port.toGuest(segment(false, 1500, 500, 0x18, 2));
        own.port.toGuest(segment(false, 2000, 500, 0x18, 3));
        own.run();
        own.run();
        assertNull(packet(own));
        assertFalse(own.device.receiveDrained());
        for (int i = 0; i < 31; i++) {
            own.rxBuffer(0, i, 1, HEAD + i * 0x1000L, 2048, false);
        }
        own.run();
        own.run();
        int bytes = 0;
        for (byte[] p = packet(own); p != null; p = packet(own)) {
            assertEquals(1000 + bytes, Frames.word(p, 40));
            bytes += p.length - 54;
        }
        assertEquals(1500, bytes);
        assertTrue(own.device.receiveDrained());
    }

    /** Whatever is merged, the stream that the guest sees is the stream that was sent. */
    @Property(tries = 100)
    void guestSeesTheStreamThatWasSent(@ForAll long seed, @ForAll boolean v6,
            @ForAll @IntRange(min = 1, max = 24) int n) {
        Random random = new Random(seed);
        Lab own = lab(2, 1 | 8, 31);
        int sequence = random.nextInt();
        int start = sequence;
        int mss = 1 + random.nextInt(1400);
        for (int i = 0; i < n; i++) {
            int payload = random.nextInt(4) == 0 ? 1 + random.nextInt(mss) : mss;
            own.port.toGuest(segment(v6, sequence, payload, random.nextInt(6) == 0 ? 0x18 : 0x10, i));
            sequence += payload;
            if (random.nextInt(5) == 0) {
                own.run();
            }
        }
        own.run();
        int expected = start;
        int header = v6 ? 74 : 54;
        for (byte[] p = packet(own); p != null; p = packet(own)) {
            int at = Frames.l4(p) + 4;
            assertEquals(expected, Frames.word(p, at) << 16 | Frames.word(p, at + 2), "seed " + seed);
            for (int i = header; i < p.length; i++) {
                assertEquals((byte) ((expected + i - header) * 7), p[i]);
            }
            byte[] right = p.clone();
            Frames.finish(right);
            assertArrayEquals(right, p, "checksum");
            assertTrue(type() == 3 || (first[1] & 0xFF) == (p.length - header + (first[3] & 0xFFFF) - 1)
                    / (first[3] & 0xFFFF), "segments of the MSS but for the last");
            expected += p.length - header;
        }
        assertEquals(sequence, expected, "seed " + seed);
        assertEquals(0, own.violations.count());
    }

    /** The sum of a segment behind an odd number of bytes counts with its bytes exchanged. */
    @Test
    void theChecksumOfAMergedPacketIsRightForOddSegments() {
        for (boolean v6 : new boolean[] {false, true}) {
            Lab own = lab(2, 1 | 8, 31);
            own.port.toGuest(segment(v6, 1000, 999, 0x10, 5));
            own.port.toGuest(segment(v6, 1999, 999, 0x10, 6));
            own.port.toGuest(segment(v6, 2998, 999, 0x10, 7));
            own.port.toGuest(segment(v6, 3997, 10, 0x18, 8));
            own.run();
            byte[] p = packet(own);
            byte[] check = p.clone();
            Frames.finish(check);
            assertArrayEquals(check, p);
            assertEquals((v6 ? 74 : 54) + 3 * 999 + 10, p.length);
        }
    }
}
