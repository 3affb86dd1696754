package dev.npa.benchmarks;

import dev.npa.benchmarks.JmhRun.Job;
import dev.npa.benchmarks.harness.BenchException;
import dev.npa.benchmarks.harness.Harness;
import dev.npa.benchmarks.harness.Progress;
import dev.npa.benchmarks.harness.Settings;
import dev.npa.benchmarks.report.Metric;
import dev.npa.benchmarks.report.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What a packet costs plugin and shell, by the JMH jobs of this package: what is measured less the device's part, and
 * that as a ratio to the reference loop. The reference is measured before and after the plugins.
 */
final class DriverCost implements Harness {

    /** Bursts that are measured; {@link #KEY} always. */
    static final List<Integer> BURSTS = List.of(1, 8, 32, 128, 256);
    private static final int KEY = 32;
    private static final int REFERENCE_RUNS = 2;
    private static final String FORWARD = "forward";
    private static final List<String> PATHS = List.of(FORWARD, "tx", "rx");

    /**
     * A combination whose metrics are made of the same jobs.
     *
     * @param path forward, tx or rx
     * @param offloads whether every offload is in use
     */
    private record Case(String path, boolean offloads, String plugin, int burst) {

        private String prefix() {
            return path + "." + plugin + (offloads ? ".offloads" : ".64B") + ".burst" + burst;
        }

        private String bytes() {
            return path + "." + plugin + (offloads ? ".offloads" : "") + ".bytesAllocatedPerPacket";
        }

        private List<String> metrics() {
            List<String> names = new ArrayList<>(List.of(prefix() + ".nsPerPacket", prefix() + ".ratio"));
            if (burst == KEY) {
                names.add(bytes());
            }
            if (offloads) {
                names.add(prefix() + ".segmentsPerPacket");
                names.add(prefix() + ".segmentRatio");
            }
            return names;
        }

        private Job all() {
            return new Job(offloads ? OffloadCost.class : PacketCost.class, path, plugin, burst);
        }

        private Job device() {
            return offloads ? new Job(OffloadCost.class, "device", plugin, burst)
                    : new Job(DeviceOnly.class, path, plugin, burst);
        }

        private Job reference() {
            return new Job(Reference.class, path, "", burst);
        }

        /** The same without offloads. */
        private Case plain() {
            return new Case(path, false, plugin, burst);
        }

        private Stream<Case> withPlain() {
            return offloads ? Stream.of(plain(), this) : Stream.of(this);
        }
    }

    @Override
    public String name() {
        return "driver cost";
    }

    private static List<Case> cases(Settings settings) {
        List<Case> cases = new ArrayList<>();
        for (String path : settings.quick() ? List.of(FORWARD) : PATHS) {
            for (String plugin : Bench.PLUGINS) {
                for (int burst : BURSTS) {
                    if (burst == KEY || path.equals(FORWARD) && !settings.quick()) {
                        cases.add(new Case(path, false, plugin, burst));
                    }
                }
                if (path.equals(FORWARD)) {
                    cases.add(new Case(path, true, plugin, KEY));
                }
            }
        }
        return cases;
    }

    private static String referenceMetric(Job job) {
        return "reference." + job.method() + (job.burst() == KEY ? "" : ".burst" + job.burst()) + ".nsPerPacket";
    }

    @Override
    public List<String> metrics(Settings settings) {
        Set<String> names = new LinkedHashSet<>();
        cases(settings).forEach(c -> names.add(referenceMetric(c.reference())));
        cases(settings).forEach(c -> names.addAll(c.metrics()));
        return List.copyOf(names);
    }

    @Override
    public List<Metric> run(Settings settings, Progress progress, Consumer<Series> series) throws BenchException {
        List<Case> wanted = cases(settings).stream().filter(c -> isWanted(c, settings)).toList();
        List<Job> references = cases(settings).stream()
                .filter(c -> wanted.contains(c) || settings.wants(referenceMetric(c.reference())))
                .map(Case::reference).distinct().toList();
        JmhRun run = new JmhRun(settings, progress);
        measureOften(run, references);
        for (String plugin : Bench.PLUGINS) {
            measure(run, wanted.stream().filter(c -> c.plugin().equals(plugin)).flatMap(Case::withPlain)
                    .flatMap(c -> Stream.of(c.all(), c.device())).distinct().toList());
        }
        measureOften(run, references);
        List<Metric> metrics = new ArrayList<>();
        references.forEach(job -> metrics.add(Metric.of(referenceMetric(job), "ns", run.windows(job).nanos())));
        wanted.forEach(c -> metrics.addAll(metrics(c, run)));
        return metrics;
    }

    /** Its loop is so small that forks differ by what the compiler made of it; the best of several is the yardstick. */
    private static void measureOften(JmhRun run, List<Job> references) throws BenchException {
        for (int i = 0; i < REFERENCE_RUNS; i++) {
            measure(run, references);
        }
    }

    private static boolean isWanted(Case c, Settings settings) {
        return c.metrics().stream().anyMatch(settings::wants);
    }

    /** Measures jobs: in one go those of one class, since their bursts may differ from the others'. */
    private static void measure(JmhRun run, List<Job> jobs) throws BenchException {
        // Of one path after the other: what is subtracted and compared is measured close to what it belongs to.
        for (boolean offloads : new boolean[] {false, true}) {
            for (String path : PATHS) {
                List<Job> some = jobs.stream().filter(j -> (j.type() == OffloadCost.class) == offloads
                        && (offloads ? path.equals(FORWARD) : j.method().equals(path))).toList();
                if (!some.isEmpty()) {
                    run.measure(some);
                }
            }
        }
    }

    private static List<Metric> metrics(Case c, JmhRun run) {
        List<Metric> metrics = new ArrayList<>();
        double[] net = net(c, run);
        double reference = run.windows(c.reference()).best();
        metrics.add(Metric.of(c.prefix() + ".nsPerPacket", "ns", net));
        metrics.add(Metric.of(c.prefix() + ".ratio", "1", divided(net, reference)));
        if (c.burst() == KEY) {
            metrics.add(Metric.of(c.bytes(), "B", rounded(run.windows(c.all()).bytes())));
        }
        if (c.offloads()) {
            double segments = OffloadForward.segmentsPerPacket(c.plugin(), c.burst());
            double plain = Arrays.stream(net(c.plain(), run)).min().orElseThrow();
            metrics.add(Metric.of(c.prefix() + ".segmentsPerPacket", "1", segments));
            metrics.add(Metric.of(c.prefix() + ".segmentRatio", "1", divided(net, segments * plain)));
        }
        return metrics;
    }

    /** CPU time without the device's part, of which the best window counts. */
    private static double[] net(Case c, JmhRun run) {
        double device = run.windows(c.device()).best();
        return Arrays.stream(run.windows(c.all()).nanos()).map(n -> n - device).toArray();
    }

    private static double[] divided(double[] values, double by) {
        return Arrays.stream(values).map(v -> v / by).toArray();
    }

    /** To thousandths: JMH's own bookkeeping of an iteration, spread over its packets, is less. */
    private static double[] rounded(double[] bytes) {
        return Arrays.stream(bytes).map(b -> Math.round(b * 1000) / 1000.0).toArray();
    }
}
