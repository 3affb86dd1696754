package dev.npa.benchmarks.report;

import dev.npa.benchmarks.report.BarChart.Bar;
import dev.npa.benchmarks.report.LineChart.Point;
import dev.npa.benchmarks.report.LineChart.Tick;
import dev.npa.benchmarks.report.LineChart.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The plots of a run: those for which it has figures. */
final class Plots {

    private static final Pattern BURST = Pattern.compile("forward\\.(.+)\\.64B\\.burst(\\d+)\\.nsPerPacket");
    private static final String BEST = "Best window; the thin line spans all windows and forks.";
    private static final int STYLES = 6;
    private static final int TIME_TICKS = 5;

    private Plots() {}

    static List<Drawing> of(Results results) {
        List<Drawing> plots = new ArrayList<>();
        bars(plots, results, "Forwarding 64-byte frames in bursts of 32, ns of CPU time a packet",
                "forward\\.(.+)\\.64B\\.burst32\\.nsPerPacket", "reference.forward.nsPerPacket");
        bars(plots, results, "Forwarding 64-byte frames, as a multiple of the reference loop",
                "forward\\.(.+)\\.64B\\.burst32\\.ratio", null);
        bars(plots, results, "Forwarding with every offload in use, ns of CPU time a packet",
                "forward\\.(.+)\\.offloads\\.burst32\\.nsPerPacket", null);
        bars(plots, results, "A segment with every offload in use, as a multiple of a plain packet",
                "forward\\.(.+)\\.offloads\\.burst32\\.segmentRatio", null);
        bursts(plots, results);
        bars(plots, results, "Cost of emulation as a multiple of passthrough",
                "passthroughVsEmulated\\.(.+)\\.cpuRatio", null);
        for (String way : List.of("tx", "rx")) {
            bars(plots, results, "Where the time goes, " + way + " of 16 KiB messages, ns of CPU time a message",
                    "passthroughVsEmulated\\." + way + "\\.((?:passthrough|emulated)\\.stage\\.[a-z]+)Nanos", null);
        }
        bars(plots, results, "Seeded simulator, frames a second of CPU time", "seeded\\.(.+)\\.framesPerSecond", null);
        bars(plots, results, "Cost of a packet with so many VMs, as a multiple of one",
                "scale\\.(.+)\\.costRatio", null);
        for (Series series : results.series()) {
            plots.add(timeline(series));
        }
        return plots;
    }

    private static void bars(List<Drawing> plots, Results results, String title, String names, String reference) {
        Pattern pattern = Pattern.compile(names);
        List<Bar> bars = new ArrayList<>();
        if (reference != null) {
            results.metric(reference).ifPresent(m -> bars.add(new Bar("reference loop", m, "c0")));
        }
        for (Metric metric : results.metrics()) {
            Matcher matcher = pattern.matcher(metric.name());
            if (matcher.matches() && !matcher.group(1).contains(".offloads")) {
                bars.add(new Bar(matcher.group(1).replace(".stage.", ", "), metric, "c1"));
            }
        }
        if (bars.size() > (reference == null ? 0 : 1)) {
            plots.add(BarChart.draw(title, BEST, bars));
        }
    }

    private static void bursts(List<Drawing> plots, Results results) {
        Map<String, Map<Integer, Metric>> curves = new TreeMap<>();
        for (Metric metric : results.metrics()) {
            Matcher matcher = BURST.matcher(metric.name());
            if (matcher.matches()) {
                curves.computeIfAbsent(matcher.group(1), p -> new TreeMap<>())
                        .put(Integer.parseInt(matcher.group(2)), metric);
            }
        }
        List<Integer> all = curves.values().stream().flatMap(c -> c.keySet().stream()).distinct().sorted().toList();
        if (all.size() < 2) {
            return;
        }
        double lowest = log2(all.get(0));
        double width = log2(all.get(all.size() - 1)) - lowest;
        List<Trace> traces = new ArrayList<>();
        curves.forEach((plugin, curve) -> traces.add(new Trace(plugin, "c" + traces.size() % STYLES,
                curve.entrySet().stream().map(e -> new Point((log2(e.getKey()) - lowest) / width, e.getValue().value(),
                        BarChart.tip(e.getValue()))).collect(Collectors.toList()), true)));
        plots.add(LineChart.draw("Forwarding 64-byte frames, ns of CPU time a packet by burst", "Best windows.",
                "packets of a burst", all.stream().map(b -> new Tick((log2(b) - lowest) / width, Integer.toString(b)))
                        .toList(), traces));
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }

    private static Drawing timeline(Series series) {
        List<Point> points = new ArrayList<>();
        int count = series.values().size();
        int last = Math.max(1, count - 1);
        for (int i = 0; i < count; i++) {
            points.add(new Point((double) i / last, series.values().get(i), ""));
        }
        List<Tick> ticks = new ArrayList<>();
        for (int i = 0; i <= TIME_TICKS; i++) {
            double x = (double) i / TIME_TICKS;
            ticks.add(new Tick(x, String.format(Locale.ROOT, "%.0f", series.from() + x * count * series.step())));
        }
        return LineChart.draw(series.name() + ", " + series.unit(), "A value every "
                + TextReport.number(series.step()) + " ms.", "ms", ticks,
                List.of(new Trace(series.name(), "c1 thin", points, false)));
    }
}
