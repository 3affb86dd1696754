package dev.npa.sim.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.Feature;
import dev.npa.plugin.QueueCounter;
import dev.npa.shell.PacketFlags;
import dev.npa.sim.contract.Vm.Incoming;
import dev.npa.sim.contract.Vm.Outgoing;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 8.04: wrong L4 checksums are reported as such, of TCP and UDP, IPv4 and IPv6, wherever the frame is from. */
class BadChecksumIT {

    private static final int L4 = PacketFlags.RX_L4_GOOD | PacketFlags.RX_L4_BAD;

    private static List<Shape> transports(Shape tcp, Shape udp) {
        return List.of(tcp, tcp.v6(true), udp, udp.v6(true));
    }

    private static byte[] wrong(byte[] frame, int at, Random random) {
        byte[] copy = frame.clone();
        copy[at] ^= (byte) (1 << random.nextInt(8));
        return copy;
    }

    /** What is to be said of a packet with a wrong checksum. */
    private static int verdict(Product product, Shape shape) {
        return shape.udp() && !product.tellsWrongUdp() ? 0 : PacketFlags.RX_L4_BAD;
    }

    private static void assertVerdict(Bench bench, Shape shape, byte[] sent, int verdict, List<Incoming> got) {
        assertEquals(1, got.size(), () -> bench + " " + shape);
        assertArrayEquals(sent, got.get(0).bytes(), () -> bench + " " + shape);
        assertEquals(verdict, got.get(0).flags() & L4, () -> bench + " " + shape);
        assertTrue(got.get(0).has(shape.udp() ? PacketFlags.RX_UDP : PacketFlags.RX_TCP), () -> bench + " " + shape);
        assertEquals(!shape.v6(), got.get(0).has(PacketFlags.RX_IP_GOOD), () -> bench + " " + shape);
    }

    private static void breakChecksums(Bench bench, Random random, int least, int most) {
        Vm vm = bench.vm(0);
        for (int i = 0; i < 25; i++) {
            int payload = least + random.nextInt(most - least + 1);
            for (Shape shape : transports(Shape.tcp(Bench.FAR, vm.mac, payload),
                    Shape.udp(Bench.FAR, vm.mac, payload))) {
                byte[] good = shape.frame();
                byte[][] frames = {good, wrong(good, shape.checksumAt() + random.nextInt(2), random),
                    wrong(good, shape.headers() + random.nextInt(payload), random),
                    wrong(good, good.length - 1, random)};
                for (byte[] frame : frames) {
                    bench.fromWire(frame);
                    int verdict = frame == good ? PacketFlags.RX_L4_GOOD : verdict(bench.product, shape);
                    assertVerdict(bench, shape, frame, verdict, vm.receive());
                }
            }
        }
        assertEquals(0, vm.rx(0).counter(QueueCounter.ERRORS), () -> bench + ": a wrong checksum is no frame error");
    }

    @ParameterizedTest
    @EnumSource
    void wrongChecksumIsReportedOfEveryTransport(Product product) {
        try (Bench bench = product.bench(Setup.standard().without(Feature.LRO))) {
            breakChecksums(bench, new Random(140), 60, 1400);
        }
    }

    @ParameterizedTest
    @EnumSource
    void wrongChecksumIsReportedOfPacketsInSeveralBuffers(Product product) {
        try (Bench bench = product.bench(Setup.standard().mtu(9000).without(Feature.LRO))) {
            breakChecksums(bench, new Random(141), 2100, 8900);
        }
    }

    /** A segment with a wrong checksum is not merged with its right neighbours, which would hide it. */
    @ParameterizedTest
    @EnumSource
    void wrongSegmentAmongRightOnesIsReportedByItself(Product product) {
        Random random = new Random(142);
        try (Bench bench = product.bench(Setup.standard())) {
            Vm vm = bench.vm(0);
            for (boolean v6 : new boolean[] {false, true}) {
                byte[][] frames = new byte[7][];
                for (int i = 0; i < frames.length; i++) {
                    Shape shape = Shape.tcp(Bench.FAR, vm.mac, 1000).v6(v6).sequence(5_000 + 1000 * i);
                    frames[i] = shape.frame();
                }
                Shape any = Shape.tcp(Bench.FAR, vm.mac, 1000).v6(v6);
                frames[3] = wrong(frames[3], any.headers() + random.nextInt(1000), random);
                bench.fromWire(frames);
                int bad = 0;
                int payload = 0;
                for (Incoming got : vm.receive()) {
                    payload += got.bytes().length - any.headers();
                    if (got.has(PacketFlags.RX_L4_BAD)) {
                        bad++;
                        assertArrayEquals(frames[3], got.bytes(), bench::toString);
                        assertEquals(3_000 + any.headers(), payload + any.headers() - 1_000, bench + ": its place");
                    } else {
                        assertTrue(got.has(PacketFlags.RX_L4_GOOD), bench::toString);
                    }
                }
                assertEquals(1, bad, bench::toString);
                assertEquals(7_000, payload, bench::toString);
            }
        }
    }

    /** A guest that sends a wrong checksum to its neighbour: nobody may call it right on the way. */
    @ParameterizedTest
    @EnumSource
    void wrongChecksumFromANeighbourIsNeverCalledRight(Product product) {
        Random random = new Random(143);
        try (Bench bench = product.bench()) {
            for (Shape shape : transports(Shape.tcp(bench.vm(0).mac, bench.vm(1).mac, 700),
                    Shape.udp(bench.vm(0).mac, bench.vm(1).mac, 700))) {
                byte[] frame = wrong(shape.frame(), shape.headers() + random.nextInt(700), random);
                bench.vm(0).send(Outgoing.plain(frame));
                List<Incoming> got = bench.vm(1).receive();
                assertEquals(1, got.size(), () -> bench + " " + shape);
                assertArrayEquals(frame, got.get(0).bytes(), () -> bench + " " + shape);
                assertEquals(0, got.get(0).flags() & PacketFlags.RX_L4_GOOD, () -> bench + " " + shape);
            }
        }
    }
}
