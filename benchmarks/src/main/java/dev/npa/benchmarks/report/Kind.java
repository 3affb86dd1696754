package dev.npa.benchmarks.report;

import java.util.List;

/**
 * What the metrics of a name have in common. {@link #ALL} is the one table of tolerances: only figures that do not
 * depend on how fast a machine is are compared, that is ratios within a run, and counts.
 *
 * @param names names; the first kind that matches counts
 * @param better which of two figures is better; the value of a metric is the better end of its spread
 * @param comparison how it is compared with a baseline
 * @param tolerance factor or difference by which it may be worse than the baseline
 * @param meaning one sentence
 */
public record Kind(Glob names, Better better, By comparison, double tolerance, String meaning) {

    /** Direction of a figure. */
    public enum Better {
        LOWER, HIGHER
    }

    /** How a figure is compared with a baseline. */
    public enum By {
        /** Not at all: it depends on the machine. */
        NOTHING,
        /** It may be worse by a factor. */
        FACTOR,
        /** It may be worse by a difference. */
        DIFFERENCE
    }

    /**
     * Every kind. Tolerances are wide, since neighbours on a shared machine do not slow all code down alike; a ratio
     * that doubles is beyond each of them.
     */
    public static final List<Kind> ALL = List.of(
            compared("*.bytesAllocatedPerPacket", Better.LOWER, By.DIFFERENCE, 0.5,
                    "heap bytes that the data path's thread allocates for a packet"),
            absolute("forward.*.offloads.burst32.segmentRatio", // grows when plain packets become cheaper
                    "cost of a segment with every offload in use / cost of a plain packet, same plugin"),
            compared("forward.*.ratio", Better.LOWER, By.FACTOR, 1.75,
                    "forwarding by plugin and shell / the reference loop with the same burst"),
            compared("tx.*.ratio", Better.LOWER, By.FACTOR, 1.75, "transmit by plugin and shell / the reference loop"),
            compared("rx.*.ratio", Better.LOWER, By.FACTOR, 1.75, "receive by plugin and shell / the reference loop"),
            absolute("forward.*.offloads.*.segmentsPerPacket", "segments of the packets that are forwarded"),
            absolute("forward.*.offloads.*", "receive, read, change, transmit with every offload in use: CPU time of "
                    + "plugin and shell"),
            absolute("forward.*", "receive, change eight bytes, transmit: CPU time of plugin and shell"),
            absolute("tx.*", "transmit: CPU time of plugin and shell"),
            absolute("rx.*", "receive: CPU time of plugin and shell"),
            absolute("reference.*", "the same work in a minimal driver without shell and plugin"),
            compared("passthroughVsEmulated.*.cpuRatio", Better.HIGHER, By.FACTOR, 1.5,
                    "CPU time of guest and hypervisor a unit of work, emulated / passthrough"),
            absolute("passthroughVsEmulated.*", "what a packet or message of 16 KiB takes there"),
            new Kind(new Glob("chain.*.gigabitsPerSecond"), Better.HIGHER, By.NOTHING, 1,
                    "what the chain carries, preamble and gap not counted"),
            absolute("chain.*", "driver, device engine with IOMMU and switch, driver: CPU time on one thread"),
            compared("swap.lost", Better.LOWER, By.DIFFERENCE, 0, "frames lost, duplicated or reordered in all swaps"),
            absolute("swap.gap.*", "longest pause that the receiver saw around a swap"),
            new Kind(new Glob("swap.*Throughput*"), Better.HIGHER, By.NOTHING, 1, "throughput after a swap / before"),
            absolute("swap.*", "around a swap"),
            compared("scale.*.costRatio", Better.LOWER, By.FACTOR, 1.5,
                    "guest's CPU time a packet with so many VMs / with one"),
            absolute("scale.*", "many VMs in one process"),
            absolute("guest.bootMillis", "time until a guest has its data path"),
            absolute("guest.*", "what a guest needs beyond its own memory"),
            new Kind(new Glob("seeded.*"), Better.HIGHER, By.NOTHING, 1,
                    "frames a second of CPU time that the seeded simulator carries from VM to VM"));

    private static final Kind OTHER = absolute("*", "");

    private static Kind absolute(String names, String meaning) {
        return new Kind(new Glob(names), Better.LOWER, By.NOTHING, 1, meaning);
    }

    private static Kind compared(String names, Better better, By comparison, double tolerance, String meaning) {
        return new Kind(new Glob(names), better, comparison, tolerance, meaning);
    }

    /** The kind of a metric. */
    public static Kind of(String name) {
        return ALL.stream().filter(k -> k.names.matches(name)).findFirst().orElse(OTHER);
    }

    public boolean isHigherBetter() {
        return better == Better.HIGHER;
    }

    public boolean isCompared() {
        return comparison != By.NOTHING;
    }

    /** The worst figure that a baseline allows. */
    public double limit(double baseline) {
        return switch (comparison) {
            case FACTOR -> isHigherBetter() ? baseline / tolerance : baseline * tolerance;
            case DIFFERENCE -> isHigherBetter() ? baseline - tolerance : baseline + tolerance;
            case NOTHING -> isHigherBetter() ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        };
    }

    /** Whether a figure is no worse than a limit. */
    public boolean isWithin(double value, double limit) {
        return isHigherBetter() ? value >= limit : value <= limit;
    }
}
