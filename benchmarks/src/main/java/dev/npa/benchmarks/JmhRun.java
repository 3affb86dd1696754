package dev.npa.benchmarks;

import dev.npa.benchmarks.harness.BenchException;
import dev.npa.benchmarks.harness.Progress;
import dev.npa.benchmarks.harness.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs JMH jobs, each fork in a JVM of its own with the options of this one, and keeps their windows. */
final class JmhRun {

    /**
     * A job.
     *
     * @param type the benchmark's class
     * @param method its method
     * @param plugin plugin; empty for {@link Reference}
     * @param burst packets of a burst
     */
    record Job(Class<?> type, String method, String plugin, int burst) {

        private String benchmark() {
            return type.getName() + "." + method;
        }

        @Override
        public String toString() {
            return type.getSimpleName() + "." + method + (plugin.isEmpty() ? "" : " " + plugin) + ", burst " + burst;
        }
    }

    private static final int QUICK_FORKS = 1;
    private static final int QUICK_WARM_UP = 4;
    private static final int QUICK_WINDOWS = 8;
    private static final long QUICK_WINDOW_MILLIS = 70;
    private static final long QUICK_WARM_UP_MILLIS = 200;

    private final boolean quick;
    private final Progress progress;
    private final Map<Job, Windows> measured = new HashMap<>();

    JmhRun(Settings settings, Progress progress) {
        this.quick = settings.quick();
        this.progress = progress;
        // Two runs on a machine disturb each other, but CPU times bear it, and a lock that somebody left does not.
        System.setProperty("jmh.ignoreLock", "true");
    }

    /**
     * Measures jobs; a job that was measured before gets more windows.
     *
     * @param jobs jobs of one plugin with one set of bursts
     */
    void measure(List<Job> jobs) throws BenchException {
        ChainedOptionsBuilder options = new OptionsBuilder().shouldFailOnError(true).addProfiler(CpuTime.class)
                .param("burst", jobs.stream().map(j -> Integer.toString(j.burst())).distinct().toArray(String[]::new));
        jobs.stream().map(Job::benchmark).distinct()
                .forEach(name -> options.include("^" + Pattern.quote(name) + "$"));
        String plugin = jobs.get(0).plugin();
        if (!plugin.isEmpty()) {
            options.param("plugin", plugin);
        }
        if (quick) {
            options.forks(QUICK_FORKS).warmupIterations(QUICK_WARM_UP).measurementIterations(QUICK_WINDOWS)
                    .warmupTime(TimeValue.milliseconds(QUICK_WARM_UP_MILLIS))
                    .measurementTime(TimeValue.milliseconds(QUICK_WINDOW_MILLIS));
        }
        JmhOutput output = new JmhOutput();
        try {
            for (RunResult result : new Runner(options.build(), output).run()) {
                keep(jobs, result);
            }
        } catch (RunnerException e) {
            throw BenchException.failed("a benchmark of " + (plugin.isEmpty() ? "the reference" : plugin) + " failed: "
                    + e.getMessage() + output.reason());
        }
    }

    private void keep(List<Job> jobs, RunResult result) {
        BenchmarkParams params = result.getParams();
        for (Job job : jobs) {
            if (job.benchmark().equals(params.getBenchmark())
                    && Integer.toString(job.burst()).equals(params.getParam("burst"))) {
                for (BenchmarkResult fork : result.getBenchmarkResults()) {
                    measured.merge(job, Windows.of(fork), Windows::and);
                }
                progress.note(String.format(Locale.ROOT, "%-44s %8.2f ns a packet", job, measured.get(job).best()));
            }
        }
    }

    /** The windows of a job that was measured. */
    Windows windows(Job job) {
        Windows windows = measured.get(job);
        if (windows == null) {
            throw new IllegalStateException(job + " was not measured");
        }
        return windows;
    }
}
