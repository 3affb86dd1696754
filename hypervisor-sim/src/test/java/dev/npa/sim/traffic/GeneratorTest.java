package dev.npa.sim.traffic;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.sim.pcap.Capture;
import dev.npa.sim.pcap.CaptureException;
import dev.npa.sim.pcap.CapturedFrame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GeneratorTest {

    private static final MacAddress A = MacAddress.parse("02:00:00:00:00:0a");
    private static final MacAddress B = MacAddress.parse("02:00:00:00:00:0b");

    private static GeneratorSpec spec(GeneratorSpec.Sizes sizes, boolean tcp, boolean v6, int vlan, int flows,
            long seed) {
        return new GeneratorSpec(sizes, tcp, v6, vlan, flows, Pacing.unlimited(), 0, true, 1500, seed);
    }

    private static byte[] bytes(FrameSequence s) {
        byte[] all = new byte[s.buffer().capacity()];
        s.buffer().get(0, all);
        return all;
    }

    @Test
    void sameSeedMeansSameFramesAndAnotherSeedOthers() {
        GeneratorSpec seven = spec(GeneratorSpec.Sizes.range(60, 1514), false, false, 0, 8, 7);
        assertArrayEquals(bytes(FrameGenerator.generate(seven, A, B, true)),
                bytes(FrameGenerator.generate(seven, A, B, true)));
        GeneratorSpec eight = spec(GeneratorSpec.Sizes.range(60, 1514), false, false, 0, 8, 8);
        assertFalse(Arrays.equals(bytes(FrameGenerator.generate(seven, A, B, true)),
                bytes(FrameGenerator.generate(eight, A, B, true))));
    }

    @Test
    void everyShapeKeepsItsSizesChecksumsFlowsAndIsUnique() {
        for (int shape = 0; shape < 8; shape++) {
            boolean tcp = (shape & 1) != 0;
            boolean v6 = (shape & 2) != 0;
            int vlan = (shape & 4) != 0 ? 42 : 0;
            int longest = vlan != 0 ? 1518 : 1514;
            FrameSequence s = FrameGenerator.generate(
                    spec(GeneratorSpec.Sizes.range(90, longest), tcp, v6, vlan, 5, shape), A, B, true);
            assertEquals(FrameGenerator.ROUND, s.size());
            FrameSequenceTest.assertUnique(s, 2);
            Set<Long> flows = new HashSet<>();
            for (int i = 0; i < s.size(); i++) {
                assertTrue(s.length(i) >= 90 && s.length(i) <= longest);
                flows.add(FlowKey.of(s.buffer(), s.offset(i), s.length(i)));
                Headers h = Headers.parse(FrameSequenceTest.stamped(s, i, 0));
                assertEquals(v6 ? 6 : 4, h.ipVersion);
                assertEquals(tcp ? 6 : 17, h.protocol);
                assertEquals(vlan != 0 ? 18 : 14, h.network);
            }
            assertEquals(5, flows.size());
        }
    }

    @Test
    void lengthsAreExactFromTheShortestToTheLongest() {
        for (int length : new int[] {60, 61, 64, 1509, 1510, 1511, 1512, 1513, 1514}) {
            FrameSequence s = FrameGenerator.generate(
                    spec(GeneratorSpec.Sizes.fixed(length), false, false, 0, 1, 1), A, B, true);
            assertEquals(length, s.length(0));
            assertEquals(length, s.longest());
            FrameSequenceTest.assertUnique(s, 2);
        }
    }

    @Test
    void imixIsSevenFourOne() {
        FrameSequence s =
                FrameGenerator.generate(spec(GeneratorSpec.Sizes.ofImix(), false, false, 0, 1, 1), A, B, true);
        TreeMap<Integer, Integer> counts = new TreeMap<>();
        for (int i = 0; i < s.size(); i++) {
            counts.merge(s.length(i), 1, Integer::sum);
        }
        assertEquals(Set.of(60, 590, 1514), counts.keySet());
        assertEquals(7.0 / 12, counts.get(60) / 1024.0, 0.06);
        assertEquals(4.0 / 12, counts.get(590) / 1024.0, 0.06);
    }

    @Test
    void impossibleShapesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> GeneratorSpec.Sizes.fixed(59));
        assertThrows(IllegalArgumentException.class, () -> GeneratorSpec.Sizes.range(100, 99));
        assertThrows(IllegalArgumentException.class,
                () -> spec(GeneratorSpec.Sizes.fixed(1515), false, false, 0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> spec(GeneratorSpec.Sizes.fixed(60), true, true, 0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> spec(GeneratorSpec.Sizes.ofImix(), true, true, 4095, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> spec(GeneratorSpec.Sizes.ofImix(), true, true, 0, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> Pacing.framesPerSecond(0));
        assertThrows(IllegalArgumentException.class, () -> Pacing.capture(Double.NaN));
    }

    @Test
    void sampleCaptureIsDeterministicMixedAndReplayable() throws CaptureException {
        Capture sample = SampleCapture.make();
        Capture again = SampleCapture.make();
        assertTrue(sample.frames().size() >= SampleCapture.FRAMES);
        assertEquals(sample.frames().size(), again.frames().size());
        Set<Integer> kinds = new HashSet<>();
        int shortest = Integer.MAX_VALUE;
        int longest = 0;
        long last = -1;
        for (int i = 0; i < sample.frames().size(); i++) {
            CapturedFrame f = sample.frames().get(i);
            assertArrayEquals(f.bytes(), again.frames().get(i).bytes());
            assertEquals(f.nanos(), again.frames().get(i).nanos());
            assertTrue(f.nanos() > last);
            last = f.nanos();
            Headers h = Headers.parse(f.bytes());
            assertTrue(Checksums.areRight(f.bytes()));
            kinds.add(h.ipVersion << 16 | (h.fragment ? 1 << 12 : 0) | h.protocol & 0xFFF);
            shortest = Math.min(shortest, f.bytes().length);
            longest = Math.max(longest, f.bytes().length);
        }
        assertEquals(60, shortest);
        assertEquals(1514, longest);
        // ARP; ICMP, IGMP, TCP, UDP, fragments over IPv4; ICMPv6, TCP, UDP over IPv6.
        for (int kind : new int[] {0xFFF, 0x40001, 0x40002, 0x40006, 0x40011, 0x41011, 0x6003A, 0x60006, 0x60011}) {
            assertTrue(kinds.contains(kind), "kind 0x" + Integer.toHexString(kind));
        }
        CaptureRewriter.Replay replay = CaptureRewriter.rewrite(sample, A, B, 1500);
        assertEquals(sample.frames().size(), replay.fromVm().size() + replay.toVm().size());
        assertEquals(0, replay.report().checksums());
        assertEquals(0, replay.report().oversize());
        FrameSequenceTest.assertUnique(replay.fromVm(), 3);
        FrameSequenceTest.assertUnique(replay.toVm(), 3);
    }

    @Test
    void hashIgnoresByteOrderAndSeesEveryByteAndLength() {
        ByteBuffer b = ByteBuffer.allocateDirect(200);
        Set<Long> seen = new HashSet<>();
        for (int length = 14; length < 100; length++) {
            assertTrue(seen.add(ContentHash.of(b, 3, length)));
            for (int at = 0; at < length; at++) {
                b.put(3 + at, (byte) 1);
                assertTrue(seen.add(ContentHash.of(b, 3, length)));
                b.put(3 + at, (byte) 0);
            }
        }
        long big = ContentHash.of(b, 3, 50);
        assertEquals(big, ContentHash.of(b.order(java.nio.ByteOrder.LITTLE_ENDIAN), 3, 50));
    }
}
