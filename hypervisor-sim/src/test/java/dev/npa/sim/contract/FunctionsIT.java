package dev.npa.sim.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.pf.PfException;
import dev.npa.pf.VfSettings;
import dev.npa.sim.contract.Vm.Incoming;
import dev.npa.sim.contract.Vm.Outgoing;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A 57712 with two physical functions behind one port: two adapters, four guests, one wire. */
class FunctionsIT {

    private static NicBench bench(boolean spoofCheck) {
        return (NicBench) Product.BROADCOM.bench(Setup.standard().functions(2).settings(s -> new VfSettings(s.mac(), 0,
                s.mtu(), spoofCheck, false, false, Set.of(), Set.of(), 0)));
    }

    @Test
    void everyGuestReachesEveryOtherAndTheWire() {
        try (NicBench bench = bench(true)) {
            assertEquals(2, bench.drivers.size());
            for (int from = 0; from < 4; from++) {
                for (int to = 0; to < 4; to++) {
                    MacAddress target = from == to ? Bench.FAR : Bench.mac(to);
                    byte[] frame = Shape.udp(Bench.mac(from), target, 100 + 10 * from + to).frame();
                    bench.vm(from).send(Outgoing.plain(frame));
                    for (int vm = 0; vm < 4; vm++) {
                        List<Incoming> got = bench.vm(vm).receive();
                        assertEquals(vm == to && from != to ? 1 : 0, got.size(), from + " to " + to + " at " + vm);
                        if (!got.isEmpty()) {
                            assertArrayEquals(frame, got.get(0).bytes());
                        }
                    }
                    List<byte[]> wire = bench.wire();
                    assertEquals(from == to ? 1 : 0, wire.size(), from + " to " + to);
                }
            }
            assertEquals(0, bench.uplinkFrames);
        }
    }

    @Test
    void framesFromTheWireGoToTheirOwnerAlone() {
        try (NicBench bench = bench(true)) {
            for (int to = 0; to < 4; to++) {
                byte[] frame = Shape.udp(Bench.FAR, Bench.mac(to), 200).frame();
                bench.fromWire(frame);
                for (int vm = 0; vm < 4; vm++) {
                    assertEquals(vm == to ? 1 : 0, bench.vm(vm).receive().size(), "to " + to + " at " + vm);
                }
            }
            bench.fromWire(Shape.udp(Bench.FAR, MacAddress.parse("ff:ff:ff:ff:ff:ff"), 200).frame());
            for (int vm = 0; vm < 4; vm++) {
                assertEquals(1, bench.vm(vm).receive().size(), "broadcast at " + vm);
            }
        }
    }

    /** Also an address that a VF of the other function has. */
    @Test
    void foreignSourceAddressesAreDroppedAndCountedByTheirOwnDriver() {
        try (NicBench bench = bench(true)) {
            bench.expected = "spoofed frame";
            for (int i = 0; i < 4; i++) {
                bench.vm(3).send(Outgoing.plain(Shape.udp(Bench.mac(0), i % 2 == 0 ? Bench.FAR : Bench.mac(1), 90)
                        .frame()));
            }
            assertEquals(List.of(), bench.wire());
            assertEquals(List.of(), bench.vm(1).receive());
            bench.pass(1_100_000_000);
            assertEquals(0, bench.drivers.get(0).spoofedFrames());
            assertEquals(4, bench.drivers.get(1).spoofedFrames());
        }
    }

    @Test
    void addressBelongsToOneGuestOfBothFunctions() {
        try (NicBench bench = bench(true)) {
            bench.driver(0).deactivate(0);
            bench.fromWire(Shape.udp(Bench.FAR, Bench.mac(0), 90).frame());
            assertEquals(1, bench.uplinkFrames);
            for (int vm = 0; vm < 4; vm++) {
                assertEquals(List.of(), bench.vm(vm).receive());
            }
            bench.vm(2).send(Outgoing.plain(Shape.udp(Bench.mac(2), Bench.mac(0), 90).frame()));
            assertEquals(2, bench.uplinkFrames);
            bench.driver(0).activate(0);
            bench.vm(2).send(Outgoing.plain(Shape.udp(Bench.mac(2), Bench.mac(0), 90).frame()));
            assertEquals(1, bench.vm(0).receive().size());
            assertEquals(2, bench.uplinkFrames);
        }
    }

    @Test
    void promiscuousGuestsAreRefusedWithAReason() {
        try (NicBench bench = bench(true)) {
            for (int f = 0; f < 2; f++) {
                VfSettings wanted = new VfSettings(Bench.mac(2 * f), 0, 1500, true, false, true, Set.of(), Set.of(), 0);
                int function = f;
                PfException e = assertThrows(PfException.class, () -> bench.drivers.get(function).update(0, wanted));
                assertTrue(e.getMessage().contains("promiscuous"), e.getMessage());
                bench.fromWire(Shape.udp(Bench.FAR, Bench.mac(2 * f), 90).frame());
                assertEquals(1, bench.vm(2 * f).receive().size(), "the refused update changed nothing");
            }
        }
    }
}
