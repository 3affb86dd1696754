package dev.npa.sim.scenario;

import dev.npa.sim.net.VlanPolicy;
import dev.npa.sim.scenario.Scenario.EndSpec;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the VLANs of VMs and traffic, and checks that what the traffic uses is what its VMs may use. */
final class VlanParser {

    private final YamlReader read;
    private final Map<String, VlanPolicy> policies = new HashMap<>();

    VlanParser(YamlReader read) {
        this.read = read;
    }

    /** {@code vlan} and {@code vlans} of a VM. */
    VlanPolicy policy(Map<String, Node> vm, Node node, String name) {
        Set<Integer> guest = new LinkedHashSet<>();
        for (Node item : read.sequence(vm.get("vlans"), "vlans")) {
            int id = vlan(item, "VLAN id");
            if (id != 0 && !guest.add(id)) {
                read.problem(item, "VLAN id " + id + " stands twice in the vlans of VM '" + name + "'");
            }
        }
        int port = vlan(vm.get("vlan"), "vlan");
        if (port != 0 && vm.containsKey("vlans")) {
            read.problem(vm.get("vlan"), "VM '" + name + "' has both 'vlan' (a port VLAN that it does not see) and"
                    + " 'vlans' (those that it uses itself); give it one of them");
            guest.clear();
        }
        VlanPolicy policy = new VlanPolicy(port, guest);
        policies.put(name, policy);
        return policy;
    }

    /** {@code vlan} of traffic; by default the port VLAN of its VMs. */
    int traffic(Map<String, Node> traffic, Node node, String name, EndSpec a, EndSpec b) {
        int portVlan = Math.max(portVlan(a), portVlan(b));
        if (traffic.containsKey("pcap")) {
            if (traffic.containsKey("vlan") || portVlan != 0) {
                read.problem(traffic.getOrDefault("vlan", node), "traffic '" + name + "' replays a capture, which"
                        + " cannot be put in a VLAN; generate it (leave out 'pcap'), or use a VM without port VLAN");
            }
            return 0;
        }
        int vlan = traffic.containsKey("vlan") ? vlan(traffic.get("vlan"), "vlan") : portVlan;
        for (EndSpec end : new EndSpec[] {a, b}) {
            VlanPolicy policy = policyOf(end);
            if (policy != null && policy.portVlan() != 0 && policy.portVlan() != vlan) {
                read.problem(traffic.getOrDefault("vlan", node), "traffic '" + name + "' is in VLAN " + vlan
                        + ", but VM '" + end.name() + "' has port VLAN " + policy.portVlan());
            } else if (policy != null && vlan != 0 && !policy.vlans().contains(vlan)) {
                read.problem(traffic.getOrDefault("vlan", node), "traffic '" + name + "' is in VLAN " + vlan
                        + ", which VM '" + end.name() + "' may not use; its vlans are " + policy.vlans());
            }
        }
        return vlan;
    }

    private int portVlan(EndSpec end) {
        VlanPolicy policy = policyOf(end);
        return policy == null ? 0 : policy.portVlan();
    }

    private VlanPolicy policyOf(EndSpec end) {
        return end.wire() ? null : policies.get(end.name());
    }

    private int vlan(Node node, String what) {
        return (int) read.number(node, what, 0, VlanPolicy.MIN_VLAN, VlanPolicy.MAX_VLAN);
    }
}
