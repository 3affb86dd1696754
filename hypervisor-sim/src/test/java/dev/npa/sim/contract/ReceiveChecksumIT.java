package dev.npa.sim.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.Feature;
import dev.npa.plugin.QueueCounter;
import dev.npa.shell.PacketFlags;
import dev.npa.sim.contract.Vm.Incoming;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 8.04: what is said of checksums of received packets. */
class ReceiveChecksumIT {

    private static final int IP = PacketFlags.RX_IP_GOOD | PacketFlags.RX_IP_BAD;
    private static final int L4 = PacketFlags.RX_L4_GOOD | PacketFlags.RX_L4_BAD;

    private static Incoming receive(Bench bench, byte[] frame) {
        bench.fromWire(frame);
        List<Incoming> got = bench.vm(0).receive();
        assertEquals(1, got.size(), bench::toString);
        return got.get(0);
    }

    private static byte[] broken(byte[] frame, int at, Random random) {
        byte[] copy = frame.clone();
        copy[at] ^= (byte) (1 << random.nextInt(8));
        return copy;
    }

    @ParameterizedTest
    @EnumSource
    void goodIsSaidOfGoodFramesOnly(Product product) {
        Random random = new Random(40);
        try (Bench bench = product.bench(Setup.standard().without(Feature.VLAN_STRIP, Feature.LRO))) {
            for (int i = 0; i < 300; i++) {
                Shape shape = Shape.any(random, Bench.FAR, bench.vm(0).mac, 1380).inner(-1);
                byte[] frame = shape.frame();
                Incoming good = receive(bench, frame);
                assertArrayEquals(Bench.padded(frame), good.bytes(), () -> bench + " " + shape);
                assertEquals(0, good.flags() & (PacketFlags.RX_IP_BAD | PacketFlags.RX_L4_BAD),
                        () -> bench + " " + shape);
                if (shape.extra() == 0) {
                    assertTrue(good.has(PacketFlags.RX_L4_GOOD), () -> bench + " " + shape);
                    assertEquals(!shape.v6(), good.has(PacketFlags.RX_IP_GOOD), () -> bench + " " + shape);
                    assertTrue(good.has(shape.v6() ? PacketFlags.RX_IPV6 : PacketFlags.RX_IPV4));
                    assertTrue(good.has(shape.udp() ? PacketFlags.RX_UDP : PacketFlags.RX_TCP));
                }
                byte[] wrong = broken(frame, shape.headers() - 4 + random.nextInt(shape.payload() + 3), random);
                Incoming bad = receive(bench, wrong);
                assertArrayEquals(Bench.padded(wrong), bad.bytes());
                assertFalse(bad.has(PacketFlags.RX_L4_GOOD), () -> bench + " " + shape);
                assertTrue(shape.extra() > 0 || shape.udp() && !product.tellsWrongUdp()
                        || bad.has(PacketFlags.RX_L4_BAD),
                        () -> bench + " " + shape);
                if (!shape.v6()) {
                    Incoming header = receive(bench, broken(frame, 24, random));
                    assertFalse(header.has(PacketFlags.RX_IP_GOOD), () -> bench + " " + shape);
                    assertTrue(header.has(PacketFlags.RX_IP_BAD), () -> bench + " " + shape);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void absentUdpChecksumsAndFragmentsAreNotJudged(Product product) {
        try (Bench bench = product.bench(Setup.standard())) {
            Shape udp = Shape.udp(Bench.FAR, bench.vm(0).mac, 100);
            byte[] absent = udp.frame();
            absent[udp.checksumAt()] = 0;
            absent[udp.checksumAt() + 1] = 0;
            assertEquals(0, receive(bench, absent).flags() & PacketFlags.RX_L4_BAD, bench::toString);
            byte[] fragment = Shape.udp(Bench.FAR, bench.vm(0).mac, 100).frame();
            fragment[20] = 0x20; // more fragments
            int sum = ((fragment[24] & 0xFF) << 8 | fragment[25] & 0xFF) + 0x4000 - 0x2000;
            fragment[24] = (byte) ((sum & 0xFFFF) + (sum >>> 16) >> 8);
            fragment[25] = (byte) ((sum & 0xFFFF) + (sum >>> 16));
            Incoming got = receive(bench, fragment);
            assertEquals(0, got.flags() & L4, bench::toString);
            assertTrue(got.has(PacketFlags.RX_IP_GOOD), bench::toString);
            byte[] other = Shape.udp(Bench.FAR, bench.vm(0).mac, 100).frame();
            other[12] = (byte) 0x88;
            other[13] = (byte) 0xB5;
            assertEquals(0, receive(bench, other).flags() & (IP | L4 | PacketFlags.RX_IPV4 | PacketFlags.RX_UDP));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsSaidWithoutTheFeature(Product product) {
        try (Bench bench = product.bench(Setup.standard().without(Feature.RX_CHECKSUM))) {
            for (boolean v6 : new boolean[] {false, true}) {
                byte[] frame = Shape.tcp(Bench.FAR, bench.vm(0).mac, 500).v6(v6).frame();
                assertEquals(0, receive(bench, frame).flags() & (IP | L4), bench::toString);
                byte[] wrong = frame.clone();
                wrong[300] ^= 1;
                Incoming bad = receive(bench, wrong);
                assertEquals(0, bad.flags() & (IP | L4), bench::toString);
                assertTrue(Arrays.equals(wrong, bad.bytes()));
            }
            assertEquals(0, bench.vm(0).rx(0).counter(QueueCounter.ERRORS));
        }
    }
}
