package dev.npa.benchmarks.report;

import java.util.List;
import java.util.Optional;

/**
 * What a run found.
 *
 * @param machine where it ran
 * @param command the command line that leads to it
 * @param when start of the run, ISO 8601
 * @param metrics figures in the order of measurement
 * @param series figures over time
 */
public record Results(Machine machine, String command, String when, List<Metric> metrics, List<Series> series) {

    public Results {
        metrics = List.copyOf(metrics);
        series = List.copyOf(series);
    }

    /** A figure by its name. */
    public Optional<Metric> metric(String name) {
        return metrics.stream().filter(m -> m.name().equals(name)).findFirst();
    }

    /** The same without what a comparison does not look at. */
    public Results comparable() {
        return new Results(machine, command, when,
                metrics.stream().filter(m -> Kind.of(m.name()).isCompared()).toList(), List.of());
    }
}
