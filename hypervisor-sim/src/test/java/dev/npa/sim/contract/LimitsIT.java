package dev.npa.sim.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.Feature;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.QueueCounter;
import dev.npa.sim.contract.Vm.Incoming;
import dev.npa.sim.contract.Vm.Outgoing;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules 1.07 and 8.01 at configure, jumbo frames, short frames. */
class LimitsIT {

    private static PluginException refused(Bench bench, PluginConfig config) {
        Vm vm = bench.vm(0);
        vm.plugin.close();
        int held = vm.machine.allocated();
        Plugin fresh = bench.another(0);
        PluginException e = assertThrows(PluginException.class, () -> fresh.configure(config),
                () -> bench + " " + config);
        assertEquals(held, vm.machine.allocated(), () -> bench + ": rule 3.04");
        fresh.close();
        return e;
    }

    private static PluginConfig with(PluginConfig c, int mtu, Set<Feature> features) {
        return new PluginConfig(c.txQueues(), c.rxQueues(), c.txRingSize(), c.rxRingSize(), mtu, c.vectors(), features);
    }

    @ParameterizedTest
    @EnumSource
    void featuresThatAreNotDeclaredAreRefused(Product product) {
        try (Bench bench = product.bench()) {
            PluginCapabilities can = bench.vm(0).plugin.capabilities();
            for (Feature feature : EnumSet.complementOf(EnumSet.copyOf(can.features()))) {
                PluginException e = refused(bench, with(bench.vm(0).config, 1500, Set.of(feature)));
                assertEquals("8.01", e.rule(), e.getMessage());
                assertTrue(e.getMessage().contains(feature.name()), e.getMessage());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void valuesBeyondTheLimitsAreRefused(Product product) {
        try (Bench bench = product.bench()) {
            PluginConfig c = bench.vm(0).config;
            PluginCapabilities can = bench.vm(0).plugin.capabilities();
            List<PluginConfig> wrong = List.of(
                    new PluginConfig(can.maxTxQueues() + 1, 1, c.txRingSize(), c.rxRingSize(), 1500, 0, Set.of()),
                    new PluginConfig(1, can.maxRxQueues() + 1, c.txRingSize(), c.rxRingSize(), 1500, 0, Set.of()),
                    new PluginConfig(0, 1, c.txRingSize(), c.rxRingSize(), 1500, 0, Set.of()),
                    new PluginConfig(1, 1, can.minRingSize() - 1, c.rxRingSize(), 1500, 0, Set.of()),
                    new PluginConfig(1, 1, c.txRingSize(), can.maxRingSize() + 1, 1500, 0, Set.of()),
                    new PluginConfig(1, 1, c.txRingSize(), c.rxRingSize(), 1500, can.vectors() + 1, Set.of()),
                    with(c, can.maxMtu() + 1, c.features()), with(c, 67, c.features()));
            for (PluginConfig config : wrong) {
                assertEquals("1.07", refused(bench, config).rule());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void jumboFramesNeedTheFeatureAndTheBuffers(Product product) {
        try (Bench bench = product.bench()) {
            PluginConfig c = bench.vm(0).config;
            EnumSet<Feature> features = EnumSet.copyOf(c.features());
            features.remove(Feature.JUMBO);
            assertEquals("8.01", refused(bench, with(c, 1501, features)).rule());
            features.add(Feature.JUMBO);
            features.remove(Feature.RX_SCATTER);
            assertEquals("1.07", refused(bench, with(c, 9000, features)).rule());
        }
    }

    @ParameterizedTest
    @EnumSource
    void jumboFramesGoBothWays(Product product) {
        Random random = new Random(80);
        try (Bench bench = product.bench(Setup.standard().mtu(9000).without(Feature.LRO))) {
            Vm vm = bench.vm(0);
            int most = vm.plugin.capabilities().maxTxSegments();
            for (int i = 0; i < 60; i++) {
                int length = i < 10 ? 9014 - i : 60 + random.nextInt(8_955);
                byte[] out = Shape.udp(vm.mac, Bench.FAR, length - 42).frame();
                int[] cuts = random.ints(random.nextInt(most), 14, length).distinct().filter(x -> x > 14)
                        .sorted().toArray();
                vm.send(Outgoing.plain(out, cuts));
                List<byte[]> sent = bench.wire();
                assertEquals(1, sent.size(), () -> bench + " " + length);
                assertArrayEquals(out, sent.get(0), () -> bench + " " + length);
                byte[] in = Shape.udp(Bench.FAR, vm.mac, length - 42).frame();
                if (i % 2 == 0) {
                    in = Shape.tagged(in, 5);
                }
                bench.fromWire(in);
                List<Incoming> got = vm.receive();
                assertEquals(1, got.size(), () -> bench + " " + length);
                byte[] whole = got.get(0).bytes();
                assertArrayEquals(in, i % 2 == 0 ? Shape.tagged(whole, got.get(0).vlan()) : whole, bench::toString);
            }
            vm.send(Outgoing.plain(Shape.udp(vm.mac, Bench.FAR, 9018 - 42 + 1).frame(), 5_000));
            assertEquals(List.of(), bench.wire(), bench::toString);
            assertEquals(1, vm.tx(0).counter(QueueCounter.REFUSED), bench::toString);
        }
    }

    @ParameterizedTest
    @EnumSource
    void framesBelowTheMinimumAreRefusedAndShortOnesPadded(Product product) {
        try (Bench bench = product.bench()) {
            Vm vm = bench.vm(0);
            int least = vm.plugin.capabilities().minFrame();
            byte[] frame = Shape.udp(vm.mac, Bench.FAR, 60).frame();
            for (int length = least; length <= 60; length++) {
                byte[] cut = Arrays.copyOf(frame, length);
                vm.send(Outgoing.plain(cut));
                assertArrayEquals(Bench.padded(cut), bench.wire().get(0), bench + " " + length);
            }
            vm.send(Outgoing.plain(Arrays.copyOf(frame, least - 1)));
            assertEquals(List.of(), bench.wire(), bench::toString);
            assertEquals(1, vm.tx(0).counter(QueueCounter.REFUSED), bench::toString);
            vm.send(Outgoing.plain(Shape.udp(vm.mac, Bench.FAR, 1518 - 42 + 1).frame()));
            assertEquals(List.of(), bench.wire(), bench::toString);
            assertEquals(2, vm.tx(0).counter(QueueCounter.REFUSED), bench::toString);
        }
    }
}
