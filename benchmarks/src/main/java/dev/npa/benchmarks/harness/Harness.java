package dev.npa.benchmarks.harness;

import dev.npa.benchmarks.report.Metric;
import dev.npa.benchmarks.report.Series;
import java.util.List;
import java.util.function.Consumer;

/** Something that measures. */
public interface Harness {

    /** A short name for messages. */
    String name();

    /** The metrics that a run with these settings measures, whether they are wanted or not. */
    List<String> metrics(Settings settings);

    /**
     * Measures what is wanted.
     *
     * @param series takes figures over time, for pictures
     * @return at least the metrics that are wanted
     * @throws BenchException if something could not be measured
     */
    List<Metric> run(Settings settings, Progress progress, Consumer<Series> series) throws BenchException;
}
