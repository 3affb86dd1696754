package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.Clock;
import dev.npa.hw.MacAddress;
import dev.npa.sim.host.Switchover.Outcome;
import dev.npa.sim.host.VirtualMachine.State;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.VlanPolicy;
import dev.npa.sim.net.Wire;
import dev.npa.sim.net.fabric.Fabric;
import dev.npa.sim.nic.NicModel;
import dev.npa.sim.nic.NicModelFactory;
import dev.npa.sim.nic.niantic.NianticModelFactory;
import dev.npa.sim.time.RealClock;
import dev.npa.sim.time.SeededScheduler;
import dev.npa.sim.time.ThreadedScheduler;
import dev.npa.sim.time.VirtualClock;
import dev.npa.sim.traffic.AccountSummary;
import dev.npa.sim.traffic.GeneratorSpec;
import dev.npa.sim.traffic.Pacing;
import dev.npa.sim.traffic.Station;
import dev.npa.sim.traffic.Traffic;
import dev.npa.sim.traffic.WirePeer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One host with several 82599 ports in one network, the real shell, plugins and PF driver, under traffic. */
final class NetworkLab implements AutoCloseable {

    static final long MILLI = 1_000_000L;
    static final long LIMIT = 60_000 * MILLI;

    /** An 82599 port whose link came up at 1 Gbit/s. */
    static final class SlowPort implements NicModelFactory {
        static final String MODEL = "82599 at 1000";
        private final NianticModelFactory real = new NianticModelFactory();

        @Override
        public String model() {
            return MODEL;
        }

        @Override
        public int megabitsPerSecond() {
            return 1_000;
        }

        @Override
        public int packetBufferBytes() {
            return real.packetBufferBytes();
        }

        @Override
        public NicModel create(String name, Clock clock, Violations violations, Wire.End port, int functions) {
            return real.create(name, clock, violations, port, functions);
        }
    }

    final Simulation simulation;
    final Host host;
    final Fabric fabric;
    final Traffic traffic;
    final List<Host.Nic> nics = new ArrayList<>();
    final List<VirtualMachine> vms = new ArrayList<>();
    private final List<WirePeer> stations = new ArrayList<>();
    private final List<Set<Long>> behind = new ArrayList<>();
    private final Map<VirtualMachine, Traffic.Place> places = new HashMap<>();
    private final Map<String, GuestConsole> consoles = GuestConsole.none();
    private final Pacing pacing;
    private final GuestOptions guests;
    private final long seed;

    NetworkLab(Simulation.Mode mode, long seed, Path storage, Pacing pacing, String... models) {
        this(mode, seed, storage, pacing, GuestOptions.DEFAULT, models);
    }

    NetworkLab(Simulation.Mode mode, long seed, Path storage, Pacing pacing, GuestOptions guests, String... models) {
        this.seed = seed;
        this.pacing = pacing;
        this.guests = guests;
        SimulationParts real = Lab.parts(storage);
        List<NicModelFactory> factories = new ArrayList<>(real.nicModels());
        factories.add(new SlowPort());
        SimulationParts parts = new SimulationParts(real.guestBundles(), factories, real.pfDrivers(), storage);
        simulation = new SimulationImpl(mode, mode == Simulation.Mode.SEEDED
                ? new SeededScheduler(seed, new VirtualClock()) : new ThreadedScheduler(new RealClock()), parts,
                GuestConsole.guests(parts, consoles));
        traffic = new Traffic(simulation.clock());
        host = simulation.addHost("host0", Lab.images());
        fabric = new Fabric("network", simulation.clock());
        for (String model : models) {
            Host.Nic nic = host.addNic("nic" + nics.size(), model, 4);
            nics.add(nic);
            fabric.addPort(nic.name(), nic.wire().peerSide());
            Wire wire = new Wire("station" + stations.size(), simulation.clock(), 10_000, 500, 512 * 1024);
            Set<Long> addresses = new HashSet<>();
            behind.add(addresses);
            fabric.addStation(wire.name(), wire.nicSide(), addresses::contains);
            stations.add(traffic.peer(wire.name(), wire));
        }
        simulation.addComponent("network", fabric);
    }

    VirtualMachine vm(int nic) {
        return vm(nic, VlanPolicy.UNTAGGED);
    }

    VirtualMachine vm(int nic, VlanPolicy vlans) {
        String name = "vm" + vms.size();
        MacAddress mac = new MacAddress(0x0200_0000_0100L + vms.size());
        VirtualMachine vm = host.addVm(name, nics.get(nic), mac, guests == GuestOptions.DEFAULT ? 32 : 64, 1500, vlans,
                guests);
        vms.add(vm);
        places.put(vm, traffic.guest(name, vm.channel(), mac, vlans.portVlan()));
        return vm;
    }

    /** The administrator at a VM that is on. */
    GuestConsole console(VirtualMachine vm) {
        return consoles.get(host.name() + "/" + vm.name());
    }

    private GeneratorSpec frames() {
        return GeneratorSpec.udp(GeneratorSpec.Sizes.ofImix(), pacing, seed + traffic.flows().size());
    }

    /** Traffic in both directions between a VM and the station at a NIC's place in the network. */
    void flow(VirtualMachine vm, int station) {
        flow(vm, station, frames());
    }

    void flow(VirtualMachine vm, int station, GeneratorSpec spec) {
        Traffic.Place place = traffic.place(stations.get(station));
        behind.get(station).add(place.mac().value());
        traffic.generate(vm.name() + "-station" + station, spec, places.get(vm), place);
    }

    void flow(VirtualMachine a, VirtualMachine b) {
        flow(a, b, frames());
    }

    void flow(VirtualMachine a, VirtualMachine b, GeneratorSpec spec) {
        traffic.generate(a.name() + "-" + b.name(), spec, places.get(a), places.get(b));
    }

    void start() {
        for (Station station : traffic.stations()) {
            simulation.addComponent("traffic", station);
        }
        for (VirtualMachine vm : vms) {
            vm.powerOn();
        }
        assertTrue(simulation.runUntil(() -> vms.stream().allMatch(
                vm -> vm.state() == State.EMULATED && vm.channel().isReady()), LIMIT), "VMs boot");
        traffic.start();
        run(MILLI);
    }

    void run(long nanos) {
        simulation.runUntil(() -> false, nanos);
    }

    /** Waits for the end. Nothing has turned when the request was just made, so it is early enough to say it here. */
    Switchover end(Switchover switchover) {
        traffic.carrierChanging(true);
        assertTrue(simulation.runUntil(() -> switchover.outcome() != Outcome.PENDING, LIMIT),
                () -> "seed " + seed + ": " + switchover);
        run(MILLI);
        traffic.carrierChanging(false);
        return switchover;
    }

    void done(Switchover switchover) {
        assertEquals(Outcome.DONE, end(switchover).outcome(), () -> "seed " + seed + ": " + switchover.reason());
    }

    void to(VirtualMachine vm, int nic, String version) {
        to(vm, nics.get(nic), version);
    }

    void to(VirtualMachine vm, Host.Nic nic, String version) {
        to(vm, nic, "niantic", version);
    }

    void to(VirtualMachine vm, Host.Nic nic, String image, String version) {
        done(vm.passthrough(nic, image, version));
        assertEquals(nic, vm.carrierNic());
        assertEquals(State.PASSTHROUGH, vm.state());
    }

    void home(VirtualMachine vm) {
        done(vm.emulate());
        assertEquals(vm.homeNic(), vm.carrierNic());
        assertEquals("emulated", vm.carrier());
    }

    void assertNothingLost() {
        assertNothingLost(11);
    }

    /** The same with at least so many frames in each direction of a flow; 0 = some flows go one way only. */
    void assertNothingLost(long least) {
        traffic.stop();
        simulation.runUntil(traffic::isIdle, LIMIT);
        for (AccountSummary s : traffic.summaries()) {
            assertTrue(s.settled() && s.total().isClean() && s.total().sent() >= least, "seed " + seed + ": " + s);
        }
        assertTrue(traffic.total().isClean(), "seed " + seed + ": " + traffic.total());
        assertEquals(List.of(), simulation.violations().list(), "seed " + seed);
    }

    void assertNothingLeft() {
        for (VirtualMachine vm : vms) {
            VirtualMachine.Leftovers left = vm.leftovers();
            assertEquals(0, left.faults(), vm.name());
            if (vm.state() == State.EMULATED) {
                assertEquals(0, left.vfsHeld(), vm.name());
                assertEquals(0, left.pagesMapped(), vm.name());
            }
        }
    }

    @Override
    public void close() {
        simulation.close();
    }
}
