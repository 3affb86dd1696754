package dev.npa.benchmarks;

import dev.npa.benchmarks.command.BenchCommand;
import dev.npa.benchmarks.harness.Harness;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Entry point of the benchmarks' jar, which {@code npa bench} starts. */
public final class Main {

    /** Everything that is measured, in the order of a run. */
    static final List<Harness> HARNESSES =
            Stream.concat(Stream.of(new DriverCost()), EndToEnd.harnesses().stream()).toList();

    private Main() {}

    /** Runs {@code npa bench} with these options. */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = BenchCommand.execute(HARNESSES, args, out, err);
        out.flush();
        System.exit(code);
    }
}
