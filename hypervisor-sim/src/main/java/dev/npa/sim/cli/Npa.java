package dev.npa.sim.cli;

import dev.npa.sim.scenario.ScenarioException;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code npa} and what is common to its subcommands. */
@Command(name = "npa", mixinStandardHelpOptions = true, versionProvider = Npa.Version.class, scope = ScopeType.INHERIT,
        description = "Runs guests, SR-IOV NICs and hot-swappable NIC plugins of the Network Plugin Architecture.",
        subcommands = {DemoCommand.class, RunCommand.class, ShellCommand.class, DoctorCommand.class, BenchCommand.class,
            HarnessCommand.class},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:ok", "1:findings: an expectation was not met or a check failed",
            "2:usage: the command line or an input file cannot be used", "3:internal error"})
public final class Npa implements Runnable {

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "One JSON object a line instead of text.")
    boolean json;

    @Option(names = "--stacktrace", scope = ScopeType.INHERIT, hidden = true)
    boolean stackTrace;

    @Spec
    CommandSpec spec;

    final Installation installation;

    Npa(Installation installation) {
        this.installation = installation;
    }

    /**
     * Runs a command line.
     *
     * @return exit code
     */
    public static int execute(Installation installation, String[] args, PrintWriter out, PrintWriter err) {
        Npa npa = new Npa(installation);
        CommandLine line = new CommandLine(npa);
        line.setOut(out);
        line.setErr(err);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(npa::usage);
        line.setExecutionExceptionHandler((e, command, parsed) -> npa.failed(e, err));
        int code = line.execute(args);
        if (out.checkError()) {
            err.println("npa: standard output is closed or full; what was to be printed is lost");
            return Math.max(code, ExitCode.INTERNAL);
        }
        return code;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given; try one of: demo, run, shell, doctor, bench");
    }

    Output output() {
        return new Output(spec.commandLine().getOut(), json);
    }

    private int usage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("npa: " + e.getMessage() + " (see: " + command.getCommandSpec().qualifiedName(" ")
                + " --help)");
        return ExitCode.USAGE;
    }

    private int failed(Exception e, PrintWriter err) {
        boolean user = e instanceof CliException || e instanceof ScenarioException;
        String text = e.getMessage() == null ? e.toString() : e.getMessage();
        if (json) {
            output().event("error", Map.of("message", text, "internal", !user), null);
        }
        if (e instanceof ScenarioException scenario && scenario.problems().size() > 1) {
            String source = text.substring(0, text.indexOf(": "));
            scenario.problems().forEach(problem -> err.println("npa: " + source + ": " + problem));
        } else {
            err.println("npa: " + (user ? "" : "internal error: ") + text
                    + (user || stackTrace ? "" : " (--stacktrace shows where)"));
        }
        if (stackTrace) {
            e.printStackTrace(err);
        }
        return user ? ExitCode.USAGE : ExitCode.INTERNAL;
    }

    /** The version of the hypervisor bundle. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"npa " + Installation.version()};
        }
    }
}
