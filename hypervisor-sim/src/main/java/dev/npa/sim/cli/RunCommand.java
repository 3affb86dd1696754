package dev.npa.sim.cli;

import dev.npa.sim.scenario.BuiltInScenarios;
import dev.npa.sim.scenario.Scenario;
import dev.npa.sim.scenario.Shortened;
import java.util.List;
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
        description = "Runs a scenario from a YAML file or a built-in one, once or with many seeds; "
                + "docs/scenarios.md has the format.")
final class RunCommand implements Callable<Integer> {

    @ParentCommand
    private Npa npa;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions options;

    @Mixin
    private CampaignOptions campaign;

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
        if (campaign.shorten < 1) {
            throw usage("--shorten: " + campaign.shorten + " is less than 1");
        }
        if (campaign.all && scenario != null) {
            throw usage("--all runs every built-in scenario; leave away either it or '" + scenario + "'");
        }
        if (campaign.isCampaign() && options.isForOneRun()) {
            throw usage("--seed and --capture are for one run; leave them away or --seeds and --all");
        }
        if (scenario == null && !campaign.all) {
            throw usage("name a scenario, or --all, or --list");
        }
        if (campaign.isCampaign()) {
            return CampaignReporter.run(npa, options, campaign,
                    campaign.all ? BuiltInScenarios.names() : List.of(scenario));
        }
        return ScenarioReporter.run(npa, options, Shortened.of(options.load(scenario), campaign.shorten));
    }

    private ParameterException usage(String text) {
        return new ParameterException(spec.commandLine(), text);
    }
}
