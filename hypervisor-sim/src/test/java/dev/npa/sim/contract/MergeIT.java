package dev.npa.sim.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.npa.plugin.Feature;
import dev.npa.plugin.QueueCounter;
import dev.npa.shell.PacketFlags;
import dev.npa.sim.contract.Vm.Incoming;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 8.07: LRO where it is declared, and none where it is not enabled. */
class MergeIT {

    private static Bench bench(Product product) {
        Bench bench = product.bench();
        if (!bench.vm(0).config.has(Feature.LRO)) {
            bench.close();
            assumeTrue(false, product + " does not declare LRO");
        }
        return bench;
    }

    private static byte[] payload(Incoming packet) {
        byte[] b = packet.bytes();
        boolean v6 = b[14] >> 4 == 6;
        int l3 = v6 ? 40 : 4 * (b[14] & 15);
        int l4 = 4 * (b[14 + l3 + 12] >> 4 & 15);
        int end = 14 + (v6 ? 40 + word(b, 18) : word(b, 16));
        return Arrays.copyOfRange(b, 14 + l3 + l4, end);
    }

    private static int word(byte[] b, int at) {
        return (b[at] & 0xFF) << 8 | b[at + 1] & 0xFF;
    }

    /** Joins payloads and checks what is said of each packet. */
    private static byte[] join(Bench bench, List<Incoming> packets, int mss) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Incoming packet : packets) {
            byte[] data = payload(packet);
            all.writeBytes(data);
            if (packet.has(PacketFlags.RX_LRO)) {
                assertEquals(mss, packet.mss(), bench::toString);
                assertEquals((data.length + mss - 1) / mss, packet.segments(), bench::toString);
                assertTrue(packet.segments() > 1, bench::toString);
            } else {
                assertTrue(data.length <= mss, () -> bench + ": merged and not said so");
            }
            assertTrue(packet.has(PacketFlags.RX_L4_GOOD), bench::toString);
        }
        return all.toByteArray();
    }

    @ParameterizedTest
    @EnumSource
    void segmentsComeBackTogether(Product product) {
        Random random = new Random(60);
        try (Bench bench = bench(product)) {
            int merged = 0;
            int sequence = 1;
            for (int i = 0; i < 60; i++) {
                int mss = 500 + random.nextInt(900);
                int length = mss * (1 + random.nextInt(12)) + random.nextInt(mss);
                Shape shape = Shape.tcp(Bench.FAR, bench.vm(0).mac, length).v6(i % 2 == 0)
                        .options(i % 3 == 0 ? 12 : 0).sequence(sequence).flags(Shape.ACK | Shape.PSH);
                sequence += shape.payload();
                bench.fromWire(shape.segments(mss).toArray(byte[][]::new));
                bench.pass(10_000_000); // an aggregation that waits for more ends
                bench.settle();
                List<Incoming> got = bench.vm(0).receive();
                byte[] expected = Arrays.copyOfRange(shape.frame(), shape.headers(), shape.headers() + length);
                assertArrayEquals(expected, join(bench, got, mss), () -> bench + " " + shape);
                merged += got.stream().mapToInt(Incoming::segments).sum();
            }
            assertTrue(merged > 100, bench + " merged " + merged);
            assertEquals(0, bench.vm(0).rx(0).counter(QueueCounter.ERRORS));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatDiffersIsNotMerged(Product product) {
        try (Bench bench = bench(product)) {
            Shape first = Shape.tcp(Bench.FAR, bench.vm(0).mac, 700).sequence(100);
            Shape next = first.sequence(800);
            List<Shape> others = List.of(first.sequence(900), first.sequence(100), next.ports(4001, 80), next.v6(true),
                    next.flags(Shape.ACK | 2), next.flags(Shape.ACK | 4), next.flags(Shape.ACK | 0x20),
                    next.extra(4), next.options(12));
            for (Shape other : others) {
                bench.fromWire(first.frame(), other.frame());
                bench.pass(10_000_000);
                bench.settle();
                List<Incoming> got = bench.vm(0).receive();
                assertEquals(2, got.size(), () -> bench + " merges " + other);
                List<byte[]> bytes = new ArrayList<>(List.of(got.get(0).bytes(), got.get(1).bytes()));
                assertArrayEquals(first.frame(), bytes.get(0), () -> bench + " " + other);
                assertArrayEquals(other.frame(), bytes.get(1), () -> bench + " " + other);
            }
            byte[] wrong = next.frame();
            wrong[400] ^= 1;
            bench.fromWire(first.frame(), wrong);
            bench.pass(10_000_000);
            bench.settle();
            List<Incoming> got = bench.vm(0).receive();
            assertEquals(2, got.size(), () -> bench + " merges a frame with a wrong checksum");
            assertTrue(got.get(1).has(PacketFlags.RX_L4_BAD));
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsMergedUnlessEnabled(Product product) {
        try (Bench bench = product.bench(Setup.standard().without(Feature.LRO))) {
            Shape shape = Shape.tcp(Bench.FAR, bench.vm(0).mac, 14_600);
            List<byte[]> segments = shape.segments(1460);
            bench.fromWire(segments.toArray(byte[][]::new));
            List<Incoming> got = bench.vm(0).receive();
            assertEquals(10, got.size(), bench::toString);
            for (int i = 0; i < 10; i++) {
                assertArrayEquals(segments.get(i), got.get(i).bytes(), bench::toString);
                assertEquals(0, got.get(i).flags() & PacketFlags.RX_LRO, bench::toString);
            }
        }
    }
}
