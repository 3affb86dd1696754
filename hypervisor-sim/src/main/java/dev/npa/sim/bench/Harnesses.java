package dev.npa.sim.bench;

import dev.npa.sim.host.Simulation;
import dev.npa.sim.host.SimulationParts;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The measurements by name, and the metrics that they report. {@code npa bench} runs each in a process of its own. */
public final class Harnesses {

    /** A measurement. */
    private interface Measurement {
        void run(boolean quick, Path images, SimulationParts parts, Report report);
    }

    private static final double P99 = 0.99;
    private static final double MEDIAN = 0.5;
    private static final double FRAMES_A_MILLI_TO_MPPS = 1e-3;
    private static final int MILLIS_BEFORE_SWAP = 50;

    private static final Map<String, Measurement> ALL = new TreeMap<>(Map.of(
            "seeded", Harnesses::seeded, "scale", Harnesses::scale, "swap", Harnesses::swap));

    private Harnesses() {}

    /** Names of the measurements. */
    public static Set<String> names() {
        return ALL.keySet();
    }

    /**
     * Runs a measurement.
     *
     * @param name one of {@link #names}
     * @param quick fewer and smaller windows, and only the key figures
     * @param images directory of the plugin images
     * @throws IllegalStateException if what is measured does not do what it is told
     */
    public static void run(String name, boolean quick, Path images, SimulationParts parts, Report report) {
        ALL.get(name).run(quick, images, parts, report);
    }

    private static void seeded(boolean quick, Path images, SimulationParts parts, Report report) {
        SeededSpeed.Settings settings = quick ? SeededSpeed.Settings.QUICK : SeededSpeed.Settings.FULL;
        for (SeededSpeed.Way way : quick ? new SeededSpeed.Way[] {SeededSpeed.Way.NIANTIC} : SeededSpeed.Way.values()) {
            SeededSpeed.Result r = SeededSpeed.measure(way, settings, images, parts);
            report.figure("seeded." + way.label() + ".framesPerSecond", r.framesPerSecond(), "1/s", r.lowest(),
                    r.framesPerSecond());
            if (way == SeededSpeed.Way.NIANTIC) {
                report.figure("seeded.framesPerSecond", r.framesPerSecond(), "1/s", r.lowest(), r.framesPerSecond());
            }
        }
    }

    private static void scale(boolean quick, Path images, SimulationParts parts, Report report) {
        List<ScaleBench.Result> results = ScaleBench.run(quick ? ScaleBench.QUICK_GUESTS : ScaleBench.FULL_GUESTS,
                quick ? ScaleBench.Settings.QUICK : ScaleBench.Settings.FULL, images, parts);
        ScaleBench.Result one = results.get(0);
        for (ScaleBench.Result r : results.subList(1, results.size())) {
            String prefix = "scale." + r.guests() + "vm.";
            report.figure(prefix + "costRatio", r.guestNanosLow() / one.guestNanosLow(), "1",
                    r.guestNanosLow() / one.guestNanosLow(), r.guestNanos() / one.guestNanosLow());
            double cold = r.coldNanosLow() / one.guestNanosLow();
            report.figure(prefix + "coldRatio", cold, "1", cold, cold);
            report.figure(prefix + "guestNanos", r.guestNanosLow(), "ns", r.guestNanosLow(), r.guestNanos());
            report.figure(prefix + "bootMillis", r.bootMillis(), "ms", r.bootMillisLow(), r.bootMillisHigh());
            single(report, prefix + "memoryMiB", r.memoryMiB(), "MiB");
            single(report, "scale.evacuate" + r.guests() + ".millis", r.evacuateMillis(), "ms");
        }
        ScaleBench.Result most = results.get(quick ? 1 : 2);
        report.figure("guest.bootMillis", most.bootMillis(), "ms", most.bootMillisLow(), most.bootMillisHigh());
        single(report, "guest.heapMiB", most.heapMiB(), "MiB");
        single(report, "guest.metaspaceMiB", most.metaspaceMiB(), "MiB");
        single(report, "guest.directMiB", most.directMiB(), "MiB");
        single(report, "guest.codeMiB", most.codeMiB(), "MiB");
    }

    private static void single(Report report, String metric, double value, String unit) {
        report.figure(metric, value, unit, value, value);
    }

    private static void swap(boolean quick, Path images, SimulationParts parts, Report report) {
        SwapGap.Settings settings = quick ? SwapGap.Settings.QUICK : SwapGap.Settings.FULL;
        SwapGap.Result warm = SwapGap.run(settings, Simulation.Mode.MEASURED, parts, images);
        gaps(report, "swap.", warm, "swap.timeline.warmed");
        percentile(report, "swap.idleGap.p99Micros", warm.idleGapMicros(), P99, "us");
        single(report, "swap.lost", warm.lost(), "frames");
        if (!quick) {
            SwapGap.Result cold = SwapGap.run(settings.cold(), Simulation.Mode.MEASURED, parts, images);
            gaps(report, "swap.cold.", cold, "swap.timeline.cold");
            single(report, "swap.cold.lost", cold.lost(), "frames");
        }
    }

    private static void gaps(Report report, String prefix, SwapGap.Result r, String series) {
        percentile(report, prefix + "gap.p99Micros", r.gapMicros(), P99, "us");
        percentile(report, prefix + "gap.medianMicros", r.gapMicros(), MEDIAN, "us");
        percentile(report, prefix + "switchMillis", r.switchMillis(), MEDIAN, "ms");
        single(report, prefix + "firstSecondThroughputShare", r.firstSecondShare(), "1");
        report.series(series, "Mpps", -MILLIS_BEFORE_SWAP, 1,
                Arrays.stream(r.timeline()).mapToDouble(frames -> frames * FRAMES_A_MILLI_TO_MPPS).toArray());
    }

    private static void percentile(Report report, String metric, double[] sorted, double share, String unit) {
        report.figure(metric, SwapGap.Result.percentile(sorted, share), unit, sorted[0], sorted[sorted.length - 1]);
    }
}
