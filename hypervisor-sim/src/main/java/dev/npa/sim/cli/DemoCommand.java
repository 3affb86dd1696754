package dev.npa.sim.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code npa demo}: the scenario grand-tour. */
@Command(name = "demo", description = "Boots a VM, injects a plugin, moves real traffic to a virtual function, "
        + "swaps it for those of two other vendors, moves back, and accounts for every frame.")
final class DemoCommand implements Callable<Integer> {

    /** The scenario that the demo runs. */
    static final String SCENARIO = "grand-tour";

    @ParentCommand
    private Npa npa;

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws Exception {
        return ScenarioReporter.run(npa, options, options.load(SCENARIO));
    }
}
