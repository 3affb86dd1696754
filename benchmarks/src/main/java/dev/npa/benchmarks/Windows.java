package dev.npa.benchmarks;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;

/**
 * What a JMH job measured: a value for each iteration of each fork.
 *
 * @param nanos CPU time a packet
 * @param bytes allocation a packet
 */
record Windows(double[] nanos, double[] bytes) {

    /** The windows of one fork. */
    static Windows of(BenchmarkResult fork) {
        return new Windows(samples(fork, CpuTime.TIME), samples(fork, CpuTime.ALLOCATION));
    }

    private static double[] samples(BenchmarkResult fork, String metric) {
        DoubleStream.Builder scores = DoubleStream.builder();
        for (IterationResult iteration : fork.getIterationResults()) {
            for (Result<?> one : iteration.getRawSecondaryResults().get(metric)) {
                scores.add(one.getScore());
            }
        }
        return scores.build().toArray();
    }

    /** These and those of another fork. */
    Windows and(Windows other) {
        return new Windows(joined(nanos, other.nanos), joined(bytes, other.bytes));
    }

    private static double[] joined(double[] a, double[] b) {
        return DoubleStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
    }

    /** CPU time of the best window. */
    double best() {
        return Arrays.stream(nanos).min().orElseThrow(() -> new IllegalStateException("no window was measured"));
    }
}
