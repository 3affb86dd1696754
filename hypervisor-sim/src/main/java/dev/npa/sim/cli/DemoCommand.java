package dev.npa.sim.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code npa demo}: the scenario first-flight. */
@Command(name = "demo", description = "Boots a VM, injects a plugin, moves real traffic to a virtual function, "
        + "swaps the plugin for a newer one, moves back, and accounts for every frame.")
final class DemoCommand implements Callable<Integer> {

    /** The scenario that the demo runs. */
    static final String SCENARIO = "first-flight";

    @ParentCommand
    private Npa npa;

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws Exception {
        return ScenarioReporter.run(npa, options, options.load(SCENARIO));
    }
}
