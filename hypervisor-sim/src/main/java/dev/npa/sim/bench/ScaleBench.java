package dev.npa.sim.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.npa.sim.host.SimulationParts;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What many guests in one process cost: memory and time to boot of each, what a packet costs its guest beside others, and
 * how long it takes to evacuate a host.
 */
public final class ScaleBench {

    /**
     * What to measure.
     *
     * @param warmUpRounds batches that each guest gets before the first window
     * @param windowRounds batches that each guest gets in a window
     * @param windows windows, at least 1
     */
    public record Settings(int warmUpRounds, int windowRounds, int windows) {

        /** Compiled code has settled in each guest. */
        public static final Settings FULL = new Settings(4000, 200, 9);
        /** Good enough to see that something has become twice as dear. */
        public static final Settings QUICK = new Settings(1500, 100, 5);
    }

    /**
     * A guest's share of so many. Memory is beyond the guests' own.
     *
     * @param bootMillis real time of a boot, median over the guests
     * @param bootMillisLow the fastest
     * @param bootMillisHigh the 90th of 100
     * @param bootCpuMillis CPU time of the process a boot, compiler and garbage collector included
     * @param heapMiB live heap of a guest in passthrough, the hypervisor's share for it included
     * @param metaspaceMiB classes of a guest, the plugin's included
     * @param directMiB off-heap buffers without the guest's memory
     * @param codeMiB compiled code of a guest after its packets
     * @param guestNanos time of the guest's side a packet, sent or received, 60 bytes in batches of 32
     * @param guestNanosLow of the best window, which {@code guestNanos} is the median of
     * @param passthroughMillis real time until all were in passthrough, asked at once
     * @param evacuateMillis real time until all were back on the emulation
     * @param evacuateCpuMillis CPU time of this thread meanwhile
     * @param evacuateMachineMicros machine time of the same
     */
    public record Result(
            int guests,
            double bootMillis,
            double bootMillisLow,
            double bootMillisHigh,
            double bootCpuMillis,
            double heapMiB,
            double metaspaceMiB,
            double directMiB,
            double codeMiB,
            double guestNanos,
            double guestNanosLow,
            double passthroughMillis,
            double evacuateMillis,
            double evacuateCpuMillis,
            double evacuateMachineMicros) {

        /** Heap, classes and buffers, MiB. */
        public double memoryMiB() {
            return heapMiB + metaspaceMiB + directMiB;
        }
    }

    private static final double MIB = 1 << 20;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int PERCENT = 100;
    private static final int HIGH = 90;

    private ScaleBench() {}

    /**
     * Measures with each number of guests, smallest first.
     *
     * @param images directory of the plugin images
     * @param parts what simulations are made of
     * @throws IllegalStateException if a guest does not do what it is told, or a frame does not come back
     */
    public static List<Result> run(List<Integer> guests, Settings settings, Path images, SimulationParts parts) {
        // What all guests share is loaded by the first guest of a process, and belongs to none.
        try (ScaleWorld world = new ScaleWorld(1, images, parts)) {
            world.boot();
            world.passthrough();
            world.round();
            world.evacuate();
        }
        return guests.stream().map(n -> measure(n, settings, images, parts)).toList();
    }

    private static Result measure(int guests, Settings settings, Path images, SimulationParts parts) {
        OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        try (ScaleWorld world = new ScaleWorld(guests, images, parts)) {
            MemoryUse before = MemoryUse.now();
            double[] boots = new double[guests];
            long cpu = process.getProcessCpuTime();
            for (int i = 0; i < guests; i++) {
                long start = System.nanoTime();
                world.boot();
                boots[i] = (System.nanoTime() - start) / NANOS_PER_MILLI;
            }
            double bootCpu = (process.getProcessCpuTime() - cpu) / NANOS_PER_MILLI / guests;
            Arrays.sort(boots);
            long start = System.nanoTime();
            world.passthrough();
            double passthrough = (System.nanoTime() - start) / NANOS_PER_MILLI;
            world.round();
            MemoryUse booted = MemoryUse.now();
            double[] nanos = packets(world, settings);
            MemoryUse warm = MemoryUse.now();
            long machine = world.machineNanos();
            long thread = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            start = System.nanoTime();
            world.evacuate();
            double evacuate = (System.nanoTime() - start) / NANOS_PER_MILLI;
            double evacuateCpu = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - thread)
                    / NANOS_PER_MILLI;
            long own = (long) guests * ScaleWorld.MEMORY_MIB << 20;
            return new Result(guests, boots[guests / 2], boots[0], boots[(guests - 1) * HIGH / PERCENT], bootCpu,
                    (warm.heap() - before.heap()) / MIB / guests,
                    (warm.metaspace() - before.metaspace()) / MIB / guests,
                    (warm.direct() - before.direct() - own) / MIB / guests,
                    (warm.code() - booted.code()) / MIB / guests, nanos[nanos.length / 2], nanos[0],
                    passthrough, evacuate, evacuateCpu, (world.machineNanos() - machine) / 1e3);
        }
    }

    /** Time of the guests' side a packet, window by window, sorted. */
    private static double[] packets(ScaleWorld world, Settings settings) {
        for (int i = 0; i < settings.warmUpRounds(); i++) {
            world.round();
        }
        double[] nanos = new double[settings.windows()];
        long packets = 2L * ScaleWorld.BATCH * settings.windowRounds() * world.guests();
        for (int w = 0; w < nanos.length; w++) {
            world.scheduler().reset();
            long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            long start = System.nanoTime();
            for (int i = 0; i < settings.windowRounds(); i++) {
                world.round();
            }
            // What other processes took of the processor is spread over guests and the rest: only shares of the real
            // time are used.
            double share = world.scheduler().guestNanos() / (double) (System.nanoTime() - start);
            nanos[w] = share * (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / packets;
        }
        Arrays.sort(nanos);
        return nanos;
    }
}
