package dev.npa.benchmarks.harness;

import dev.npa.benchmarks.report.JsonLines;
import dev.npa.benchmarks.report.Metric;
import dev.npa.benchmarks.report.Series;
import dev.npa.benchmarks.report.TextReport;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A measurement over the whole system: {@code npa harness NAME} in a process of its own for each fork, with the JVM
 * options of this one. It prints a line for each figure, in the form of a result file.
 */
public final class Simulator implements Harness {

    private static final int FORKS = 2;

    private final String name;
    private final List<String> metrics;

    /**
     * Makes a harness.
     *
     * @param name argument of {@code npa harness}
     * @param metrics what it measures
     */
    public Simulator(String name, List<String> metrics) {
        this.name = name;
        this.metrics = List.copyOf(metrics);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> metrics(Settings settings) {
        return metrics;
    }

    @Override
    public List<Metric> run(Settings settings, Progress progress, Consumer<Series> series) throws BenchException {
        Path jar = settings.home().resolve("npa.jar");
        if (!Files.isRegularFile(jar)) {
            throw BenchException.missing(jar + " is not there, which the metrics " + metrics.get(0)
                    + " and the like need; build it with 'mvn package', or leave them out with --only 'forward.*'");
        }
        Map<String, Metric> found = new LinkedHashMap<>();
        for (int fork = 0; fork < (settings.quick() ? 1 : FORKS); fork++) {
            boolean first = fork == 0;
            for (Map<String, Object> line : fork(jar, settings)) {
                try {
                    if (line.containsKey("metric")) {
                        Metric metric = JsonLines.metric(line);
                        found.merge(metric.name(), metric, Metric::merge);
                    } else if (first) {
                        series.accept(JsonLines.series(line));
                    }
                } catch (IOException e) {
                    throw BenchException.failed("npa harness " + name + " printed " + line + ": " + e.getMessage());
                }
            }
        }
        for (String metric : metrics) {
            if (!found.containsKey(metric)) {
                throw BenchException.failed("npa harness " + name + " printed no " + metric);
            }
        }
        found.values().forEach(m -> progress.note(m.name() + " " + TextReport.number(m.value()) + " " + m.unit()));
        return List.copyOf(found.values());
    }

    private List<Map<String, Object>> fork(Path jar, Settings settings) throws BenchException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-jar", jar.toString(), "harness", name));
        if (settings.quick()) {
            command.add("--quick");
        }
        List<Map<String, Object>> lines = new ArrayList<>();
        List<String> other = new ArrayList<>();
        try {
            // Errors and figures in one stream: nobody has to drain two.
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    sort(line, lines, other);
                }
            }
            int code = process.waitFor();
            if (code != 0) {
                throw BenchException.failed("npa harness " + name + " ended with exit code " + code
                        + (other.isEmpty() ? "" : ": " + String.join("; ", other.subList(Math.max(0, other.size() - 3),
                                other.size()))));
            }
        } catch (IOException e) {
            throw BenchException.failed("npa harness " + name + " could not be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BenchException.failed("npa harness " + name + " was interrupted");
        }
        return lines;
    }

    private static void sort(String line, List<Map<String, Object>> lines, List<String> other) {
        if (line.startsWith("{\"metric\"") || line.startsWith("{\"series\"")) {
            try {
                lines.add(JsonLines.parse(line));
                return;
            } catch (IOException e) {
                // Not whole: shown with the rest if the process fails, and missed if it does not.
            }
        }
        other.add(line);
    }
}
