package dev.npa.sim.scenario;

import dev.npa.hw.MacAddress;
import dev.npa.sim.host.GuestOptions;
import dev.npa.sim.host.Simulation;
import dev.npa.sim.net.VlanPolicy;
import dev.npa.sim.traffic.GeneratorSpec;
import dev.npa.sim.traffic.Offloads;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A scenario, valid in itself: every name that is used is declared. Docs: docs/scenarios.md.
 *
 * @param mode what drives it unless the command line says otherwise
 * @param seed seed of the seeded scheduler and of generated traffic
 * @param expect expected values of the summary by field name
 */
public record Scenario(
        String name,
        String description,
        Simulation.Mode mode,
        long seed,
        List<HostSpec> hosts,
        List<TrafficSpec> traffic,
        List<Step> timeline,
        Map<String, Long> expect) {

    public Scenario {
        hosts = List.copyOf(hosts);
        traffic = List.copyOf(traffic);
        timeline = List.copyOf(timeline);
        expect = Map.copyOf(expect);
    }

    /** A host with its NICs and VMs. */
    public record HostSpec(String name, List<NicSpec> nics, List<VmSpec> vms) {}

    /**
     * A NIC.
     *
     * @param model as {@code 82599}
     * @param functions physical functions; the adapter of function 0 has the NIC's name, that of function N the name
     *     with {@code fN} behind it
     * @param virtualFunctions VFs to enable for each function
     * @param network name of the network that its wire is plugged into
     */
    public record NicSpec(String name, String model, int functions, int virtualFunctions, String network) {

        /** Names of its adapters. */
        public List<String> adapters() {
            return IntStream.range(0, functions).mapToObj(f -> f == 0 ? name : name + "f" + f).toList();
        }
    }

    /** A VM, connected to a NIC of its host. */
    public record VmSpec(
            String name, String nic, MacAddress mac, int memoryMiB, int mtu, VlanPolicy vlans, GuestOptions guest) {}

    /**
     * One end of traffic.
     *
     * @param wire true: the external peer on the wire of NIC {@code name}; false: VM {@code name}
     */
    public record EndSpec(boolean wire, String name) {
        @Override
        public String toString() {
            return wire ? "wire:" + name : name;
        }
    }

    /**
     * Traffic between two ends: a capture that is replayed both ways, or generated flows from {@code a} to {@code b}
     * (and back when {@code bothWays}).
     *
     * @param pcap file to replay, {@code sample} for the built-in capture, or null for generated flows
     * @param loop replay again and again until stopped
     * @param framesPerSecond rate of each direction; 0 = as the capture says (replay) or as fast as it goes (generated)
     * @param minSize smallest generated frame without FCS and VLAN tag
     * @param maxSize largest generated frame without FCS and VLAN tag
     * @param vlan VLAN of generated frames, 1..4094; a VM that has it as port VLAN does not see its tag; 0 = untagged
     * @param flows generated flows
     * @param offloads what guests that send ask their stacks for
     * @param transports what generated flows are, in turn
     * @param options whether generated headers have options
     * @param priority PCP << 1 | DEI of a generated tag
     */
    public record TrafficSpec(
            String name,
            EndSpec a,
            EndSpec b,
            String pcap,
            boolean loop,
            long framesPerSecond,
            int minSize,
            int maxSize,
            int vlan,
            int flows,
            boolean bothWays,
            Offloads offloads,
            List<GeneratorSpec.Transport> transports,
            boolean options,
            int priority) {

        public TrafficSpec {
            transports = List.copyOf(transports);
        }
    }

    /** What a step does. */
    public enum Action {
        POWER_ON, POWER_OFF, START, STOP, RUN, PASSTHROUGH, SWAP, EMULATE, REPEAT, CHECK
    }

    /**
     * One step of the timeline. Steps run one after the other; a step that acts on several VMs asks all of them at once
     * and waits until all are done.
     *
     * @param line line in the file
     * @param vms VMs acted on
     * @param traffic traffic started or stopped
     * @param nic NIC to get a VF of, or null
     * @param image plugin name or null
     * @param version plugin version or null
     * @param nanos RUN: machine time to pass; -1 = by frames
     * @param frames RUN: frames to be received meanwhile; -1 = by time
     * @param times REPEAT: how often
     * @param steps REPEAT: what
     * @param check CHECK: what must hold, else null
     */
    public record Step(
            int line,
            Action action,
            List<String> vms,
            List<String> traffic,
            String nic,
            String image,
            String version,
            long nanos,
            long frames,
            int times,
            List<Step> steps,
            Check check) {

        public Step {
            vms = List.copyOf(vms);
            traffic = List.copyOf(traffic);
            steps = List.copyOf(steps);
        }

        Step(int line, Action action, List<String> vms, List<String> traffic, String nic, String image, String version,
                long nanos, long frames, int times, List<Step> steps) {
            this(line, action, vms, traffic, nic, image, version, nanos, frames, times, steps, null);
        }
    }

    /**
     * What the counters of a VM's network device must say of the time since its data path changed last.
     *
     * @param receiveQueues how many of its receive queues got packets; -1 = any number
     * @param transmitQueues how many of its transmit queues sent packets; -1 = any number
     * @param carrierReceiveQueues how many receive queues of what carries the data path got packets; -1 = any number
     * @param carrierTransmitQueues how many of its transmit queues sent packets; -1 = any number
     * @param exactly growth of counters by name
     * @param atLeast least growth of counters by name
     * @param atMost most growth of counters by name
     */
    public record Check(
            int receiveQueues,
            int transmitQueues,
            int carrierReceiveQueues,
            int carrierTransmitQueues,
            Map<String, Long> exactly,
            Map<String, Long> atLeast,
            Map<String, Long> atMost) {

        public Check {
            exactly = new TreeMap<>(exactly);
            atLeast = new TreeMap<>(atLeast);
            atMost = new TreeMap<>(atMost);
        }
    }
}
