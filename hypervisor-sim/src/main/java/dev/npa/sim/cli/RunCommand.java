package dev.npa.sim.cli;

import dev.npa.sim.scenario.BuiltInScenarios;
import dev.npa.sim.scenario.Scenario;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code npa run}: any scenario. */
@Command(name = "run",
        description = "Runs a scenario from a YAML file or a built-in one; docs/scenarios.md has the format.")
final class RunCommand implements Callable<Integer> {

    @ParentCommand
    private Npa npa;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions options;

    @Option(names = "--list", description = "List the built-in scenarios.")
    private boolean list;

    @Parameters(arity = "0..1", paramLabel = "SCENARIO", description = "File, or name of a built-in scenario.")
    private String scenario;

    @Override
    public Integer call() throws Exception {
        if (list) {
            for (String name : BuiltInScenarios.names()) {
                Scenario builtIn = BuiltInScenarios.load(name);
                npa.output().event("scenario", Map.of("name", name, "description", builtIn.description()),
                        String.format("%-20s %s", name, builtIn.description()));
            }
            return ExitCode.OK;
        }
        if (scenario == null) {
            throw new ParameterException(spec.commandLine(), "name a scenario, or --list");
        }
        return ScenarioReporter.run(npa, options, options.load(scenario));
    }
}
