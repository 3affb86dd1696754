package dev.npa.sim.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.QueueCounter;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.sim.contract.Vm.Outgoing;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules 8.05 and 8.06: TSO against segments built from the RFCs, and its limits. */
class SegmentationIT {

    private static Outgoing request(Shape shape, int mss, int vlan, int... cuts) {
        // TSO implies checksums; stacks ask for them all the same, or do not.
        int sums = (shape.v6() ? 0 : PacketFlags.TX_IP_CHECKSUM) | PacketFlags.TX_TCP_CHECKSUM;
        int flags = shape.ipFlag() | PacketFlags.TX_TSO | (vlan < 0 ? 0 : PacketFlags.TX_VLAN)
                | (shape.payload() % 2 == 0 ? sums : 0);
        return new Outgoing(shape.request(flags), flags, shape.offload(mss, Math.max(0, vlan)), cuts);
    }

    private static void sends(Bench bench, Shape shape, int mss, int vlan, int... cuts) {
        Vm vm = bench.vm(0);
        int aborted = vm.aborted();
        vm.send(request(shape, mss, vlan, cuts));
        assertEquals(aborted, vm.aborted(), () -> bench + " refuses MSS " + mss + " " + shape);
        List<byte[]> got = bench.wire();
        List<byte[]> expected = shape.segments(mss);
        assertEquals(expected.size(), got.size(), () -> bench + " MSS " + mss + " " + shape);
        for (int i = 0; i < got.size(); i++) {
            int n = i;
            byte[] one = vlan < 0 ? expected.get(i) : Shape.tagged(expected.get(i), vlan);
            assertArrayEquals(Bench.padded(one), got.get(i),
                    () -> bench + " segment " + n + " MSS " + mss + " " + shape);
        }
    }

    private static void refused(Bench bench, Outgoing packet, String what) {
        Vm vm = bench.vm(0);
        long before = vm.tx(0).counter(QueueCounter.REFUSED);
        int aborted = vm.aborted();
        vm.send(packet);
        assertEquals(List.of(), bench.wire(), () -> bench + " sends " + what);
        assertEquals(before + 1, vm.tx(0).counter(QueueCounter.REFUSED), () -> bench + " " + what);
        assertEquals(aborted + 1, vm.aborted(), () -> bench + " " + what);
    }

    @ParameterizedTest
    @EnumSource
    void segmentsAreThoseOfTheReference(Product product) {
        long seed = 30;
        Random random = new Random(seed);
        try (Bench bench = product.bench()) {
            Vm vm = bench.vm(0);
            int most = vm.plugin.capabilities().maxTxSegments();
            for (int i = 0; i < 150; i++) {
                Shape any = Shape.any(random, vm.mac, Bench.FAR, 1);
                Shape shape = new Shape(any.from(), any.to(), any.v6(), false, any.extra(),
                        any.udp() ? 12 : any.options(), 1 + random.nextInt(i % 10 == 0 ? 60_000 : 8_000),
                        any.inner(), random.nextInt(0x100),
                        any.id(), any.sequence(), any.source(), any.target(), -1, any.seed());
                int room = 1518 - 4 - shape.headers();
                int mss = random.nextInt(4) == 0 ? room : 200 + random.nextInt(room - 200);
                int vlan = shape.inner() < 0 && random.nextInt(3) == 0 ? Shape.tag(random) : -1;
                int pieces = 1 + random.nextInt(most);
                int[] cuts = random.ints(pieces - 1L, shape.headers(), shape.headers() + shape.payload()).distinct()
                        .filter(c -> c > shape.headers()).sorted().toArray();
                sends(bench, shape, mss, vlan, cuts);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void sequenceAndIdentificationWrap(Product product) {
        try (Bench bench = product.bench()) {
            Shape tcp = Shape.tcp(bench.vm(0).mac, Bench.FAR, 5_000);
            sends(bench, new Shape(tcp.from(), tcp.to(), false, false, 0, 0, 5_000, -1, 0x1F8, 0xFFFE, -1_500, 1, 2, -1,
                    3).flags(0xF9), 1_000, -1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLongestPacketPassesAndALongerOneIsRefused(Product product) {
        try (Bench bench = product.bench()) {
            PluginCapabilities can = bench.vm(0).plugin.capabilities();
            for (boolean v6 : new boolean[] {false, true}) {
                Shape tcp = Shape.tcp(bench.vm(0).mac, Bench.FAR, 0).v6(v6);
                Shape full = Shape.tcp(tcp.from(), tcp.to(), can.maxTsoBytes() - tcp.headers()).v6(v6);
                int[] cuts = {full.headers(), 20_000, 40_000, 60_000};
                sends(bench, full, 1400, -1, cuts);
                Shape more = Shape.tcp(tcp.from(), tcp.to(), can.maxTsoBytes() - tcp.headers() + 1).v6(v6);
                refused(bench, request(more, 1400, -1, cuts), "TSO of " + (can.maxTsoBytes() + 1) + " bytes");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void asManySegmentsAsDeclaredPassAndOneMoreIsRefused(Product product) {
        try (Bench bench = product.bench()) {
            Vm vm = bench.vm(0);
            int most = vm.plugin.capabilities().maxTxSegments();
            Shape tcp = Shape.tcp(vm.mac, Bench.FAR, 9_000);
            int[] cuts = new int[most];
            for (int i = 0; i < most; i++) {
                cuts[i] = tcp.headers() + 7 + 101 * i;
            }
            sends(bench, tcp, 1_000, -1, Arrays.copyOf(cuts, most - 1));
            refused(bench, request(tcp, 1_000, -1, cuts), "TSO of " + (most + 1) + " segments");
            Shape plain = Shape.udp(vm.mac, Bench.FAR, 1_472);
            int[] bytes = new int[most];
            for (int i = 0; i < most; i++) {
                bytes[i] = 50 + 3 * i;
            }
            vm.send(Outgoing.plain(plain.frame(), Arrays.copyOf(bytes, most - 1)));
            assertArrayEquals(plain.frame(), bench.wire().get(0));
            refused(bench, Outgoing.plain(plain.frame(), bytes), (most + 1) + " segments");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatCannotBeCutIsRefused(Product product) {
        try (Bench bench = product.bench()) {
            Vm vm = bench.vm(0);
            int most = vm.plugin.capabilities().maxHeaderBytes();
            Shape tcp = Shape.tcp(vm.mac, Bench.FAR, 3_000);
            refused(bench, request(tcp, 0, -1), "an MSS of 0");
            refused(bench, request(tcp, 1_518 - 54 + 1, -1), "segments above the MTU");
            refused(bench, request(tcp, 1_514 - 54 + 1, 5), "tagged segments above the MTU");
            refused(bench, new Outgoing(tcp.request(PacketFlags.TX_TSO), PacketFlags.TX_IPV4 | PacketFlags.TX_TSO,
                    PacketBurst.txOffload(14, 20, 16, 1000, 0)), "a TCP header of 16 bytes");
            refused(bench, new Outgoing(tcp.request(PacketFlags.TX_TSO), PacketFlags.TX_TSO, tcp.offload(1000, 0)),
                    "neither IPv4 nor IPv6");
            Shape empty = Shape.tcp(vm.mac, Bench.FAR, 0);
            refused(bench, request(empty, 1000, -1), "no payload");
            Shape large = tcp.v6(true).extra(464 - 40).options(40).inner(5);
            if (large.headers() > most) {
                refused(bench, request(large, 700, -1), "headers of " + large.headers() + " bytes");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachIpVersionIsEnabledByItself(Product product) {
        for (Feature off : List.of(Feature.TSO_V4, Feature.TSO_V6)) {
            try (Bench bench = product.bench(Setup.standard().without(off))) {
                Shape tcp = Shape.tcp(bench.vm(0).mac, Bench.FAR, 3_000).v6(off == Feature.TSO_V6);
                refused(bench, request(tcp, 1_000, -1), "TSO without " + off);
                sends(bench, tcp.v6(!tcp.v6()), 1_000, -1);
            }
        }
    }
}
