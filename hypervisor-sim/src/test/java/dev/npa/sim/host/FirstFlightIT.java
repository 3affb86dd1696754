package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.sim.host.Switchover.Outcome;
import dev.npa.sim.host.VirtualMachine.State;
import dev.npa.sim.traffic.AccountSummary;
import dev.npa.sim.traffic.GeneratorSpec;
import dev.npa.sim.traffic.Pacing;
import dev.npa.sim.traffic.Station;
import dev.npa.sim.traffic.Traffic;
import dev.npa.sim.traffic.WirePeer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole chain with the real shell, plugins, PF driver and NIC model, under traffic in both directions. */
class FirstFlightIT {

    private static final long MILLI = 1_000_000L;
    private static final long LIMIT = 60_000 * MILLI;

    @TempDir
    Path storage;
    private Simulation simulation;
    private Traffic traffic;
    private final List<VirtualMachine> vms = new ArrayList<>();

    @AfterEach
    void close() {
        if (simulation != null) {
            simulation.close();
        }
    }

    private void build(Simulation.Mode mode, long seed, int vfs, int count) {
        build(mode, seed, 1, vfs, count, Pacing.framesPerSecond(20_000));
    }

    /** VMs on each NIC, each with a flow to the wire and one to the VM before it, in both directions. */
    private void build(Simulation.Mode mode, long seed, int nics, int vfs, int count, Pacing pacing) {
        simulation = Simulations.create(mode, seed, Lab.parts(storage));
        traffic = new Traffic(simulation.clock());
        Host host = simulation.addHost("host0", Lab.images());
        for (int n = 0; n < nics; n++) {
            Host.Nic nic = host.addNic("nic" + n, "82599", vfs);
            WirePeer peer = traffic.peer("peer" + n, nic.wire());
            Traffic.Place before = null;
            for (int i = 0; i < count; i++) {
                String name = "vm" + n + i;
                MacAddress mac = new MacAddress(0x0200_0000_0100L + 256L * n + i);
                VirtualMachine vm = host.addVm(name, nic, mac, 64, 1500);
                vms.add(vm);
                Traffic.Place place = traffic.guest(name, vm.channel(), mac);
                traffic.generate("wire-" + name, GeneratorSpec.udp(GeneratorSpec.Sizes.ofImix(), pacing, seed + i),
                        place, traffic.place(peer));
                if (before != null) {
                    traffic.generate("local-" + name, GeneratorSpec.udp(GeneratorSpec.Sizes.ofImix(), pacing,
                            seed + 100 + i), before, place);
                }
                before = place;
            }
        }
        for (Station station : traffic.stations()) {
            simulation.addComponent("traffic", station);
        }
        for (VirtualMachine vm : vms) {
            vm.powerOn();
            assertTrue(simulation.runUntil(() -> vm.state() == State.EMULATED && vm.channel().isReady(), LIMIT),
                    vm.name() + " is " + vm.state());
        }
        traffic.start();
        run(3 * MILLI);
    }

    private void run(long nanos) {
        simulation.runUntil(() -> false, nanos);
    }

    private void finish(Switchover switchover) {
        assertTrue(simulation.runUntil(() -> switchover.outcome() != Outcome.PENDING, LIMIT), switchover::toString);
        assertEquals(Outcome.DONE, switchover.outcome(), switchover::reason);
        run(3 * MILLI);
    }

    private void assertNothingLost(long seed) {
        traffic.stop();
        simulation.runUntil(traffic::isIdle, LIMIT);
        for (AccountSummary s : traffic.summaries()) {
            assertTrue(s.settled() && s.total().isClean() && s.total().sent() > 50, "seed " + seed + ": " + s);
        }
        assertTrue(traffic.total().isClean(), "seed " + seed + ": " + traffic.total());
        assertEquals(List.of(), simulation.violations().list(), "seed " + seed);
    }

    private void assertNothingLeft(VirtualMachine vm, int unloads) {
        VirtualMachine.Leftovers left = vm.leftovers();
        assertEquals(unloads, left.unloaded());
        assertEquals(unloads, left.classLoadersCollected());
        assertEquals(0, left.vfsHeld());
        assertEquals(0, left.pagesMapped());
        assertEquals(0, left.faults());
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,1", "SEEDED,2", "SEEDED,3", "THREADED,1"})
    void vmGoesInSwapsAndComesBackWithoutLosingAFrame(Simulation.Mode mode, long seed) {
        build(mode, seed, 4, 1);
        VirtualMachine vm = vms.get(0);
        finish(vm.passthrough("niantic", "1.0.0"));
        assertEquals("niantic 1.0.0", vm.carrier());
        assertEquals(State.PASSTHROUGH, vm.state());
        finish(vm.passthrough("niantic", null));
        assertEquals("niantic 1.1.0", vm.carrier());
        finish(vm.emulate());
        assertEquals("emulated", vm.carrier());
        assertNothingLost(seed);
        assertNothingLeft(vm, 2);
        vm.powerOff();
        assertEquals(State.OFF, vm.state());
    }

    /** More seeds with {@code -Dnpa.it.seeds=200}. */
    @Test
    void neighboursSwapUnderManySeeds() {
        int seeds = Integer.getInteger("npa.it.seeds", 5);
        for (int seed = 100; seed < 100 + seeds; seed++) {
            vms.clear();
            build(Simulation.Mode.SEEDED, seed, 4, 2);
            for (VirtualMachine vm : vms) {
                finish(vm.passthrough("niantic", "1.0.0"));
            }
            finish(vms.get(0).passthrough("niantic", "1.1.0"));
            finish(vms.get(1).emulate());
            finish(vms.get(0).emulate());
            assertNothingLost(seed);
            simulation.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,11", "THREADED,11"})
    void swapWithoutSecondVfGoesThroughEmulation(Simulation.Mode mode, long seed) {
        build(mode, seed, 1, 1);
        VirtualMachine vm = vms.get(0);
        finish(vm.passthrough("niantic", "1.0.0"));
        Switchover swap = vm.passthrough("niantic", "1.1.0");
        finish(swap);
        assertEquals(2, swap.activations().size());
        assertEquals("niantic 1.1.0", vm.carrier());
        finish(vm.emulate());
        assertNothingLost(seed);
        assertNothingLeft(vm, 2);
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,21", "SEEDED,22", "THREADED,21"})
    void neighboursTalkWhileTheySwitchBackAndForth(Simulation.Mode mode, long seed) {
        build(mode, seed, 6, 3);
        for (int round = 0; round < 3; round++) {
            for (VirtualMachine vm : vms) {
                finish(vm.passthrough(null, null));
            }
            for (VirtualMachine vm : vms) {
                finish(vm.emulate());
            }
        }
        assertNothingLost(seed);
        for (VirtualMachine vm : vms) {
            assertNothingLeft(vm, 3);
        }
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,41", "THREADED,41"})
    void eightVmsOnTwoNicsSwitchBackAndForth(Simulation.Mode mode, long seed) {
        int rounds = Integer.getInteger("npa.it.rounds", 2);
        build(mode, seed, 2, 8, 4, Pacing.framesPerSecond(5_000));
        for (int round = 0; round < rounds; round++) {
            for (VirtualMachine vm : vms) {
                finish(vm.passthrough(null, null));
            }
            for (VirtualMachine vm : vms) {
                finish(vm.emulate());
            }
        }
        assertNothingLost(seed);
        for (VirtualMachine vm : vms) {
            assertNothingLeft(vm, rounds);
        }
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,51", "SEEDED,52", "THREADED,51"})
    void switchoverUnderFullLoadLosesNothing(Simulation.Mode mode, long seed) {
        build(mode, seed, 1, 4, 2, Pacing.unlimited());
        for (VirtualMachine vm : vms) {
            finish(vm.passthrough("niantic", "1.0.0"));
        }
        for (VirtualMachine vm : vms) {
            finish(vm.passthrough("niantic", "1.1.0"));
        }
        for (VirtualMachine vm : vms) {
            finish(vm.emulate());
        }
        assertNothingLost(seed);
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,31", "THREADED,31"})
    void powerOffInPassthroughGivesEverythingBack(Simulation.Mode mode, long seed) {
        build(mode, seed, 2, 1);
        VirtualMachine vm = vms.get(0);
        finish(vm.passthrough("niantic", "1.0.0"));
        vm.passthrough("niantic", "1.1.0");
        run(MILLI / 10);
        vm.powerOff();
        assertEquals(2, simulation.hosts().get(0).nics().get(0).freeVirtualFunctions());
        assertEquals(0, vm.leftovers().vfsHeld());
        assertEquals(0, vm.leftovers().pagesMapped());
        vm.powerOn();
        assertTrue(simulation.runUntil(() -> vm.state() == State.EMULATED, LIMIT));
        finish(vm.passthrough("niantic", "1.0.0"));
        assertEquals(List.of(), simulation.violations().list());
    }
}
