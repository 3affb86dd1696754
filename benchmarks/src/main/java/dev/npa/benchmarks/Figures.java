package dev.npa.benchmarks;

import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * The figures of one benchmark with one set of parameters.
 *
 * @param type simple name of the benchmark's class
 * @param path tx, rx or forward
 * @param plugin plugin; empty for {@link Reference}
 * @param burst packets of a burst
 * @param nanos CPU time a packet of the best iteration
 * @param bytes allocation a packet; NaN when it was not measured
 */
record Figures(String type, String path, String plugin, int burst, double nanos, double bytes) {

    private static final String ALLOCATION = "gc.alloc.rate.norm";

    static Figures of(RunResult result) {
        String[] name = result.getParams().getBenchmark().split("\\.");
        String plugin = result.getParams().getParam("plugin");
        return new Figures(name[name.length - 2], name[name.length - 1], plugin == null ? "" : plugin,
                Integer.parseInt(result.getParams().getParam("burst")),
                orNaN(samples(result, CpuTime.TIME).min()),
                orNaN(samples(result, ALLOCATION).average()));
    }

    private static double orNaN(OptionalDouble value) {
        return value.orElse(Double.NaN);
    }

    /** A secondary result of all iterations of all forks. */
    private static DoubleStream samples(RunResult result, String metric) {
        DoubleStream.Builder scores = DoubleStream.builder();
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                for (Result<?> one : iteration.getRawSecondaryResults().get(metric)) {
                    scores.add(one.getScore());
                }
            }
        }
        return scores.build();
    }
}
