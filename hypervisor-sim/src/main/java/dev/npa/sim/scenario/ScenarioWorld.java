package dev.npa.sim.scenario;

import dev.npa.sim.host.Host;
import dev.npa.sim.host.Simulation;
import dev.npa.sim.host.Simulations;
import dev.npa.sim.host.VirtualMachine;
import dev.npa.sim.net.Wire;
import dev.npa.sim.pcap.Capture;
import dev.npa.sim.pcap.CaptureException;
import dev.npa.sim.pcap.PcapReader;
import dev.npa.sim.scenario.Scenario.EndSpec;
import dev.npa.sim.scenario.Scenario.TrafficSpec;
import dev.npa.sim.scenario.Scenario.VmSpec;
import dev.npa.sim.traffic.AccountSummary;
import dev.npa.sim.traffic.GeneratorSpec;
import dev.npa.sim.traffic.LargeSendCapture;
import dev.npa.sim.traffic.Pacing;
import dev.npa.sim.traffic.SampleCapture;
import dev.npa.sim.traffic.Station;
import dev.npa.sim.traffic.Traffic;
import dev.npa.sim.traffic.TrafficFlow;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The hosts, NICs, VMs and traffic of a scenario, made and ready to run. Closing it takes everything down. Controlled
 * from one thread.
 */
public final class ScenarioWorld implements AutoCloseable {

    private static final int VLAN_TAG = 4;

    /** The built-in capture, made once for all worlds: nobody changes it. */
    private static final class Sample {
        static final Capture CAPTURE = SampleCapture.make();
    }

    private final Simulation simulation;
    private final WorldOptions options;
    private final Traffic traffic;
    private final WireCaptures captures;
    private final Map<String, Host.Nic> nics = new LinkedHashMap<>();
    private final Map<String, VirtualMachine> vms = new LinkedHashMap<>();
    private final Map<String, VmSpec> vmSpecs = new LinkedHashMap<>();
    private final Map<String, Traffic.Place> guests = new LinkedHashMap<>();
    private final Map<String, TrafficFlow> flows = new LinkedHashMap<>();
    private final Set<String> running = new HashSet<>();
    private Networks networks;

    private ScenarioWorld(WorldOptions options) throws ScenarioException {
        this.options = options;
        this.captures = WireCaptures.open(options.captureDirectory());
        this.simulation = Simulations.create(options.mode(), options.seed(), options.parts());
        this.traffic = new Traffic(simulation.clock());
    }

    /**
     * Makes everything that the scenario declares; VMs are powered off, traffic is stopped.
     *
     * @param notes takes a line for each thing worth telling, such as what a capture holds
     * @throws ScenarioException if a NIC model, a capture or a directory cannot be used
     */
    public static ScenarioWorld create(Scenario scenario, WorldOptions options, Consumer<String> notes)
            throws ScenarioException {
        ScenarioWorld world = new ScenarioWorld(options);
        try {
            world.build(scenario, notes);
            return world;
        } catch (IllegalArgumentException e) {
            world.close();
            throw new ScenarioException(scenario.name(), List.of(String.valueOf(e.getMessage())));
        } catch (ScenarioException | RuntimeException e) {
            world.close();
            throw e;
        }
    }

    private void build(Scenario scenario, Consumer<String> notes) throws ScenarioException {
        networks = new Networks(scenario.hosts(), simulation, traffic);
        for (Scenario.HostSpec hostSpec : scenario.hosts()) {
            Host host = simulation.addHost(hostSpec.name(), options.images());
            for (Scenario.NicSpec spec : hostSpec.nics()) {
                for (Host.Nic nic : host.addAdapters(spec.name(), spec.model(), spec.functions(),
                        spec.virtualFunctions())) {
                    nics.put(nic.name(), nic);
                }
                Wire wire = nics.get(spec.name()).wire();
                wire.tap(captures.tap(spec.name()));
                networks.plug(spec, wire);
            }
            for (VmSpec spec : hostSpec.vms()) {
                VirtualMachine vm = host.addVm(spec.name(), nics.get(spec.nic()), spec.mac(), spec.memoryMiB(),
                        spec.mtu(), spec.vlans(), spec.guest());
                vms.put(spec.name(), vm);
                vmSpecs.put(spec.name(), spec);
                vm.tap(captures.tap(spec.name()));
                guests.put(spec.name(), traffic.guest(spec.name(), vm.channel(), spec.mac(),
                        spec.vlans().portVlan()));
            }
        }
        for (TrafficSpec spec : scenario.traffic()) {
            TrafficFlow flow = flow(spec);
            flows.put(spec.name(), flow);
            notes.accept("traffic " + spec.name() + " between " + spec.a() + " and " + spec.b() + ": "
                    + flow.description());
        }
        for (Station station : traffic.stations()) {
            simulation.addComponent("traffic", station);
        }
    }

    private TrafficFlow flow(TrafficSpec spec) throws ScenarioException {
        Traffic.Place a = place(spec.a());
        Traffic.Place b = place(spec.b());
        int mtu = Math.min(mtu(spec.a()), mtu(spec.b()));
        if (spec.pcap() == null) {
            Pacing pacing = spec.framesPerSecond() == 0 ? Pacing.unlimited()
                    : Pacing.framesPerSecond(spec.framesPerSecond());
            int tag = spec.vlan() == 0 ? 0 : VLAN_TAG;
            int longest = spec.offloads().tso() ? Math.max(GeneratorSpec.LONGEST_TSO, mtu + 14) : mtu + 14;
            int largest = Math.min(spec.maxSize(), longest);
            int smallest = Math.max(Math.min(spec.minSize(), largest) + tag,
                    GeneratorSpec.smallest(spec.transports(), spec.vlan(), spec.options()));
            GeneratorSpec.Sizes sizes = GeneratorSpec.Sizes.range(smallest, Math.max(smallest, largest + tag));
            return traffic.generate(spec.name(), new GeneratorSpec(sizes, spec.transports(), spec.vlan(), spec.flows(),
                    pacing, 0, spec.bothWays(), mtu, options.seed(), spec.offloads(), spec.options(),
                    spec.priority()), a, b);
        }
        Pacing pacing = spec.framesPerSecond() == 0 ? Pacing.capture(1)
                : Pacing.framesPerSecond(spec.framesPerSecond());
        try {
            Capture capture = capture(spec.pcap());
            return traffic.replay(spec.name(), capture, a, b, mtu, pacing, spec.loop() ? 0 : 1, spec.offloads());
        } catch (CaptureException e) {
            throw new ScenarioException("traffic " + spec.name(), List.of(e.getMessage()));
        }
    }

    private Capture capture(String name) throws ScenarioException, CaptureException {
        boolean builtIn = name.equals("sample") || name.equals("large-sends");
        if (builtIn && options.pcap() == null) {
            return name.equals("sample") ? Sample.CAPTURE : LargeSendCapture.make();
        }
        Path file = builtIn ? options.pcap() : Path.of(name);
        try {
            return PcapReader.read(file);
        } catch (CaptureException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new ScenarioException(file.toString(), List.of("there is no such capture"));
        } catch (IOException e) {
            throw new ScenarioException(file.toString(), List.of("the capture cannot be read: " + YamlReader.reason(e)));
        }
    }

    private Traffic.Place place(EndSpec end) {
        return end.wire() ? networks.place(end.name()) : guests.get(end.name());
    }

    private int mtu(EndSpec end) {
        return end.wire() ? Integer.MAX_VALUE : vmSpecs.get(end.name()).mtu();
    }

    public Simulation simulation() {
        return simulation;
    }

    public Simulation.Mode mode() {
        return options.mode();
    }

    public long seed() {
        return options.seed();
    }

    public List<Host> hosts() {
        return simulation.hosts();
    }

    public Map<String, Host.Nic> nics() {
        return nics;
    }

    /** All VMs by name. */
    public Map<String, VirtualMachine> vms() {
        return vms;
    }

    Collection<VirtualMachine> allVms() {
        return vms.values();
    }

    List<VirtualMachine> vms(List<String> names) {
        return names.stream().map(vms::get).toList();
    }

    List<String> trafficNames() {
        return List.copyOf(flows.keySet());
    }

    /** Boots every VM; throws when one does not come up. */
    public void powerOnAll() {
        vms.values().forEach(VirtualMachine::powerOn);
        if (!await(() -> vms.values().stream().allMatch(vm -> vm.state() == VirtualMachine.State.EMULATED),
                10_000_000_000L)) {
            throw new IllegalStateException("VMs did not boot: "
                    + vms.values().stream().map(vm -> vm.name() + " " + vm.state()).toList());
        }
    }

    public void startAllTraffic() {
        startTraffic(trafficNames());
    }

    public void stopAllTraffic() {
        stopTraffic(trafficNames());
    }

    void startTraffic(List<String> names) {
        running.addAll(names);
        names.forEach(name -> flows.get(name).start());
    }

    void stopTraffic(List<String> names) {
        running.removeAll(names);
        names.forEach(name -> flows.get(name).stop());
    }

    /** Stops all traffic and runs until every frame is accounted for; false if that took longer than the limit. */
    public boolean settleTraffic(long limitNanos) {
        stopTraffic(trafficNames());
        return await(() -> isIdle(trafficNames()), limitNanos);
    }

    /** Whether none of these flows, which were stopped, has frames under way. */
    boolean isIdle(List<String> names) {
        long now = simulation.clock().nanos();
        return names.stream().allMatch(name -> flows.get(name).isIdle(now));
    }

    /** Canonical frames that arrived so far. */
    public long framesReceived() {
        return traffic.receivedFrames();
    }

    /** Runs until so many more frames have arrived; false if they did not within the limit of machine time. */
    public boolean runFrames(long frames, long limitNanos) {
        long target = framesReceived() + frames;
        return await(() -> framesReceived() >= target, limitNanos);
    }

    public void phase(String label) {
        traffic.phase(label);
    }

    /** Says that carriers are about to change, or have changed. */
    void carrierChanging(boolean changing) {
        traffic.carrierChanging(changing);
    }

    /** Runs until a condition holds; false if it did not within the limit of machine time. */
    public boolean await(BooleanSupplier condition, long nanos) {
        return simulation.runUntil(condition, nanos);
    }

    /** Lets machine time pass. */
    public void run(long nanos) {
        long until = simulation.clock().nanos() + nanos;
        simulation.runUntil(() -> simulation.clock().nanos() >= until, nanos + 1);
    }

    /** The frame account by phase; phases of the same label are one row. */
    public List<RunResult.PhaseRow> phases() {
        Map<String, AccountSummary.Phase> byLabel = new LinkedHashMap<>();
        for (AccountSummary summary : traffic.summaries()) {
            for (AccountSummary.Phase phase : summary.phases()) {
                byLabel.merge(phase.label(), phase, AccountSummary.Phase::plus);
            }
        }
        List<RunResult.PhaseRow> rows = new ArrayList<>();
        for (AccountSummary.Phase p : byLabel.values()) {
            rows.add(new RunResult.PhaseRow(p.label(), p.sent(), p.received(), p.lost() + p.outstanding(),
                    p.duplicated(), p.reordered(), p.foreign(), p.gapMicros(), p.gapRealMicros()));
        }
        return rows;
    }

    /** One sentence for each direction of a flow in which a frame went wrong. */
    public List<String> uncleanFlows() {
        List<String> sentences = new ArrayList<>();
        for (AccountSummary summary : traffic.summaries()) {
            for (AccountSummary.Phase p : summary.phases()) {
                if (!p.isClean()) {
                    sentences.add(summary.name() + ", " + p.label() + ": of " + p.sent() + " frames " + (p.lost()
                            + p.outstanding()) + " lost, " + p.duplicated() + " duplicated, " + p.reordered()
                            + " reordered, " + p.foreign() + " foreign");
                }
            }
        }
        sentences.addAll(traffic.findings());
        return sentences;
    }

    /** One line for each direction of each flow. */
    public List<String> account() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format("%-34s %9s %9s %6s %6s %6s %8s", "FLOW", "SENT", "RECEIVED", "LOST", "DUP", "REORD",
                "UNDERWAY"));
        for (AccountSummary summary : traffic.summaries()) {
            AccountSummary.Phase t = summary.total();
            lines.add(String.format("%-34s %9d %9d %6d %6d %6d %8d", summary.name(), t.sent(), t.received(), t.lost(),
                    t.duplicated(), t.reordered(), t.outstanding()));
        }
        return lines;
    }

    Leftovers leftovers() {
        return Leftovers.of(vms.values());
    }

    @Override
    public void close() {
        simulation.close();
        captures.close();
    }
}
