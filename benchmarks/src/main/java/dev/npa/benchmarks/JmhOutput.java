package dev.npa.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

/** Swallows JMH's report, and finds the reason in it when a benchmark failed. */
final class JmhOutput implements OutputFormat {

    private final StringBuffer text = new StringBuffer();

    /** The line that tells what a benchmark threw, with a separator before it; empty if there is none. */
    String reason() {
        return text.toString().lines().filter(l -> l.matches("(Caused by: )?[\\w.$]+(Exception|Error)\\b.*"))
                .reduce((first, last) -> last).map(l -> ": " + l.strip()).orElse("");
    }

    @Override
    public void print(String s) {
        text.append(s);
    }

    @Override
    public void println(String s) {
        text.append(s).append('\n');
    }

    @Override
    public void verbosePrintln(String s) {
        println(s);
    }

    @Override
    public void write(int b) {
        text.append((char) b);
    }

    @Override
    public void write(byte[] b) {
        text.append(new String(b, StandardCharsets.UTF_8));
    }

    @Override
    public void iteration(BenchmarkParams benchmark, IterationParams params, int iteration) {
        // What was measured is read from the results.
    }

    @Override
    public void iterationResult(BenchmarkParams benchmark, IterationParams params, int iteration,
            IterationResult data) {
        // As above.
    }

    @Override
    public void startBenchmark(BenchmarkParams benchmark) {
        // As above.
    }

    @Override
    public void endBenchmark(BenchmarkResult result) {
        // As above.
    }

    @Override
    public void startRun() {
        // As above.
    }

    @Override
    public void endRun(Collection<RunResult> result) {
        // As above.
    }

    @Override
    public void flush() {
        // Nothing is held back.
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
