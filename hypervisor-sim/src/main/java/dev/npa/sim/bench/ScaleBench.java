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
     * @param warmUpBatches batches that each guest gets before the first window
     * @param windowBatches batches that all guests together get in a window
     * @param windows windows, at least 1
     */
    public record Settings(int warmUpBatches, int windowBatches, int windows) {

        /** Compiled code has settled in each guest, which takes its compiler more than a second a guest. */
        public static final Settings FULL = new Settings(8000, 6400, 7);
        /** Good enough to see that something has become twice as dear. */
        public static final Settings QUICK = new Settings(1500, 1600, 5);
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
     * @param guestNanos time of the guest's side a packet, sent or received, 60 bytes in batches of 32; guests have their
     *     turns one after the other, of about a millisecond as a host's scheduler gives them; median of the windows
     * @param guestNanosLow the same of the best window, which other processes disturbed least
     * @param coldNanosLow the same when each guest gets one batch at a time: it finds other guests' code and data in the
     *     caches with every batch
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
            double coldNanosLow,
            double passthroughMillis,
            double evacuateMillis,
            double evacuateCpuMillis,
            double evacuateMachineMicros) {

        /** Heap, classes and buffers, MiB. */
        public double memoryMiB() {
            return heapMiB + metaspaceMiB + directMiB;
        }
    }

    /** Numbers of guests of a full measurement, which takes minutes. */
    public static final List<Integer> FULL_GUESTS = List.of(1, 8, 32, 100);
    /** Numbers of guests of a quick one. */
    public static final List<Integer> QUICK_GUESTS = List.of(1, 8);

    /** Batches of a guest's turn: some thousand packets, about a millisecond. */
    private static final int VISIT = 100;
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
            world.round(1);
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
            world.round(1);
            MemoryUse booted = MemoryUse.now();
            for (int i = 0; i < settings.warmUpBatches(); i += VISIT) {
                world.round(VISIT);
            }
            double[] nanos = packets(world, VISIT, settings);
            double[] cold = packets(world, 1, settings);
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
                    cold[0],
                    passthrough, evacuate, evacuateCpu, (world.machineNanos() - machine) / 1e3);
        }
    }

    /** Time of the guests' side a packet, window by window, sorted. */
    private static double[] packets(ScaleWorld world, int visit, Settings settings) {
        double[] nanos = new double[settings.windows()];
        int rounds = Math.max(1, settings.windowBatches() / world.guests() / visit);
        long packets = 2L * ScaleWorld.BATCH * rounds * visit * world.guests();
        for (int w = 0; w < nanos.length; w++) {
            world.scheduler().reset();
            for (int i = 0; i < rounds; i++) {
                world.round(visit);
            }
            nanos[w] = world.scheduler().guestNanos() / packets;
        }
        Arrays.sort(nanos);
        return nanos;
    }
}
