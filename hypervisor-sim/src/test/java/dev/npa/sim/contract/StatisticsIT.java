package dev.npa.sim.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.pf.RssSettings;
import dev.npa.pf.VfSettings;
import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.Feature;
import dev.npa.plugin.QueueCounter;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.sim.contract.Vm.Outgoing;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules 9.06 and 11.01 to 11.06: the same numbers for the same traffic, whoever counts. */
class StatisticsIT {

    private static final MacAddress GROUP = MacAddress.parse("01:00:5e:01:02:03");
    /** The 57712's PF driver has statistics written once a second. */
    private static final long LAG = 1_100_000_000;

    private static Setup setup(int queues) {
        RssSettings rss = queues > 1 ? RssSettings.spread(queues) : null;
        return Setup.standard().queues(queues).without(Feature.LRO).settings(s -> new VfSettings(s.mac(), 0, s.mtu(),
                true, false, false, Set.of(GROUP), Setup.VLANS, 0, rss));
    }

    private static Map<DeviceCounter, Long> device(Vm vm) {
        Map<DeviceCounter, Long> all = new EnumMap<>(DeviceCounter.class);
        for (DeviceCounter counter : DeviceCounter.values()) {
            all.put(counter, vm.plugin.counter(counter));
        }
        return all;
    }

    private static long tx(Vm vm, QueueCounter counter) {
        long sum = 0;
        for (int q = 0; q < vm.config.txQueues(); q++) {
            sum += vm.tx(q).counter(counter);
        }
        return sum;
    }

    private static long rx(Vm vm, QueueCounter counter) {
        long sum = 0;
        for (int q = 0; q < vm.config.rxQueues(); q++) {
            sum += vm.rx(q).counter(counter);
        }
        return sum;
    }

    private static void assertDevice(Bench bench, Vm vm, long rxFrames, long rxBytes, long multicast, long txFrames,
            long txBytes) {
        Map<DeviceCounter, Long> expected = new EnumMap<>(DeviceCounter.class);
        expected.put(DeviceCounter.RX_FRAMES, rxFrames);
        expected.put(DeviceCounter.RX_BYTES, rxBytes);
        expected.put(DeviceCounter.RX_MULTICAST, multicast);
        expected.put(DeviceCounter.TX_FRAMES, txFrames);
        expected.put(DeviceCounter.TX_BYTES, txBytes);
        assertEquals(expected, device(vm), bench::toString);
    }

    /** Unicast and multicast in, plain packets and TSO out, of known lengths; counters stay through stop and start. */
    @ParameterizedTest
    @EnumSource
    void knownTrafficGivesKnownNumbers(Product product) {
        Random random = new Random(90);
        int queues = product.queues();
        try (Bench bench = product.bench(setup(queues))) {
            Vm vm = bench.vm(0);
            long in = 0;
            long inBytes = 0;
            long multicast = 0;
            long out = 0;
            long outBytes = 0;
            long packets = 0;
            long packetBytes = 0;
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 40; i++) {
                    MacAddress to = i % 5 == 0 ? GROUP : vm.mac;
                    byte[] frame = Shape.udp(Bench.FAR, to, 20 + random.nextInt(1400)).ports(i + 1, 7).frame();
                    bench.fromWire(frame);
                    in++;
                    inBytes += frame.length;
                    multicast += i % 5 == 0 ? 1 : 0;
                    byte[] mine = Shape.udp(vm.mac, Bench.FAR, 20 + random.nextInt(1400)).frame();
                    vm.send(i % queues, Outgoing.plain(mine, 17, 31));
                    out++;
                    outBytes += mine.length;
                    packets++;
                    packetBytes += mine.length;
                }
                Shape large = Shape.tcp(vm.mac, Bench.FAR, 4_100);
                int flags = PacketFlags.TX_IPV4 | PacketFlags.TX_TSO;
                vm.send(queues - 1, new Outgoing(large.request(flags), flags, large.offload(1000, 0)));
                out += 5;
                outBytes += 4_100 + 5 * 54;
                packets++;
                packetBytes += 4_154;
                vm.send(Outgoing.plain(Shape.udp(vm.mac, Bench.FAR, 1_500).frame()));
                vm.receive();
                if (round == 0) { // the other two rounds' numbers must survive the stop without a wait
                    bench.pass(LAG);
                }
                assertEquals(in, rx(vm, QueueCounter.PACKETS), bench::toString);
                assertEquals(inBytes, rx(vm, QueueCounter.BYTES), bench::toString);
                assertEquals(0, rx(vm, QueueCounter.ERRORS) + rx(vm, QueueCounter.NO_BUFFER), bench::toString);
                assertEquals(packets, tx(vm, QueueCounter.PACKETS), bench::toString);
                assertEquals(packetBytes, tx(vm, QueueCounter.BYTES), bench::toString);
                assertEquals(round + 1, tx(vm, QueueCounter.REFUSED), bench::toString);
                assertTrue(tx(vm, QueueCounter.DOORBELLS) <= packets && tx(vm, QueueCounter.DOORBELLS) > 0);
                vm.plugin.stop();
                assertDevice(bench, vm, in, inBytes, multicast, out, outBytes);
                vm.plugin.start();
                bench.settle();
                assertDevice(bench, vm, in, inBytes, multicast, out, outBytes);
            }
        }
    }

    /** Padding is on the wire and so in the device's bytes; a stripped tag is, too. */
    @ParameterizedTest
    @EnumSource
    void deviceCountsWhatIsOnTheWire(Product product) {
        try (Bench bench = product.bench(setup(1))) {
            Vm vm = bench.vm(0);
            byte[] frame = Shape.udp(Bench.FAR, vm.mac, 100).frame();
            bench.fromWire(Shape.tagged(frame, 5));
            vm.receive();
            assertEquals(frame.length, rx(vm, QueueCounter.BYTES), bench::toString);
            Shape tagged = Shape.udp(vm.mac, Bench.FAR, 100);
            vm.send(new Outgoing(tagged.frame(), PacketFlags.TX_VLAN, tagged.offload(0, 5)));
            assertEquals(frame.length, tx(vm, QueueCounter.BYTES), bench::toString);
            bench.pass(LAG);
            assertDevice(bench, vm, 1, frame.length + 4, 0, 1, frame.length + 4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void loopbackInsideTheNicCountsLikeTheWire(Product product) {
        try (Bench bench = product.bench(setup(1))) {
            byte[] frame = Shape.udp(bench.vm(0).mac, bench.vm(1).mac, 300).frame();
            for (int i = 0; i < 30; i++) {
                bench.vm(0).send(Outgoing.plain(frame));
                assertEquals(1, bench.vm(1).receive().size(), bench::toString);
            }
            bench.pass(LAG);
            assertDevice(bench, bench.vm(0), 0, 0, 0, 30, 30L * frame.length);
            assertDevice(bench, bench.vm(1), 30, 30L * frame.length, 0, 0, 0);
            assertEquals(0, bench.wire().size(), bench::toString);
        }
    }

    /** An empty pool costs no buffer; what it costs is counted and ends when buffers are there again. */
    @ParameterizedTest
    @EnumSource
    void emptyPoolIsCountedAndRecoversFrom(Product product) {
        try (Bench bench = product.bench(setup(1))) {
            Vm vm = bench.vm(0);
            int[] held = new int[vm.machine.pool().available()];
            vm.machine.pool().take(new long[held.length], held, 0, held.length);
            byte[] frame = Shape.udp(Bench.FAR, vm.mac, 300).frame();
            int received = 0;
            PacketBurst kept = new PacketBurst(4096);
            for (int i = 0; i < 64; i++) { // more than a plugin posts at a time
                bench.fromWire(frame);
                received += vm.rx(0).receive(kept, 64); // not given back
            }
            assertEquals(64, received, bench::toString);
            assertTrue(rx(vm, QueueCounter.NO_BUFFER) > 0, bench::toString);
            vm.machine.pool().give(held, 0, held.length);
            vm.machine.pool().give(kept, 0, kept.size());
            for (int i = 0; i < 300; i++) {
                bench.fromWire(frame);
                assertEquals(1, vm.receive().size(), () -> bench + ": rule 7.05");
            }
            assertEquals(364, rx(vm, QueueCounter.PACKETS), bench::toString);
        }
    }
}
