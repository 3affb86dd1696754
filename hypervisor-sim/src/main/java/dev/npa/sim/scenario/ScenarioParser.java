package dev.npa.sim.scenario;

import dev.npa.hw.MacAddress;
import dev.npa.sim.host.Simulation;
import dev.npa.sim.net.VlanPolicy;
import dev.npa.sim.scenario.Scenario.EndSpec;
import dev.npa.sim.scenario.Scenario.HostSpec;
import dev.npa.sim.scenario.Scenario.NicSpec;
import dev.npa.sim.scenario.Scenario.TrafficSpec;
import dev.npa.sim.scenario.Scenario.VmSpec;
import dev.npa.sim.traffic.Offloads;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Turns YAML into a {@link Scenario}. One parser reads one text; it finds all problems of the text. */
public final class ScenarioParser {

    private static final List<String> TOP =
            List.of("name", "description", "mode", "seed", "hosts", "traffic", "timeline", "expect");
    private static final List<String> EXPECT = List.of("framesSent", "framesReceived", "lost", "duplicated",
            "reordered", "switchovers", "failedSwitchovers", "classLoadersCollected", "unloaded", "vfsHeld",
            "pagesMapped", "violations");

    /** Network of a NIC that names none. */
    private static final String DEFAULT_NETWORK = "lan";

    private final YamlReader read = new YamlReader();
    private final VlanParser vlanParser = new VlanParser(read);
    private final OffloadParser offloadParser = new OffloadParser(read);
    private final GuestParser guestParser = new GuestParser(read);
    private final Set<String> hostNames = new LinkedHashSet<>();
    private final Set<String> nics = new LinkedHashSet<>();
    /** NICs and their further functions. */
    private final Set<String> adapters = new LinkedHashSet<>();
    private final Set<String> vms = new LinkedHashSet<>();
    /** VM to the NICs of its host. */
    private final Map<String, Set<String>> nicsOfVms = new LinkedHashMap<>();
    private final Set<String> trafficNames = new LinkedHashSet<>();
    private final Set<MacAddress> macs = new LinkedHashSet<>();

    private ScenarioParser() {}

    /** Reads a file. */
    public static Scenario parse(Path file) throws ScenarioException {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new ScenarioException(file.toString(), List.of("there is no such file"));
        } catch (CharacterCodingException e) {
            throw new ScenarioException(file.toString(), List.of("the file is not UTF-8 text"));
        } catch (IOException e) {
            throw new ScenarioException(file.toString(), List.of("cannot be read: " + YamlReader.reason(e)));
        }
    }

    /**
     * Parses a text.
     *
     * @param source name for messages
     */
    public static Scenario parse(String source, String text) throws ScenarioException {
        ScenarioParser parser = new ScenarioParser();
        Node root;
        try {
            LoaderOptions options = new LoaderOptions();
            options.setMaxAliasesForCollections(10);
            root = new Yaml(options).compose(new StringReader(text));
        } catch (MarkedYAMLException e) {
            throw new ScenarioException(source, List.of("line "
                    + (e.getProblemMark() == null ? "?" : e.getProblemMark().getLine() + 1) + ": not YAML: "
                    + e.getProblem()));
        } catch (YAMLException e) {
            throw new ScenarioException(source, List.of("not YAML: " + e.getMessage()));
        }
        if (root == null) {
            throw new ScenarioException(source, List.of("the file is empty"));
        }
        Scenario scenario = parser.scenario(root);
        if (!parser.read.problems().isEmpty()) {
            throw new ScenarioException(source, parser.read.problems());
        }
        return scenario;
    }

    private Scenario scenario(Node root) {
        Map<String, Node> top = read.mapping(root, "a scenario", TOP);
        String name = read.required(top, "name", root, "the scenario");
        String description = read.string(top.get("description"), "description", "").strip();
        Simulation.Mode mode = read.parse(top.get("mode"), "mode", Simulation.Mode.SEEDED, text -> switch (text) {
            case "seeded" -> Simulation.Mode.SEEDED;
            case "threaded" -> Simulation.Mode.THREADED;
            case "measured" -> Simulation.Mode.MEASURED;
            default -> throw new IllegalArgumentException();
        }, "seeded, threaded or measured");
        long seed = read.number(top.get("seed"), "seed", 1, Long.MIN_VALUE, Long.MAX_VALUE);
        List<HostSpec> hosts = new ArrayList<>();
        if (!top.containsKey("hosts")) {
            read.problem(root, "the scenario has no 'hosts'");
        }
        for (Node node : read.sequence(top.get("hosts"), "hosts")) {
            hosts.add(host(node));
        }
        List<TrafficSpec> traffic = new ArrayList<>();
        for (Node node : read.sequence(top.get("traffic"), "traffic")) {
            traffic.add(traffic(node));
        }
        TimelineParser timeline = new TimelineParser(read, vms, nicsOfVms, trafficNames);
        List<Scenario.Step> steps = timeline.steps(top.get("timeline"));
        if (top.get("timeline") == null) {
            read.problem(root, "the scenario has no 'timeline'");
        }
        return new Scenario(name, description, mode, seed, hosts, traffic, steps, expect(top.get("expect")));
    }

    private HostSpec host(Node node) {
        Map<String, Node> map = read.mapping(node, "a host", List.of("name", "nics", "vms"));
        String name = unique(hostNames, read.required(map, "name", node, "the host"), node, "host");
        List<NicSpec> hostNics = new ArrayList<>();
        Map<String, NicSpec> byName = new LinkedHashMap<>();
        for (Node item : read.sequence(map.get("nics"), "nics")) {
            NicSpec nic = nic(item);
            hostNics.add(nic);
            nic.adapters().forEach(adapter -> byName.put(adapter, nic));
        }
        List<VmSpec> hostVms = new ArrayList<>();
        for (Node item : read.sequence(map.get("vms"), "vms")) {
            VmSpec vm = vm(item, byName);
            hostVms.add(vm);
            nicsOfVms.put(vm.name(), Set.copyOf(byName.keySet()));
        }
        return new HostSpec(name, hostNics, hostVms);
    }

    private NicSpec nic(Node node) {
        Map<String, Node> map = read.mapping(node, "a NIC", List.of("name", "model", "functions", "virtualFunctions",
                "network"));
        String name = unique(adapters, read.required(map, "name", node, "the NIC"), node, "NIC");
        nics.add(name);
        String model = read.required(map, "model", node, "the NIC");
        int functions = (int) read.number(map.get("functions"), "functions", 1, 1, 8);
        int vfs = (int) read.number(map.get("virtualFunctions"), "virtualFunctions", 8, 0, 64);
        String network = read.string(map.get("network"), "network", DEFAULT_NETWORK);
        NicSpec nic = new NicSpec(name, model, functions, vfs, network);
        nic.adapters().stream().skip(1).forEach(adapter -> unique(adapters, adapter, node, "NIC"));
        return nic;
    }

    private VmSpec vm(Node node, Map<String, NicSpec> hostNics) {
        List<String> fields = new ArrayList<>(List.of("name", "nic", "mac", "memoryMiB", "mtu", "vlan", "vlans"));
        fields.addAll(GuestParser.FIELDS);
        Map<String, Node> map = read.mapping(node, "a VM", fields);
        String name = unique(vms, read.required(map, "name", node, "the VM"), node, "VM");
        String nic = read.string(map.get("nic"), "nic", hostNics.keySet().stream().findFirst().orElse(""));
        if (!hostNics.containsKey(nic)) {
            read.problem(map.getOrDefault("nic", node), "VM '" + name + "' uses NIC '" + nic
                    + "', which its host does not have; it has " + hostNics.keySet());
        }
        MacAddress byDefault = new MacAddress(0x0200_0000_0000L + vms.size());
        MacAddress mac = read.parse(map.get("mac"), "mac", byDefault, MacAddress::parse,
                "an Ethernet address");
        if (mac.isGroup()) {
            read.problem(map.get("mac"), "mac " + mac + " is a group address; a VM needs an individual one");
        }
        if (!macs.add(mac)) {
            read.problem(map.getOrDefault("mac", node), "mac " + mac + " is used twice");
        }
        int memory = (int) read.number(map.get("memoryMiB"), "memoryMiB", 32, 16, 1024);
        int mtu = (int) read.number(map.get("mtu"), "mtu", 1500, 68, 9000);
        VlanPolicy vlans = vlanParser.policy(map, node, name);
        return new VmSpec(name, nic, mac, memory, mtu, vlans, guestParser.options(map));
    }

    private TrafficSpec traffic(Node node) {
        List<String> fields = new ArrayList<>(List.of("name", "between", "pcap", "loop", "framesPerSecond", "sizes",
                "vlan", "flows", "bothWays"));
        fields.addAll(OffloadParser.FIELDS);
        Map<String, Node> map = read.mapping(node, "traffic", fields);
        String name = unique(trafficNames, read.string(map.get("name"), "name", "traffic" + trafficNames.size()), node,
                "traffic");
        List<Node> ends = read.sequence(map.get("between"), "between");
        if (ends.size() != 2) {
            read.problem(map.getOrDefault("between", node), "traffic '" + name
                    + "' needs 'between' with two ends, such as [vm0, 'wire:nic0']");
        }
        EndSpec a = ends.size() == 2 ? end(ends.get(0)) : new EndSpec(false, "");
        EndSpec b = ends.size() == 2 ? end(ends.get(1)) : new EndSpec(false, "");
        if (a.wire() && b.wire()) {
            read.problem(map.get("between"), "traffic '" + name + "' has no VM at either end");
        }
        Offloads offloads = offloadParser.offloads(map);
        int largest = OffloadParser.largest(offloads);
        List<Node> sizes = read.sequence(map.get("sizes"), "sizes");
        int min = 60;
        int max = 1514;
        if (sizes.size() == 2) {
            min = (int) read.number(sizes.get(0), "smallest size", 60, 60, largest);
            max = (int) read.number(sizes.get(1), "largest size", 1514, min, largest);
        } else if (map.containsKey("sizes")) {
            read.problem(map.get("sizes"), "sizes must be [smallest, largest] in bytes without FCS");
        }
        String pcap = read.string(map.get("pcap"), "pcap", null);
        long rate = read.number(map.get("framesPerSecond"), "framesPerSecond", 0, 0, 100_000_000);
        int flows = (int) read.number(map.get("flows"), "flows", 4, 1, 1024);
        return new TrafficSpec(name, a, b, pcap, read.bool(map.get("loop"), "loop", true), rate, min, max,
                vlanParser.traffic(map, node, name, a, b), flows, read.bool(map.get("bothWays"), "bothWays", true),
                offloads, offloadParser.transports(map, offloads), offloadParser.options(map),
                offloadParser.priority(map));
    }

    private EndSpec end(Node node) {
        String text = read.string(node, "end", "");
        boolean wire = text.startsWith("wire:");
        String name = wire ? text.substring(5) : text;
        if (!(wire ? nics : vms).contains(name)) {
            read.problem(node, "'" + text + "' is neither a VM " + vms + " nor the wire of a NIC " + nics
                    + " (written wire:NAME)");
        }
        return new EndSpec(wire, name);
    }

    private Map<String, Long> expect(Node node) {
        Map<String, Long> values = new LinkedHashMap<>();
        if (node != null) {
            read.mapping(node, "expect", EXPECT)
                    .forEach((key, value) -> values.put(key, read.number(value, key, 0, 0, Long.MAX_VALUE)));
        }
        return values;
    }

    private String unique(Set<String> names, String name, Node node, String what) {
        if (!name.isEmpty() && !names.add(name)) {
            read.problem(node, what + " '" + name + "' is declared twice");
        }
        // Names become file names of --capture.
        if (!name.isEmpty() && !name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            read.problem(node, what + " name '" + name + "' must start with a letter or digit and have only letters,"
                    + " digits, '.', '_' and '-'");
        }
        return name;
    }
}
