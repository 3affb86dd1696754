package dev.npa.sim.traffic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FrameSequenceTest {

    private static final MacAddress A = MacAddress.parse("02:00:00:00:00:0a");
    private static final MacAddress B = MacAddress.parse("02:00:00:00:00:0b");

    private static byte[] udp(boolean v6, int data, int fragment) {
        byte[] udp = FrameBuilder.udp(1, 2, new byte[data]);
        return FrameBuilder.ethernet(B, A, 0, v6 ? Ether.TYPE_IPV6 : Ether.TYPE_IPV4,
                v6 ? FrameBuilder.ipv6(new byte[16], new byte[16], 17, udp)
                        : FrameBuilder.ipv4(1, 2, 17, 500, fragment, udp));
    }

    static byte[] stamped(FrameSequence s, int index, long round) {
        s.stamp(index, round);
        byte[] f = new byte[s.length(index)];
        s.buffer().get(s.offset(index), f);
        return f;
    }

    /** Stamps rounds and asserts that every frame is unique in its flow and has right checksums. */
    static void assertUnique(FrameSequence s, int rounds) {
        Set<String> seen = new HashSet<>();
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < s.size(); i++) {
                byte[] f = stamped(s, i, round);
                assertTrue(f.length >= 60);
                assertTrue(Checksums.areRight(f), "round " + round + " frame " + i);
                ByteBuffer b = ByteBuffer.wrap(f);
                assertTrue(seen.add(FlowKey.of(b, 0, f.length) + ":" + Arrays.toString(f)),
                        "round " + round + " frame " + i);
            }
        }
    }

    private static SequenceBuilder builder(byte[]... frames) {
        SequenceBuilder builder = new SequenceBuilder(1500);
        for (byte[] f : frames) {
            assertTrue(builder.add(f, Headers.parse(f), 0));
        }
        return builder;
    }

    @Test
    void alikeFramesOfEveryKindBecomeUnique() {
        byte[] arp = FrameBuilder.ethernet(B, A, 0, Ether.TYPE_ARP, FrameBuilder.arp(1, A, 1, B, 2));
        byte[] full4 = udp(false, 1472, 0x4000);
        byte[] full6 = udp(true, 1452, 0);
        byte[] fragment4 = udp(false, 1472, 0x2000);
        byte[] full6Fragment = FrameBuilder.ethernet(B, A, 0, Ether.TYPE_IPV6, FrameBuilder.ipv6(new byte[16],
                new byte[16], 44, FrameBuilder.ipv6Fragment(17, 1, 9, new byte[1448])));
        byte[] small = udp(false, 10, 0);
        FrameSequence s = builder(arp, arp, full4, full4, full6, full6, fragment4, fragment4, full6Fragment,
                full6Fragment, small, small).build(1);
        assertEquals(1514, s.longest());
        assertUnique(s, 300);
    }

    @Test
    void fullSizeIdentificationsRunThroughAllOf16Bits() {
        assertUnique(builder(udp(false, 1472, 0), udp(false, 1472, 0)).build(1), 32_768);
    }

    @Test
    void trailerStandsBehindTheDatagramAndPaddingInBetween() {
        FrameSequence s = builder(udp(false, 10, 0), udp(false, 100, 0)).build(1);
        byte[] first = stamped(s, 0, 5);
        assertEquals(60, first.length);
        assertEquals(10, Net.get32(first, 56));
        assertEquals(0, first[55]);
        byte[] second = stamped(s, 1, 5);
        assertEquals(14 + 20 + 8 + 100 + 4, second.length);
        assertEquals(11, Net.get32(second, second.length - 4));
        assertArrayEquals(Arrays.copyOf(udp(false, 100, 0), 142), Arrays.copyOf(second, 142));
    }

    @Test
    void borderBetweenTrailerAndIdentificationIsFourBytesBelowTheMtu() {
        FrameSequence s = builder(udp(false, 1468, 0), udp(false, 1469, 0)).build(1);
        assertEquals(1514, s.length(0));
        assertEquals(1511, s.length(1));
        assertEquals(500, Net.u16(stamped(s, 0, 3), 18));
        assertEquals(3, Net.u16(stamped(s, 1, 3), 18));
    }

    @Test
    void fragmentsOfOneDatagramKeepOneIdentification() {
        SequenceBuilder builder = builder(udp(false, 1472, 0x2000), udp(false, 100, 185), udp(false, 1472, 0x2000),
                udp(false, 100, 185));
        FrameSequence s = builder.build(1);
        for (int round = 0; round < 3; round++) {
            int first = Net.u16(stamped(s, 0, round), 18);
            assertEquals(first, Net.u16(stamped(s, 1, round), 18));
            assertEquals(2 * round, first);
            assertEquals(2 * round + 1, Net.u16(stamped(s, 3, round), 18));
        }
    }

    @Test
    void fullFrameWithoutIpIsRefused() {
        byte[] f = new byte[1514];
        f[12] = (byte) 0x88;
        f[13] = (byte) 0xB5;
        assertFalse(new SequenceBuilder(1500).add(f, Headers.parse(f), 0));
        byte[] shorter = Arrays.copyOf(f, 1510);
        assertTrue(new SequenceBuilder(1500).add(shorter, Headers.parse(shorter), 0));
    }

    @Test
    void taggedFrameMayBeFourBytesLonger() {
        byte[] f = FrameBuilder.ethernet(B, A, 7, Ether.TYPE_IPV4,
                FrameBuilder.ipv4(1, 2, 17, 0, 0, FrameBuilder.udp(1, 2, new byte[1472])));
        assertEquals(1518, f.length);
        assertUnique(builder(f, f).build(1), 10);
    }

    @Test
    void numbersSurvive32BitRounds() {
        FrameSequence s = builder(udp(false, 10, 0), udp(false, 20, 0), udp(false, 30, 0)).build(1);
        long round = (1L << 32) / 3 + 1;
        assertEquals((int) (round * 3 + 1), Net.get32(stamped(s, 1, round), s.length(1) - 4));
    }
}
