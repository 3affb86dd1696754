package dev.npa.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks with JMH's own options, always with CPU time and allocation, and prints the table of
 * {@link Summary} behind JMH's. Exit codes: 0 ok, 2 usage, 3 a benchmark failed.
 */
public final class Main {

    /** Options that list or explain something and run nothing. */
    private static final Set<String> QUESTIONS = Set.of("-h", "-l", "-lp", "-lprof", "-lrf");
    private static final int USAGE = 2;
    private static final int FAILED = 3;

    private Main() {}

    /** Entry point of the executable jar. */
    public static void main(String[] args) throws IOException {
        if (List.of(args).stream().anyMatch(QUESTIONS::contains)) {
            org.openjdk.jmh.Main.main(args);
            return;
        }
        System.exit(run(args));
    }

    private static int run(String[] args) {
        try {
            CommandLineOptions options = new CommandLineOptions(args);
            List<Figures> measured = new Runner(withProfilers(options)).run().stream()
                    .filter(Main::isOurs).map(Figures::of).toList();
            System.out.println();
            System.out.print(new Summary(measured).text());
            return 0;
        } catch (CommandLineOptionException e) {
            System.err.println("benchmarks: " + e.getMessage() + "; -h lists the options");
            return USAGE;
        } catch (RunnerException e) {
            System.err.println("benchmarks: " + e.getMessage());
            return FAILED;
        }
    }

    private static Options withProfilers(CommandLineOptions options) {
        ChainedOptionsBuilder builder = new OptionsBuilder().parent(options).addProfiler(CpuTime.class)
                .shouldFailOnError(true);
        boolean allocation = options.getProfilers().stream().anyMatch(p -> p.getKlass().equals("gc"));
        return (allocation ? builder : builder.addProfiler(GCProfiler.class)).build();
    }

    private static boolean isOurs(RunResult result) {
        return result.getParams().getBenchmark().startsWith(Main.class.getPackageName());
    }
}
