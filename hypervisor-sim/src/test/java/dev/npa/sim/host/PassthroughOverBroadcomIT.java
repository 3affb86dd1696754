package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.sim.host.Switchover.Outcome;
import dev.npa.sim.host.VirtualMachine.State;
import dev.npa.sim.net.VlanPolicy;
import dev.npa.sim.traffic.AccountSummary;
import dev.npa.sim.traffic.GeneratorSpec;
import dev.npa.sim.traffic.Pacing;
import dev.npa.sim.traffic.Station;
import dev.npa.sim.traffic.Traffic;
import dev.npa.sim.traffic.WirePeer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guests on the 57712: plugin, channel, PF driver and model together, under traffic in both directions. */
class PassthroughOverBroadcomIT {

    private static final long MILLI = 1_000_000L;
    private static final long LIMIT = 60_000 * MILLI;
    private static final Pacing FLOW = Pacing.framesPerSecond(20_000);

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

    /** Each VM has a flow to the VM before it and, unless it is in a VLAN, one to the wire, in both directions. */
    private void build(Simulation.Mode mode, long seed, int count, VlanPolicy vlans, Pacing pacing) {
        simulation = Simulations.create(mode, seed, Lab.parts(storage));
        traffic = new Traffic(simulation.clock());
        Host host = simulation.addHost("host0", Lab.images());
        Host.Nic nic = host.addNic("nic0", "57712", 8);
        WirePeer peer = traffic.peer("peer", nic.wire());
        Traffic.Place before = null;
        for (int i = 0; i < count; i++) {
            String name = "vm" + i;
            MacAddress mac = new MacAddress(0x0200_0000_0100L + i);
            VirtualMachine vm = host.addVm(name, nic, mac, 64, 1500, vlans);
            vms.add(vm);
            Traffic.Place place = traffic.guest(name, vm.channel(), mac);
            if (vlans.portVlan() == 0) {
                traffic.generate("wire-" + name, GeneratorSpec.udp(GeneratorSpec.Sizes.ofImix(), pacing, seed + i),
                        place, traffic.place(peer));
            }
            if (before != null) {
                traffic.generate("local-" + name, GeneratorSpec.udp(GeneratorSpec.Sizes.ofImix(), pacing,
                        seed + 100 + i), before, place);
            }
            before = place;
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

    @ParameterizedTest
    @CsvSource({"SEEDED,1", "SEEDED,2", "SEEDED,3", "THREADED,1"})
    void vmsSwitchBackAndForthWithoutLosingAFrame(Simulation.Mode mode, long seed) {
        build(mode, seed, 3, VlanPolicy.UNTAGGED, FLOW);
        switchBackAndForth();
        assertNothingLost(seed);
        for (VirtualMachine vm : vms) {
            assertEquals(0, vm.leftovers().vfsHeld());
            assertEquals(0, vm.leftovers().pagesMapped());
        }
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,61", "THREADED,61"})
    void vmsInAPortVlanStayTogetherWhereverTheyAre(Simulation.Mode mode, long seed) {
        build(mode, seed, 3, new VlanPolicy(100, Set.of()), FLOW);
        switchBackAndForth();
        assertNothingLost(seed);
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,51", "SEEDED,52", "THREADED,51"})
    void switchoverUnderFullLoadLosesNothing(Simulation.Mode mode, long seed) {
        build(mode, seed, 2, VlanPolicy.UNTAGGED, Pacing.unlimited());
        for (VirtualMachine vm : vms) {
            finish(vm.passthrough("broadcom", null));
        }
        for (VirtualMachine vm : vms) {
            finish(vm.emulate());
        }
        assertNothingLost(seed);
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,31", "THREADED,31"})
    void powerOffInPassthroughGivesEverythingBack(Simulation.Mode mode, long seed) {
        build(mode, seed, 2, VlanPolicy.UNTAGGED, FLOW);
        VirtualMachine vm = vms.get(0);
        for (int round = 0; round < 3; round++) {
            finish(vm.passthrough("broadcom", null));
            vm.powerOff();
            assertEquals(0, vm.leftovers().reclaimedBuffers(), "the PF driver answers CLOSE while the guest stops");
            assertEquals(0, vm.leftovers().reclaimedWindows());
            assertEquals(8, simulation.hosts().get(0).nics().get(0).freeVirtualFunctions());
            assertEquals(0, vm.leftovers().vfsHeld());
            vm.powerOn();
            assertTrue(simulation.runUntil(() -> vm.state() == State.EMULATED, LIMIT));
        }
        assertEquals(List.of(), simulation.violations().list());
    }

    private void switchBackAndForth() {
        for (int round = 0; round < 2; round++) {
            for (VirtualMachine vm : vms) {
                finish(vm.passthrough("broadcom", null));
                assertEquals("broadcom 1.0.0", vm.carrier());
            }
            for (VirtualMachine vm : vms) {
                finish(vm.emulate());
            }
        }
    }

    private void assertNothingLost(long seed) {
        traffic.stop();
        simulation.runUntil(traffic::isIdle, LIMIT);
        for (AccountSummary s : traffic.summaries()) {
            assertTrue(s.settled() && s.total().isClean() && s.total().sent() > 50, "seed " + seed + ": " + s);
        }
        assertEquals(List.of(), simulation.violations().list(), "seed " + seed);
    }
}
