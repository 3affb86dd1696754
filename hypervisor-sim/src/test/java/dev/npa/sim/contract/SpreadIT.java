package dev.npa.sim.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.pf.RssSettings;
import dev.npa.pf.RssType;
import dev.npa.plugin.Feature;
import dev.npa.shell.PacketFlags;
import dev.npa.sim.contract.Vm.Incoming;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules 8.09 and 8.10: the published Toeplitz vectors, and the queue that the table says. */
class SpreadIT {

    /** A vector of the published RSS verification suite. */
    private record Vector(String source, int sourcePort, String target, int targetPort, int addresses, int ports) {}

    private static final List<Vector> VECTORS = List.of(
            new Vector("66.9.149.187", 2794, "161.142.100.80", 1766, 0x323e8fc2, 0x51ccc178),
            new Vector("199.92.111.2", 14230, "65.69.140.83", 4739, 0xd718262a, 0xc626b0ea),
            new Vector("24.19.198.95", 12898, "12.22.207.184", 38024, 0xd2d0a5de, 0x5c2b394a),
            new Vector("38.27.205.30", 48228, "209.142.163.6", 2217, 0x82989176, 0xafc7327f),
            new Vector("153.39.163.191", 44251, "202.188.127.2", 1303, 0x5d1809c5, 0x10e828a2),
            new Vector("3ffe:2501:200:1fff::7", 2794, "3ffe:2501:200:3::1", 1766, 0x2cc18cd5, 0x40207d3d),
            new Vector("3ffe:501:8::260:97ff:fe40:efab", 14230, "ff02::1", 4739, 0x0f0c461c, 0xdde51bbf),
            new Vector("3ffe:1900:4545:3:200:f8ff:fe21:67cf", 44251, "fe80::200:f8ff:fe21:67cf", 38024, 0x4b61e985,
                    0x02d1feef));

    private static byte[] address(String text) {
        try {
            return InetAddress.getByName(text).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static Incoming receive(Bench bench, byte[] frame) {
        bench.fromWire(frame);
        List<Incoming> got = bench.vm(0).receive();
        assertEquals(1, got.size(), bench::toString);
        return got.get(0);
    }

    @ParameterizedTest
    @EnumSource
    void hashIsThatOfThePublishedVectors(Product product) {
        try (Bench bench = product.bench(Setup.standard().queues(product.queues()))) {
            RssSettings rss = bench.rss(0);
            for (Vector v : VECTORS) {
                byte[] from = address(v.source);
                boolean v6 = from.length == 16;
                for (boolean udp : new boolean[] {false, true}) {
                    Shape shape = (udp ? Shape.udp(Bench.FAR, bench.vm(0).mac, 33) : Shape.tcp(Bench.FAR,
                            bench.vm(0).mac, 33)).v6(v6).ports(v.sourcePort, v.targetPort);
                    Incoming got = receive(bench, Shape.readdressed(shape.frame(), from, address(v.target)));
                    boolean ports = rss.types().contains(udp ? v6 ? RssType.UDP_IPV6 : RssType.UDP_IPV4
                            : v6 ? RssType.TCP_IPV6 : RssType.TCP_IPV4);
                    assertTrue(got.has(PacketFlags.RX_HASH), () -> bench + " " + v);
                    assertEquals(Integer.toHexString(ports ? v.ports : v.addresses), Integer.toHexString(got.hash()),
                            () -> bench + (udp ? " UDP " : " TCP ") + v);
                    assertEquals(rss.queue(got.hash()), got.queue(), () -> bench + " " + v);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void tcpPortsAreInTheHashOfEveryProduct(Product product) {
        try (Bench bench = product.bench(Setup.standard().queues(product.queues()))) {
            assertTrue(bench.rss(0).types().containsAll(Set.of(RssType.IPV4, RssType.TCP_IPV4, RssType.IPV6,
                    RssType.TCP_IPV6)), bench + " " + bench.rss(0));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatHasNoHashGoesToTheFirstQueue(Product product) {
        try (Bench bench = product.bench(Setup.standard().queues(product.queues()))) {
            byte[] frame = Shape.udp(Bench.FAR, bench.vm(0).mac, 33).frame();
            frame[12] = (byte) 0x88;
            frame[13] = (byte) 0xB5;
            Incoming got = receive(bench, frame);
            assertEquals(0, got.flags() & PacketFlags.RX_HASH);
            assertEquals(0, got.queue());
        }
    }

    /** An update is complete for each frame: its queue is that of the old table or that of the new one. */
    @ParameterizedTest
    @EnumSource
    void tableChangesUnderTrafficWithoutLoss(Product product) {
        long seed = 70;
        Random random = new Random(seed);
        int queues = product.queues();
        try (Bench bench = product.bench(Setup.standard().queues(queues))) {
            int received = 0;
            RssSettings old = bench.rss(0);
            for (int round = 0; round < 20; round++) {
                int[] table = random.ints(RssSettings.TABLE_SIZE, 0, queues).toArray();
                RssSettings wanted = new RssSettings(old.types(), old.key(), table);
                for (int i = 0; i < 40; i++) {
                    Shape shape = Shape.tcp(Bench.FAR, bench.vm(0).mac, 100).ports(1 + random.nextInt(65535), 80);
                    assertTrue(bench.offer(shape.frame()), bench::toString);
                    if (i == 20) {
                        bench.rss(0, wanted);
                    }
                    bench.pass(random.nextInt(3_000));
                }
                bench.settle();
                for (Incoming got : bench.vm(0).receive()) {
                    assertTrue(got.queue() == old.queue(got.hash()) || got.queue() == wanted.queue(got.hash()),
                            () -> bench + " seed " + seed + " queue " + got.queue());
                    received++;
                }
                for (int i = 0; i < 20; i++) {
                    Incoming got = receive(bench, Shape.tcp(Bench.FAR, bench.vm(0).mac, 10).ports(i + 1, 80).frame());
                    assertEquals(wanted.queue(got.hash()), got.queue(), () -> bench + " seed " + seed);
                }
                old = bench.rss(0);
                assertTrue(Arrays.equals(table, old.table()), bench::toString);
            }
            assertEquals(800, received, bench::toString);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutTheFeatureNoHashIsReported(Product product) {
        try (Bench bench = product.bench(Setup.standard().without(Feature.RSS))) {
            Incoming got = receive(bench, Shape.tcp(Bench.FAR, bench.vm(0).mac, 100).frame());
            assertEquals(0, got.flags() & PacketFlags.RX_HASH, bench::toString);
        }
    }
}
