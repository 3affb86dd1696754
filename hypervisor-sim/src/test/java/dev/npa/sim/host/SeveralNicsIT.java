package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.LinkState;
import dev.npa.sim.host.Switchover.Outcome;
import dev.npa.sim.host.VirtualMachine.State;
import dev.npa.sim.net.VlanPolicy;
import dev.npa.sim.net.fabric.Fabric;
import dev.npa.sim.time.Component;
import dev.npa.sim.traffic.GeneratorSpec;
import dev.npa.sim.traffic.Pacing;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Switchovers between NICs of one network with the real shell, plugins, PF driver and NIC model. */
class SeveralNicsIT {

    private static final String FAST = "82599";
    private static final String SLOW = NetworkLab.SlowPort.MODEL;

    @TempDir
    Path storage;

    private NetworkLab lab(Simulation.Mode mode, long seed, Pacing pacing, String... models) {
        return new NetworkLab(mode, seed, storage, pacing, models);
    }

    /**
     * A VM on NIC 0 that talks to a station at each NIC, and to an emulated VM and one on a VF of each NIC; to every
     * second of these VMs in threaded mode, where each takes a thread.
     */
    private NetworkLab neighbourhood(Simulation.Mode mode, long seed, Pacing pacing) {
        NetworkLab lab = lab(mode, seed, pacing, FAST, FAST, FAST);
        VirtualMachine mover = lab.vm(0);
        int step = mode == Simulation.Mode.THREADED ? 2 : 1;
        List<VirtualMachine> direct = new ArrayList<>();
        for (int i = 0; i < 6; i += step) {
            VirtualMachine neighbour = lab.vm(i / 2);
            lab.flow(mover, neighbour);
            if (i / step % 2 == 1) {
                direct.add(neighbour);
            }
        }
        for (int nic = 0; nic < 3; nic++) {
            lab.flow(mover, nic);
        }
        lab.start();
        direct.forEach(neighbour -> lab.to(neighbour, neighbour.homeNic(), "1.0.0"));
        return lab;
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,1", "SEEDED,2", "SEEDED,3", "THREADED,1"})
    void vmGoesFromNicToNicAndHomeWithoutLosingAFrame(Simulation.Mode mode, long seed) {
        try (NetworkLab lab = neighbourhood(mode, seed, Pacing.framesPerSecond(10_000))) {
            VirtualMachine vm = lab.vms.get(0);
            lab.to(vm, 0, "1.0.0");
            lab.to(vm, 1, "1.1.0");
            assertEquals("niantic 1.1.0 on nic1", vm.carrier());
            lab.to(vm, 2, "1.0.0");
            lab.to(vm, 2, "1.1.0");
            lab.home(vm);
            lab.to(vm, 1, "1.0.0");
            lab.home(vm);
            lab.assertNothingLost();
            lab.assertNothingLeft();
            assertEquals(6, vm.leftovers().unloaded() + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,11", "SEEDED,12", "THREADED,11"})
    void neighboursOnVfsFollowToOtherNics(Simulation.Mode mode, long seed) {
        try (NetworkLab lab = neighbourhood(mode, seed, Pacing.framesPerSecond(5_000))) {
            for (int round = 1; round < 3; round++) {
                for (int i = 0; i < lab.vms.size(); i++) {
                    lab.to(lab.vms.get(i), (i + round) % 3, null);
                }
            }
            for (VirtualMachine vm : lab.vms) {
                lab.home(vm);
            }
            lab.assertNothingLost();
            lab.assertNothingLeft();
        }
    }

    /**
     * Ports of 1 Gbit/s, whose queues in the network are full, as the stations together send more. More or fewer seeds
     * with {@code -Dnpa.it.seeds=N}.
     */
    @Test
    void nothingIsLostUnderManySeedsWithFramesQueuedInTheNetworkAtTheCut() {
        int seeds = Integer.getInteger("npa.it.seeds", 200);
        int queuedAtCut = 0;
        for (int seed = 1000; seed < 1000 + seeds; seed++) {
            Pacing pacing = Pacing.framesPerSecond(45_000);
            try (NetworkLab lab = lab(Simulation.Mode.SEEDED, seed, pacing, SLOW, SLOW, SLOW)) {
                VirtualMachine vm = lab.vm(seed % 3);
                VirtualMachine neighbour = lab.vm((seed + 1) % 3);
                GeneratorSpec.Sizes sizes = GeneratorSpec.Sizes.range(600, 1514);
                for (int station = 0; station < 3; station++) {
                    lab.flow(vm, station, GeneratorSpec.udp(sizes, pacing, seed + station));
                }
                lab.flow(vm, neighbour);
                lab.start();
                if (seed % 2 == 0) {
                    lab.to(neighbour, (seed + 1) % 3, "1.0.0");
                }
                CutWatch watch = new CutWatch(lab.fabric, vm);
                lab.simulation.addComponent("watch", watch);
                lab.to(vm, (seed + 1) % 3, "1.0.0");
                lab.to(vm, (seed + 2) % 3, "1.1.0");
                lab.to(vm, seed % 3, "1.0.0");
                lab.to(vm, (seed + 1) % 3, null);
                lab.home(vm);
                lab.assertNothingLost();
                lab.assertNothingLeft();
                queuedAtCut += watch.cutsWithQueue;
            }
        }
        assertTrue(queuedAtCut > 2 * seeds, queuedAtCut + " cuts of " + 5 * seeds + " had frames queued in the network");
    }

    /** Counts the changes of a VM's carrier at which the network held frames. */
    private static final class CutWatch implements Component {
        private final Fabric fabric;
        private final VirtualMachine vm;
        private String carrier;
        private long before;
        private int cutsWithQueue;

        CutWatch(Fabric fabric, VirtualMachine vm) {
            this.fabric = fabric;
            this.vm = vm;
            this.carrier = vm.carrier();
        }

        @Override
        public String name() {
            return "watch";
        }

        @Override
        public int run(int budget) {
            long queued = fabric.queuedBytes();
            if (!vm.carrier().equals(carrier)) {
                carrier = vm.carrier();
                cutsWithQueue += before > 0 && queued > 0 ? 1 : 0;
            }
            before = queued;
            return 0;
        }

        @Override
        public long nextEvent() {
            return NEVER;
        }
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,21", "SEEDED,22", "THREADED,21"})
    void fullLoadIsCarriedOverWithoutLosingAFrame(Simulation.Mode mode, long seed) {
        try (NetworkLab lab = neighbourhood(mode, seed, Pacing.unlimited())) {
            VirtualMachine vm = lab.vms.get(0);
            lab.to(vm, 1, "1.0.0");
            lab.to(vm, 2, "1.1.0");
            lab.home(vm);
            lab.assertNothingLost();
            lab.assertNothingLeft();
        }
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,31,false", "SEEDED,32,true", "THREADED,31,false"})
    void portsOfOneAndTenGigabitsTakeTurns(Simulation.Mode mode, long seed, boolean full) {
        Pacing pacing = full ? Pacing.unlimited() : Pacing.framesPerSecond(20_000);
        try (NetworkLab lab = lab(mode, seed, pacing, FAST, SLOW, FAST)) {
            VirtualMachine vm = lab.vm(0);
            for (int station = 0; station < 3; station++) {
                lab.flow(vm, station);
            }
            lab.flow(vm, lab.vm(1));
            lab.start();
            lab.to(vm, 1, "1.0.0");
            assertEquals(new LinkState(true, 1_000), vm.carrierNic().link());
            lab.to(vm, 2, "1.0.0");
            assertEquals(new LinkState(true, 10_000), vm.carrierNic().link());
            lab.to(vm, 1, "1.1.0");
            lab.home(vm);
            lab.assertNothingLost();
        }
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,41", "THREADED,41"})
    void vlansAreTheSameOnEveryNic(Simulation.Mode mode, long seed) {
        Pacing pacing = Pacing.framesPerSecond(20_000);
        try (NetworkLab lab = lab(mode, seed, pacing, FAST, FAST)) {
            VirtualMachine tagging = lab.vm(0, new VlanPolicy(0, Set.of(10, 20)));
            VirtualMachine ported = lab.vm(1, new VlanPolicy(100, Set.of()));
            for (int vlan : List.of(0, 10, 20)) {
                lab.flow(tagging, 1, tagged(vlan, pacing, seed));
            }
            lab.flow(ported, 0, tagged(100, pacing, seed));
            lab.start();
            lab.to(tagging, 1, "1.0.0");
            lab.to(ported, 0, "1.0.0");
            lab.to(tagging, 0, "1.1.0");
            lab.home(ported);
            lab.home(tagging);
            lab.assertNothingLost();
        }
    }

    private static GeneratorSpec tagged(int vlan, Pacing pacing, long seed) {
        int tag = vlan == 0 ? 0 : 4;
        return new GeneratorSpec(GeneratorSpec.Sizes.range(60 + tag, 1514 + tag), false, false, vlan, 2, pacing, 0,
                true, 1500, seed + vlan);
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,51", "THREADED,51"})
    void nicsThatAreNotInOneNetworkFailTheSwitchoverAndTrafficGoesOn(Simulation.Mode mode, long seed) {
        try (NetworkLab lab = lab(mode, seed, Pacing.framesPerSecond(20_000), FAST, FAST)) {
            VirtualMachine vm = lab.vm(0);
            lab.flow(vm, 0);
            lab.flow(vm, lab.vm(0));
            Host.Nic apart = lab.host.addNic("apart", FAST, 2);
            lab.start();
            Switchover emulated = lab.end(vm.passthrough(apart, "niantic", "1.0.0"));
            assertFailed(emulated, "nic0");
            assertEquals(State.EMULATED, vm.state());
            assertEquals(2, apart.freeVirtualFunctions());
            lab.to(vm, 0, "1.0.0");
            assertFailed(lab.end(vm.passthrough(apart, "niantic", "1.1.0")), "nic0");
            assertEquals("niantic 1.0.0", vm.carrier());
            assertEquals(State.PASSTHROUGH, vm.state());
            assertEquals(2, apart.freeVirtualFunctions());
            lab.to(vm, 1, "1.1.0");
            lab.home(vm);
            lab.assertNothingLost();
            lab.assertNothingLeft();
        }
    }

    private static void assertFailed(Switchover switchover, String nic) {
        assertEquals(Outcome.FAILED, switchover.outcome());
        assertTrue(switchover.reason().contains("the network of NIC " + nic
                + " did not forward the marker to NIC apart within 1000 ms"), switchover.reason());
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,61", "THREADED,61"})
    void vmsThatCrossInOppositeDirectionsAtTheSameTimeBothArrive(Simulation.Mode mode, long seed) {
        try (NetworkLab lab = lab(mode, seed, Pacing.unlimited(), FAST, FAST)) {
            for (int i = 0; i < 4; i++) {
                VirtualMachine vm = lab.vm(i % 2);
                lab.flow(vm, i % 2);
                lab.flow(vm, 1 - i % 2);
            }
            lab.start();
            for (int round = 0; round < 3; round++) {
                int other = 1 - round % 2;
                List<Switchover> all = lab.vms.stream().map(vm -> vm.passthrough(
                        lab.nics.get(vm.homeNic() == lab.nics.get(0) ? other : 1 - other), "niantic", null)).toList();
                all.forEach(lab::done);
            }
            lab.vms.forEach(lab::home);
            lab.assertNothingLost();
            lab.assertNothingLeft();
        }
    }
}
