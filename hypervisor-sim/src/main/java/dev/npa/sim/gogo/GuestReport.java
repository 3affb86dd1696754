package dev.npa.sim.gogo;

import dev.npa.sim.host.VirtualMachine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Counters of guests' network devices as lines for people. */
final class GuestReport {

    private GuestReport() {}

    /** How many queue pairs there are counters of. */
    static int queues(Map<String, Long> counters) {
        int queues = 0;
        while (counters.containsKey("queue_" + queues + "_tx_packets")) {
            queues++;
        }
        return queues;
    }

    /** A line for each VM: what its operating system sent and received, and what of it software had to help with. */
    static List<String> summary(Collection<VirtualMachine> vms) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format("%-8s %-8s %6s %10s %12s %12s %10s %12s %12s %8s", "VM", "OS", "QUEUES", "TX PACKETS",
                "TX BYTES", "TX SOFTWARE", "RX PACKETS", "RX BYTES", "RX SOFTWARE", "DROPPED"));
        for (VirtualMachine vm : vms) {
            Map<String, Long> c = vm.statistics();
            lines.add(String.format("%-8s %-8s %6d %10d %12d %12d %10d %12d %12d %8d", vm.name(), vm.guest().os(),
                    queues(c), get(c, "tx_packets"), get(c, "tx_bytes"), get(c, "tx_software"), get(c, "rx_packets"),
                    get(c, "rx_bytes"), get(c, "rx_software"), get(c, "rx_dropped_duplicates")
                            + get(c, "rx_dropped_echoes") + get(c, "rx_dropped_os")));
        }
        return lines;
    }

    /** A line for each counter of a VM that is not zero. */
    static List<String> all(VirtualMachine vm) {
        List<String> lines = new ArrayList<>();
        vm.statistics().forEach((name, value) -> {
            if (value != 0) {
                lines.add(String.format("%-36s %14d", name, value));
            }
        });
        return lines.isEmpty() ? List.of(vm.name() + " has counted nothing") : lines;
    }

    private static long get(Map<String, Long> counters, String name) {
        return counters.getOrDefault(name, 0L);
    }
}
