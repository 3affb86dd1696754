package dev.npa.sim.scenario;

import dev.npa.sim.scenario.Scenario.Action;
import dev.npa.sim.scenario.Scenario.Check;
import dev.npa.sim.scenario.Scenario.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Parses the timeline: a list of single-key mappings, the key being the action. */
final class TimelineParser {

    private static final int MAX_DEPTH = 3;

    private final YamlReader read;
    private final Set<String> vms;
    private final Map<String, Set<String>> nicsOfVms;
    private final Set<String> traffic;

    /**
     * Makes a parser.
     *
     * @param nicsOfVms VM to the NICs of its host
     */
    TimelineParser(YamlReader read, Set<String> vms, Map<String, Set<String>> nicsOfVms, Set<String> traffic) {
        this.read = read;
        this.vms = vms;
        this.nicsOfVms = nicsOfVms;
        this.traffic = traffic;
    }

    List<Step> steps(Node node) {
        return steps(node, 0);
    }

    private List<Step> steps(Node node, int depth) {
        List<Step> steps = new ArrayList<>();
        for (Node item : read.sequence(node, "timeline")) {
            Map<String, Node> map = read.mapping(item, "a step", List.of("power-on", "power-off", "start", "stop",
                    "run", "passthrough", "swap", "emulate", "repeat", "check"));
            if (map.size() != 1) {
                read.problem(item, "a step has exactly one action");
                continue;
            }
            Map.Entry<String, Node> entry = map.entrySet().iterator().next();
            Action action = Action.valueOf(entry.getKey().toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
            steps.add(step(action, entry.getKey(), entry.getValue(), YamlReader.line(item), depth));
        }
        return steps;
    }

    private Step step(Action action, String name, Node value, int line, int depth) {
        return switch (action) {
            case POWER_ON, POWER_OFF, EMULATE -> onVms(action, line, vms(value, name), null, null, null);
            case PASSTHROUGH, SWAP -> passthrough(action, name, value, line);
            case START, STOP -> new Step(line, action, List.of(), traffic(value, name), null, null, null, -1, -1, 0,
                    List.of());
            case RUN -> run(value, line);
            case REPEAT -> repeat(value, line, depth);
            case CHECK -> check(value, line);
        };
    }

    private Step onVms(Action action, int line, List<String> names, String nic, String image, String version) {
        return new Step(line, action, names, List.of(), nic, image, version, -1, -1, 0, List.of());
    }

    private Step passthrough(Action action, String name, Node value, int line) {
        if (value instanceof ScalarNode || value instanceof SequenceNode) {
            return onVms(action, line, vms(value, name), null, null, null);
        }
        Map<String, Node> map = read.mapping(value, name, List.of("vm", "nic", "image", "version"));
        if (!map.containsKey("vm")) {
            read.problem(value, name + " has no 'vm'");
        }
        List<String> names = vms(map.get("vm"), name);
        String nic = nic(map.get("nic"), name, names);
        return onVms(action, line, names, nic, read.string(map.get("image"), "image", null),
                read.string(map.get("version"), "version", null));
    }

    private String nic(Node node, String what, List<String> names) {
        String nic = read.string(node, "nic", null);
        for (String vm : names) {
            Set<String> there = nicsOfVms.get(vm);
            if (nic != null && there != null && !there.contains(nic)) {
                read.problem(node, what + ": the host of VM '" + vm + "' has no NIC '" + nic + "'; it has "
                        + new java.util.TreeSet<>(there));
            }
        }
        return nic;
    }

    private Step run(Node value, int line) {
        if (value instanceof ScalarNode) {
            return new Step(line, Action.RUN, List.of(), List.of(), null, null, null, read.nanos(value, "run", 0), -1,
                    0, List.of());
        }
        Map<String, Node> map = read.mapping(value, "run", List.of("frames"));
        if (!map.containsKey("frames")) {
            read.problem(value, "run needs a duration such as 5ms, or {frames: N}");
        }
        return new Step(line, Action.RUN, List.of(), List.of(), null, null, null, -1,
                read.number(map.get("frames"), "frames", 0, 0, 1_000_000_000L), 0, List.of());
    }

    private Step repeat(Node value, int line, int depth) {
        Map<String, Node> map = read.mapping(value, "repeat", List.of("times", "steps"));
        if (depth >= MAX_DEPTH) {
            read.problem(value, "repeat is nested deeper than " + MAX_DEPTH);
            return new Step(line, Action.REPEAT, List.of(), List.of(), null, null, null, -1, -1, 0, List.of());
        }
        int times = (int) read.number(map.get("times"), "times", 1, 1, 100_000);
        if (!map.containsKey("steps")) {
            read.problem(value, "repeat has no 'steps'");
        }
        return new Step(line, Action.REPEAT, List.of(), List.of(), null, null, null, -1, -1, times,
                steps(map.get("steps"), depth + 1));
    }

    private Step check(Node value, int line) {
        Map<String, Node> map = read.mapping(value, "check", List.of("vm", "receiveQueues", "transmitQueues",
                "carrierReceiveQueues", "carrierTransmitQueues", "exactly", "atLeast", "atMost"));
        if (!map.containsKey("vm")) {
            read.problem(value, "check has no 'vm'");
        }
        Check check = new Check(queues(map, "receiveQueues"), queues(map, "transmitQueues"),
                queues(map, "carrierReceiveQueues"), queues(map, "carrierTransmitQueues"),
                counters(map.get("exactly"), "exactly"), counters(map.get("atLeast"), "atLeast"),
                counters(map.get("atMost"), "atMost"));
        return new Step(line, Action.CHECK, vms(map.get("vm"), "check"), List.of(), null, null, null, -1, -1, 0, List.of(),
                check);
    }

    private int queues(Map<String, Node> map, String field) {
        return (int) read.number(map.get(field), field, -1, 0, 8);
    }

    private Map<String, Long> counters(Node node, String what) {
        Map<String, Long> values = new LinkedHashMap<>();
        if (node != null) {
            read.mapping(node, what, List.of())
                    .forEach((name, value) -> values.put(name, read.number(value, name, 0, 0, Long.MAX_VALUE)));
        }
        return values;
    }

    private List<String> vms(Node node, String what) {
        return names(node, what, vms, "VM");
    }

    private List<String> traffic(Node node, String what) {
        return names(node, what, traffic, "traffic");
    }

    private List<String> names(Node node, String what, Set<String> known, String kind) {
        if (node == null) {
            return List.of();
        }
        List<String> names = read.strings(node, what);
        if (names.equals(List.of("all"))) {
            return List.copyOf(known);
        }
        for (String name : names) {
            if (!known.contains(name)) {
                read.problem(node, what + ": there is no " + kind + " '" + name + "'; there are " + known
                        + ", or 'all'");
            }
        }
        return names;
    }
}
