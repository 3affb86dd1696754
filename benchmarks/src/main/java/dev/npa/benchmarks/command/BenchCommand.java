package dev.npa.benchmarks.command;

import dev.npa.benchmarks.harness.BenchException;
import dev.npa.benchmarks.harness.Harness;
import dev.npa.benchmarks.harness.Settings;
import dev.npa.benchmarks.report.BadResultFile;
import dev.npa.benchmarks.report.Comparison;
import dev.npa.benchmarks.report.Glob;
import dev.npa.benchmarks.report.HtmlReport;
import dev.npa.benchmarks.report.JsonLines;
import dev.npa.benchmarks.report.Kind;
import dev.npa.benchmarks.report.Machine;
import dev.npa.benchmarks.report.Metric;
import dev.npa.benchmarks.report.ResultFile;
import dev.npa.benchmarks.report.Results;
import dev.npa.benchmarks.report.Series;
import dev.npa.benchmarks.report.TextReport;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code npa bench}. */
@Command(name = "npa bench", mixinStandardHelpOptions = true, sortOptions = false,
        version = "npa bench 1.0.0",
        description = {"Measures what a packet costs and what the whole system does, each figure with its spread, and "
            + "prints one line a figure. docs/performance.md explains how to read them."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:ok", "1:a ratio is worse than the baseline by more than is tolerated",
            "2:usage: an option or a file cannot be used", "3:something could not be measured"})
public final class BenchCommand implements Callable<Integer> {

    private static final int BEYOND = 1;
    private static final int USAGE = 2;
    private static final int FAILED = 3;

    @Option(names = "--quick", description = "Fewer forks and windows, bursts of 32 only: about a minute and a half "
            + "instead of twenty minutes.")
    private boolean quick;

    @Option(names = "--json", description = "Print one JSON object a line instead of a table.")
    private boolean json;

    @Option(names = "--only", paramLabel = "GLOB", description = "Measure only metrics of such names, as "
            + "'forward.*.burst32.*'; * stands for any characters. May be given several times.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--baseline", paramLabel = "FILE",
            description = "Compare ratios with those of a result file; exit code 1 beyond the tolerance of any.")
    private Path baseline;

    @Option(names = "--save", paramLabel = "FILE", description = "Write a result file: machine and figures.")
    private Path save;

    @Option(names = "--ratios", description = "Save only what --baseline compares.")
    private boolean ratios;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page with plots, complete in one file.")
    private Path html;

    @Option(names = "--list", description = "Print the names of the metrics and what they mean; measure nothing.")
    private boolean list;

    @Spec
    private CommandSpec spec;

    private final List<Harness> harnesses;
    private String[] args = {};

    private BenchCommand(List<Harness> harnesses) {
        this.harnesses = harnesses;
    }

    /**
     * Runs a command line.
     *
     * @param harnesses everything that there is to measure
     * @return exit code
     */
    public static int execute(List<Harness> harnesses, String[] args, PrintWriter out, PrintWriter err) {
        BenchCommand command = new BenchCommand(harnesses);
        command.args = args.clone();
        CommandLine line = new CommandLine(command);
        line.setOut(out);
        line.setErr(err);
        line.setParameterExceptionHandler((e, unused) -> {
            err.println("npa: " + e.getMessage() + " (see: npa bench --help)");
            return USAGE;
        });
        line.setExecutionExceptionHandler((e, unused, parsed) -> {
            err.println("npa: internal error: " + e);
            return FAILED;
        });
        return line.execute(args);
    }

    @Override
    public Integer call() {
        Settings settings = new Settings(quick, only.stream().map(Glob::new).toList(),
                Path.of(System.getProperty("npa.home", "hypervisor-sim/target/npa")));
        if (list) {
            return list(settings);
        }
        try {
            return run(settings);
        } catch (BadResultFile e) {
            return say(e.getMessage(), USAGE);
        } catch (BenchException e) {
            return say(e.getMessage(), e.isUsage() ? USAGE : FAILED);
        }
    }

    private int list(Settings settings) {
        for (Harness harness : harnesses) {
            for (String name : harness.metrics(settings)) {
                if (settings.wants(name)) {
                    spec.commandLine().getOut().println(name + ": " + Kind.of(name).meaning());
                }
            }
        }
        return 0;
    }

    private int run(Settings settings) throws BadResultFile, BenchException {
        Results before = baseline == null ? null : ResultFile.read(baseline);
        checkTarget("--save", save);
        checkTarget("--html", html);
        if (harnesses.stream().flatMap(h -> h.metrics(settings).stream()).noneMatch(settings::wants)) {
            throw new ParameterException(spec.commandLine(), "no metric of this run matches --only "
                    + String.join(", ", only) + "; npa bench --list shows them, with --quick there are fewer");
        }
        Results results = measure(settings);
        report(results);
        Comparison comparison = before == null ? null : Comparison.of(before, results, settings::wants);
        if (save != null) {
            ResultFile.write(save, ratios ? results.comparable() : results);
        }
        if (html != null) {
            HtmlReport.write(html, results, comparison);
        }
        return comparison == null ? 0 : verdict(comparison);
    }

    /** A file that could not be written after twenty minutes would be a pity. */
    private void checkTarget(String option, Path file) {
        if (file == null) {
            return;
        }
        Path directory = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || !Files.isDirectory(directory) || !Files.isWritable(directory)
                || Files.exists(file) && !Files.isWritable(file)) {
            throw new ParameterException(spec.commandLine(), option + " " + file
                    + " cannot be written; name a file in a directory that exists");
        }
    }

    private Results measure(Settings settings) throws BenchException {
        Machine machine = Machine.current();
        String when = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        PrintWriter err = spec.commandLine().getErr();
        err.println("npa bench on " + machine);
        List<Metric> metrics = new ArrayList<>();
        List<Series> series = new ArrayList<>();
        Interruption interruption = Interruption.watch(err);
        try {
            for (Harness harness : harnesses) {
                if (harness.metrics(settings).stream().anyMatch(settings::wants)) {
                    harness.run(settings, text -> err.println("  " + text), series::add).stream()
                            .filter(m -> settings.wants(m.name())).forEach(metrics::add);
                }
            }
        } finally {
            interruption.unwatch();
        }
        return new Results(machine, String.join(" ", "npa bench", String.join(" ", args)).strip(), when, metrics,
                series);
    }

    private void report(Results results) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            results.metrics().forEach(m -> out.println(JsonLines.line(m)));
        } else {
            out.print(TextReport.results(results));
        }
        out.flush();
    }

    private int verdict(Comparison comparison) {
        PrintWriter out = json ? spec.commandLine().getErr() : spec.commandLine().getOut();
        out.println();
        out.print(TextReport.comparison(comparison));
        out.flush();
        if (comparison.isEmpty()) {
            return say(baseline + " has no ratio that this run measured, so that nothing was compared", USAGE);
        }
        int beyond = comparison.beyond().size();
        return beyond == 0 ? 0 : say(beyond + (beyond == 1 ? " ratio is" : " ratios are")
                + " worse than in " + baseline + " by more than is tolerated", BEYOND);
    }

    private int say(String sentence, int code) {
        spec.commandLine().getErr().println("npa: " + sentence);
        return code;
    }
}
