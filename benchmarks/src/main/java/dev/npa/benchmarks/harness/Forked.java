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
import java.util.stream.Stream;

/**
 * A measurement in a process of its own for each fork, with the JVM options of this one. The process prints a line for
 * each figure and series, in the form of a result file.
 */
public final class Forked implements Harness {

    private static final int FORKS = 2;
    private static final int SHOWN_LINES = 3;

    private final String name;
    private final List<String> metrics;
    private final List<String> more;
    /** Class to start, from this program's class path; null = the product's command line. */
    private final String mainClass;

    private Forked(String name, List<String> metrics, List<String> more, String mainClass) {
        this.name = name;
        this.metrics = List.copyOf(metrics);
        this.more = List.copyOf(more);
        this.mainClass = mainClass;
    }

    /**
     * A measurement of the assembled product: {@code npa harness NAME}.
     *
     * @param metrics what it measures
     * @param more what it measures besides in full runs
     */
    public static Harness ofProduct(String name, List<String> metrics, List<String> more) {
        return new Forked(name, metrics, more, null);
    }

    /**
     * A measurement of this program: a class that takes the name, and perhaps {@code --quick}, as arguments.
     *
     * @param metrics what it measures
     * @param more what it measures besides in full runs
     */
    public static Harness ofClass(Class<?> main, String name, List<String> metrics, List<String> more) {
        return new Forked(name, metrics, more, main.getName());
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<String> metrics(Settings settings) {
        return settings.quick() ? metrics : Stream.concat(metrics.stream(), more.stream()).toList();
    }

    @Override
    public List<Metric> run(Settings settings, Progress progress, Consumer<Series> series) throws BenchException {
        List<String> command = command(settings);
        Map<String, Metric> found = new LinkedHashMap<>();
        for (int fork = 0; fork < (settings.quick() ? 1 : FORKS); fork++) {
            for (Map<String, Object> line : lines(command)) {
                try {
                    if (line.containsKey("metric")) {
                        Metric metric = JsonLines.metric(line);
                        found.merge(metric.name(), metric, Metric::merge);
                    } else if (fork == 0) {
                        series.accept(JsonLines.series(line));
                    }
                } catch (IOException e) {
                    throw BenchException.failed("the measurement '" + name + "' printed " + line + ": "
                            + e.getMessage());
                }
            }
        }
        for (String metric : metrics(settings)) {
            if (!found.containsKey(metric)) {
                throw BenchException.failed("the measurement '" + name + "' printed no " + metric);
            }
        }
        found.values().forEach(m -> progress.note(m.name() + " " + TextReport.number(m.value()) + " " + m.unit()));
        return List.copyOf(found.values());
    }

    private List<String> command(Settings settings) throws BenchException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        if (mainClass != null) {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass, name));
        } else {
            Path jar = settings.home().resolve("npa.jar");
            if (!Files.isRegularFile(jar)) {
                throw BenchException.missing(jar + " is not there, which metrics such as " + metrics(settings).get(0)
                        + " need; build it with 'mvn package', or leave them out with --only 'forward.*'");
            }
            command.addAll(List.of("-jar", jar.toString(), "harness", name));
        }
        if (settings.quick()) {
            command.add("--quick");
        }
        return command;
    }

    private List<Map<String, Object>> lines(List<String> command) throws BenchException {
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
                throw BenchException.failed("the measurement '" + name + "' ended with exit code " + code
                        + (other.isEmpty() ? "" : ": "
                                + String.join("; ", other.subList(0, Math.min(SHOWN_LINES, other.size())))));
            }
        } catch (IOException e) {
            throw BenchException.failed("the measurement '" + name + "' could not be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BenchException.failed("the measurement '" + name + "' was interrupted");
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
