package dev.npa.sim.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * {@code npa bench} in the list of commands. The launcher script starts the benchmarks' own program for it, which
 * measures in processes that have nothing else in them.
 */
@Command(name = "bench", description = {
    "Measures what a packet costs and what the whole system does; see: npa bench --help.",
    "A program of its own, which the script 'npa' starts."})
final class BenchCommand implements Callable<Integer> {

    @Unmatched
    private List<String> options;

    @Override
    public Integer call() throws CliException {
        throw new CliException("benchmarks are a program of their own; run the script: ./npa bench"
                + (options == null ? "" : " " + String.join(" ", options)));
    }
}
