package dev.npa.sim.scenario;

import dev.npa.sim.traffic.GeneratorSpec;
import dev.npa.sim.traffic.GeneratorSpec.Transport;
import dev.npa.sim.traffic.Offloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.nodes.Node;

/** Reads what traffic consists of and what the guests that send it ask their stacks for. */
final class OffloadParser {

    /** The fields of traffic that it reads. */
    static final List<String> FIELDS = List.of("offload", "mss", "protocols", "options", "priority", "dropEligible");

    /** Largest frame without TSO: an MTU of 9000. */
    private static final int JUMBO = 9014;

    private final YamlReader read;

    OffloadParser(YamlReader read) {
        this.read = read;
    }

    /** {@code offload} and {@code mss}. */
    Offloads offloads(Map<String, Node> traffic) {
        boolean checksum = false;
        boolean tso = false;
        boolean vlan = false;
        for (Node item : read.sequence(traffic.get("offload"), "offload")) {
            switch (read.string(item, "offload", "")) {
                case "checksum" -> checksum = true;
                case "tso" -> tso = true;
                case "vlan" -> vlan = true;
                default -> read.problem(item, "offload '" + read.string(item, "offload", "")
                        + "' is not known; it is checksum, tso or vlan");
            }
        }
        int mss = (int) read.number(traffic.get("mss"), "mss", 0, Offloads.MIN_MSS, 8960);
        return new Offloads(checksum, tso, vlan, mss);
    }

    /** Largest length in {@code sizes}. */
    static int largest(Offloads offloads) {
        return offloads.tso() ? GeneratorSpec.LONGEST_TSO : JUMBO;
    }

    /** {@code protocols}; by default all that the offloads are for, else UDP over IPv4. */
    List<Transport> transports(Map<String, Node> traffic, Offloads offloads) {
        List<Transport> transports = new ArrayList<>();
        for (Node item : read.sequence(traffic.get("protocols"), "protocols")) {
            String text = read.string(item, "protocol", "");
            try {
                transports.add(Transport.valueOf(text.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                read.problem(item, "protocol '" + text + "' is not known; it is udp4, tcp4, udp6 or tcp6");
            }
        }
        if (!transports.isEmpty()) {
            return transports;
        }
        return offloads.tso() ? List.of(Transport.TCP4, Transport.TCP6)
                : offloads.checksum() ? List.of(Transport.values()) : List.of(Transport.UDP4);
    }

    /** {@code priority} and {@code dropEligible} of the tag: PCP << 1 | DEI. */
    int priority(Map<String, Node> traffic) {
        int pcp = (int) read.number(traffic.get("priority"), "priority", 0, 0, 7);
        return pcp << 1 | (read.bool(traffic.get("dropEligible"), "dropEligible", false) ? 1 : 0);
    }

    boolean options(Map<String, Node> traffic) {
        return read.bool(traffic.get("options"), "options", false);
    }
}
