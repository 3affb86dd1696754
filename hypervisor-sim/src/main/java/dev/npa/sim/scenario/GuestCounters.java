package dev.npa.sim.scenario;

import dev.npa.sim.host.VirtualMachine;
import dev.npa.sim.scenario.Scenario.Check;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Counters of the guests' network devices, seen from the moments at which their data paths changed. */
final class GuestCounters {

    private static final String RECEIVED = "queue_%d_rx_packets";
    private static final String SENT = "queue_%d_tx_packets";
    private static final String CARRIER_RECEIVED = "carrier_" + RECEIVED;
    private static final String CARRIER_SENT = "carrier_" + SENT;

    private final Map<VirtualMachine, Map<String, Long>> before = new HashMap<>();

    /** A VM's data path has changed: its counters begin anew here. */
    void mark(VirtualMachine vm) {
        before.put(vm, vm.statistics());
    }

    /** How much each counter has grown. */
    Map<String, Long> growth(VirtualMachine vm) {
        Map<String, Long> old = before.getOrDefault(vm, Map.of());
        Map<String, Long> growth = new LinkedHashMap<>();
        vm.statistics().forEach((name, value) -> growth.put(name, value - old.getOrDefault(name, 0L)));
        return growth;
    }

    /** Numbers of the queue pairs for which a counter has grown. */
    private static List<Integer> queues(Map<String, Long> growth, String counter) {
        List<Integer> queues = new ArrayList<>();
        for (int q = 0; growth.containsKey(counter.formatted(q)); q++) {
            if (growth.get(counter.formatted(q)) > 0) {
                queues.add(q);
            }
        }
        return queues;
    }

    /** One line about what was checked. */
    static String describe(VirtualMachine vm, Check check, Map<String, Long> growth) {
        StringBuilder text = new StringBuilder(vm.name()).append(" on ").append(vm.carrier()).append(": received on queues ")
                .append(queues(growth, RECEIVED)).append(", sent on ").append(queues(growth, SENT))
                .append("; the carrier received on ").append(queues(growth, CARRIER_RECEIVED)).append(", sent on ")
                .append(queues(growth, CARRIER_SENT));
        Stream.of(check.exactly(), check.atLeast(), check.atMost()).flatMap(m -> m.keySet().stream())
                .forEach(name -> text.append(", ").append(name).append(' ').append(growth.get(name)));
        return text.toString();
    }

    /** One sentence for each thing that does not hold. */
    static List<String> findings(VirtualMachine vm, Check check, Map<String, Long> growth) {
        List<String> findings = new ArrayList<>();
        String who = vm.name() + " on " + vm.carrier() + ": ";
        queues(findings, who + "received on", queues(growth, RECEIVED), check.receiveQueues());
        queues(findings, who + "sent on", queues(growth, SENT), check.transmitQueues());
        queues(findings, who + "the carrier received on", queues(growth, CARRIER_RECEIVED),
                check.carrierReceiveQueues());
        queues(findings, who + "the carrier sent on", queues(growth, CARRIER_SENT), check.carrierTransmitQueues());
        compare(findings, who, growth, check.exactly(), "", (value, bound) -> value == bound);
        compare(findings, who, growth, check.atLeast(), "at least ", (value, bound) -> value >= bound);
        compare(findings, who, growth, check.atMost(), "at most ", (value, bound) -> value <= bound);
        return findings;
    }

    private interface Bound {
        boolean holds(long value, long bound);
    }

    private static void compare(List<String> findings, String who, Map<String, Long> growth, Map<String, Long> bounds,
            String relation, Bound bound) {
        bounds.forEach((name, wanted) -> {
            Long value = growth.get(name);
            if (value == null || !bound.holds(value, wanted)) {
                findings.add(who + counter(name, value) + ", expected " + relation + wanted);
            }
        });
    }

    private static String counter(String name, Long value) {
        return value == null ? "there is no counter " + name : name + " has grown by " + value;
    }

    private static void queues(List<String> findings, String what, List<Integer> used, int wanted) {
        if (wanted >= 0 && used.size() != wanted) {
            findings.add(what + " queues " + used + ", expected " + wanted + " queues");
        }
    }
}
