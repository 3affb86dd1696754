package dev.npa.sim.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.pf.VfSettings;
import dev.npa.plugin.Feature;
import dev.npa.shell.PacketFlags;
import dev.npa.sim.contract.Vm.Incoming;
import dev.npa.sim.contract.Vm.Outgoing;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rule 8.08: tags with PCP and DEI, stripped and inserted, stacked and of the port. */
class VlanIT {

    private static final MacAddress GROUP = MacAddress.parse("01:00:5e:01:02:03");
    private static final MacAddress ALL = MacAddress.parse("ff:ff:ff:ff:ff:ff");

    private static Setup group(Setup setup) {
        return setup.settings(s -> new VfSettings(s.mac(), 0, s.mtu(), true, false, false, Set.of(GROUP),
                Setup.VLANS, 0, null));
    }

    private static Incoming receive(Bench bench, byte[] frame) {
        bench.fromWire(frame);
        List<Incoming> got = bench.vm(0).receive();
        assertEquals(1, got.size(), bench::toString);
        bench.vm(1).receive();
        return got.get(0);
    }

    @ParameterizedTest
    @EnumSource
    void strippedTagIsWholeAndTheRestUntouched(Product product) {
        Random random = new Random(50);
        try (Bench bench = product.bench(group(Setup.standard().without(Feature.LRO)))) {
            for (MacAddress to : List.of(bench.vm(0).mac, GROUP, ALL)) {
                for (int i = 0; i < 40; i++) {
                    int tag = Shape.tag(random);
                    Shape shape = Shape.udp(Bench.FAR, to, random.nextInt(1400))
                            .inner(i % 3 == 0 ? Shape.tag(random) : -1);
                    byte[] tagged = Bench.padded(Shape.tagged(shape.frame(), tag));
                    Incoming got = receive(bench, tagged);
                    assertTrue(got.has(PacketFlags.RX_VLAN), () -> bench + " " + to);
                    assertEquals(tag, got.vlan(), () -> bench + " " + to);
                    assertArrayEquals(tagged, Shape.tagged(got.bytes(), tag), () -> bench + " " + to + shape);
                    Incoming untagged = receive(bench, Shape.udp(Bench.FAR, to, 60).frame());
                    assertFalse(untagged.has(PacketFlags.RX_VLAN), "rule 7.08");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void tagStaysWhereItIsWithoutStripping(Product product) {
        Random random = new Random(51);
        try (Bench bench = product.bench(group(Setup.standard().without(Feature.VLAN_STRIP)))) {
            for (MacAddress to : List.of(bench.vm(0).mac, GROUP, ALL)) {
                byte[] tagged = Shape.tagged(Shape.udp(Bench.FAR, to, 200).frame(), Shape.tag(random));
                Incoming got = receive(bench, tagged);
                // The 82576 strips multicast for all VFs or for none, so it strips always: Feature.VLAN_STRIP.
                assertEquals(product == Product.KAWELA, got.has(PacketFlags.RX_VLAN), () -> bench + " " + to);
                assertArrayEquals(tagged, got.has(PacketFlags.RX_VLAN) ? Shape.tagged(got.bytes(), got.vlan())
                        : got.bytes(), () -> bench + " " + to);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void insertedTagComesBeforeTheOneThatIsThere(Product product) {
        Random random = new Random(52);
        try (Bench bench = product.bench(Setup.standard().settings(s -> Setup.vlans(s, Setup.VLANS)))) {
            Vm vm = bench.vm(0);
            for (int i = 0; i < 60; i++) {
                Shape shape = Shape.udp(vm.mac, Bench.FAR, random.nextInt(1400))
                        .inner(i % 2 == 0 ? Shape.tag(random) : -1);
                int tag = Shape.tag(random);
                vm.send(new Outgoing(shape.frame(), PacketFlags.TX_VLAN, i % 3 == 0 ? shape.offload(0, tag)
                        : (long) tag << 40));
                assertArrayEquals(bench.tagged(shape.frame(), tag), bench.wire().get(0),
                        () -> bench + " " + shape);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void framesOfForeignVlansDoNotArrive(Product product) {
        try (Bench bench = product.bench(group(Setup.standard()))) {
            for (MacAddress to : List.of(bench.vm(0).mac, GROUP, ALL)) {
                bench.fromWire(Shape.tagged(Shape.udp(Bench.FAR, to, 100).frame(), 77));
                assertEquals(List.of(), bench.vm(0).receive(), () -> bench + " " + to);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void tagOfThePortIsHiddenFromTheGuest(Product product) {
        for (boolean strip : new boolean[] {true, false}) {
            Setup base = strip ? Setup.standard() : Setup.standard().without(Feature.VLAN_STRIP);
            try (Bench bench = product.bench(base.settings(s -> new VfSettings(s.mac(), 100, s.mtu(), true, false,
                    false, Set.of(GROUP), Set.of(), 0, null)))) {
                Vm vm = bench.vm(0);
                for (MacAddress to : List.of(vm.mac, GROUP, ALL)) {
                    byte[] frame = Shape.udp(Bench.FAR, to, 100).frame();
                    Incoming got = receive(bench, Shape.tagged(frame, 100));
                    assertFalse(got.has(PacketFlags.RX_VLAN), () -> bench + " " + to);
                    assertArrayEquals(frame, got.bytes(), () -> bench + " " + to);
                    bench.fromWire(frame);
                    assertEquals(List.of(), vm.receive(), () -> bench + " untagged " + to);
                }
                byte[] out = Shape.udp(vm.mac, Bench.FAR, 100).frame();
                vm.send(Outgoing.plain(out));
                assertArrayEquals(Shape.tagged(out, 100), bench.wire().get(0), bench::toString);
            }
        }
    }
}
