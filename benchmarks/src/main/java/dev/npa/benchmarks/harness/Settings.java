package dev.npa.benchmarks.harness;

import dev.npa.benchmarks.report.Glob;
import java.nio.file.Path;
import java.util.List;

/**
 * How to measure.
 *
 * @param quick fewer forks and windows, and only what is needed for the key figures
 * @param only which metrics are wanted; empty = all
 * @param home directory of the assembled distribution with {@code npa.jar}
 */
public record Settings(boolean quick, List<Glob> only, Path home) {

    public Settings {
        only = List.copyOf(only);
    }

    /** Whether a metric is wanted. */
    public boolean wants(String metric) {
        return only.isEmpty() || only.stream().anyMatch(g -> g.matches(metric));
    }
}
