package dev.npa.sim.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.plugin.Feature;
import dev.npa.plugin.QueueCounter;
import dev.npa.shell.PacketFlags;
import dev.npa.sim.contract.Vm.Outgoing;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules 8.01 to 8.03: what transmit checksums give, and what is refused. */
class TransmitChecksumIT {

    /** The request for a shape's checksums, as far as the data path declares them. */
    private static Outgoing request(Vm vm, Shape shape, int vlan) {
        int flags = shape.ipFlag() | shape.l4Flag() | (vlan < 0 ? 0 : PacketFlags.TX_VLAN)
                | (shape.v6() || !vm.config.has(Feature.TX_IP_CHECKSUM) ? 0 : PacketFlags.TX_IP_CHECKSUM);
        return new Outgoing(shape.request(flags), flags, shape.offload(0, Math.max(vlan, 0)));
    }

    @ParameterizedTest
    @EnumSource
    void insertedChecksumsAreRight(Product product) {
        long seed = 20;
        Random random = new Random(seed);
        try (Bench bench = product.bench()) {
            Vm vm = bench.vm(0);
            for (int i = 0; i < 400; i++) {
                Shape shape = Shape.any(random, vm.mac, Bench.FAR, i < 300 ? 100 : 1380);
                int vlan = shape.inner() < 0 && random.nextInt(3) == 0 ? Shape.tag(random) : -1;
                vm.send(request(vm, shape, vlan));
                List<byte[]> got = bench.wire();
                assertEquals(1, got.size(), () -> bench + " seed " + seed + " " + shape);
                byte[] whole = vlan < 0 ? Bench.padded(shape.frame()) : bench.tagged(shape.frame(), vlan);
                assertArrayEquals(whole, got.get(0), () -> bench + " seed " + seed + " " + shape);
            }
            assertEquals(0, vm.aborted());
        }
    }

    @ParameterizedTest
    @EnumSource
    void udpChecksumOfZeroIsSentAsAllOnes(Product product) {
        try (Bench bench = product.bench()) {
            Vm vm = bench.vm(0);
            for (boolean v6 : new boolean[] {false, true}) {
                Shape open = Shape.udp(vm.mac, Bench.FAR, 64).v6(v6).patch(0);
                byte[] frame = open.frame();
                int sum = (frame[open.checksumAt()] & 0xFF) << 8 | frame[open.checksumAt() + 1] & 0xFF;
                Shape zero = open.patch(sum);
                vm.send(request(vm, zero, -1));
                byte[] got = bench.wire().get(0);
                assertEquals(-1, got[zero.checksumAt()]);
                assertEquals(-1, got[zero.checksumAt() + 1]);
                assertArrayEquals(zero.frame(), got);
            }
        }
    }

    private static void refused(Bench bench, Outgoing packet, String what) {
        Vm vm = bench.vm(0);
        long before = vm.tx(0).counter(QueueCounter.REFUSED);
        long sent = vm.tx(0).counter(QueueCounter.PACKETS);
        int aborted = vm.aborted();
        vm.send(packet);
        assertEquals(List.of(), bench.wire(), () -> bench + " sends " + what);
        assertEquals(before + 1, vm.tx(0).counter(QueueCounter.REFUSED), () -> bench + " " + what);
        assertEquals(sent, vm.tx(0).counter(QueueCounter.PACKETS), () -> bench + " " + what);
        assertEquals(aborted + 1, vm.aborted(), () -> bench + " " + what);
        byte[] plain = Shape.udp(vm.mac, Bench.FAR, 100).frame();
        vm.send(Outgoing.plain(plain));
        assertArrayEquals(plain, bench.wire().get(0), () -> bench + " after " + what);
    }

    @ParameterizedTest
    @EnumSource
    void checksumsThatAreNotEnabledAreRefused(Product product) {
        Setup none = Setup.standard().without(Feature.TX_IP_CHECKSUM, Feature.TX_L4_CHECKSUM, Feature.TSO_V4,
                Feature.TSO_V6, Feature.VLAN_INSERT, Feature.SCATTER_GATHER);
        try (Bench bench = product.bench(none)) {
            Vm vm = bench.vm(0);
            Shape tcp = Shape.tcp(vm.mac, Bench.FAR, 500);
            Shape udp = Shape.udp(vm.mac, Bench.FAR, 500);
            refused(bench, new Outgoing(tcp.request(PacketFlags.TX_IP_CHECKSUM),
                    PacketFlags.TX_IPV4 | PacketFlags.TX_IP_CHECKSUM, tcp.offload(0, 0)), "TX_IP_CHECKSUM");
            for (Shape shape : List.of(tcp, udp, tcp.v6(true), udp.v6(true))) {
                refused(bench, new Outgoing(shape.request(shape.l4Flag()), shape.ipFlag() | shape.l4Flag(),
                        shape.offload(0, 0)), "TX_L4_CHECKSUM of " + shape);
            }
            refused(bench, new Outgoing(tcp.frame(), PacketFlags.TX_VLAN, tcp.offload(0, 5)), "VLAN_INSERT");
            refused(bench, Outgoing.plain(tcp.frame(), 100), "SCATTER_GATHER");
            for (Shape shape : List.of(tcp, tcp.v6(true))) {
                refused(bench, new Outgoing(shape.request(PacketFlags.TX_TSO), shape.ipFlag() | PacketFlags.TX_TSO,
                        shape.offload(100, 0)), "TSO of " + shape);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void impossibleRequestsAreRefused(Product product) {
        try (Bench bench = product.bench()) {
            Vm vm = bench.vm(0);
            Shape tcp = Shape.tcp(vm.mac, Bench.FAR, 400);
            Shape six = tcp.v6(true);
            refused(bench, new Outgoing(six.frame(), PacketFlags.TX_IPV6 | PacketFlags.TX_IP_CHECKSUM,
                    six.offload(0, 0)), "an IPv4 checksum in IPv6");
            refused(bench, new Outgoing(tcp.frame(), PacketFlags.TX_IPV4 | PacketFlags.TX_TCP_CHECKSUM
                    | PacketFlags.TX_UDP_CHECKSUM, tcp.offload(0, 0)), "TCP and UDP at once");
            Shape empty = Shape.tcp(vm.mac, Bench.FAR, 0);
            refused(bench, new Outgoing(empty.frame(), PacketFlags.TX_IPV4 | PacketFlags.TX_TCP_CHECKSUM,
                    empty.extra(40).offload(0, 0)), "headers beyond the packet's end");
            Shape far = Shape.udp(vm.mac, Bench.FAR, 1300).v6(true).inner(9).extra(480);
            if (far.headers() - 60 > bench.vm(0).plugin.capabilities().maxHeaderBytes()) {
                Shape fits = Shape.udp(vm.mac, Bench.FAR, 1300 - 480).v6(true).inner(9).extra(480);
                refused(bench, new Outgoing(fits.request(fits.l4Flag()), fits.ipFlag() | fits.l4Flag(),
                        fits.offload(0, 0)), "headers of " + fits.headers() + " bytes");
            }
        }
    }
}
