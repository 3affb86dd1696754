package dev.npa.sim.cli;

import dev.npa.sim.gogo.NpaCommands;
import dev.npa.sim.host.Simulation;
import dev.npa.sim.scenario.Scenario;
import dev.npa.sim.scenario.ScenarioWorld;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.osgi.framework.ServiceRegistration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code npa shell}: Gogo in the host framework, with a scenario's hosts, VMs and traffic running. */
@Command(name = "shell", description = {"Starts a scenario's hosts, VMs and traffic and takes Gogo commands from "
    + "standard input, interactively or from a script: npa:hosts, npa:vms, npa:nics, npa:plugins, npa:passthrough, npa:emulate, "
    + "npa:swap, npa:stats, npa:ring, npa:run, and all commands of the framework. 'exit' or the end of input stops.",
    "Exit code 1 if a command failed."})
final class ShellCommand implements Callable<Integer> {

    @ParentCommand
    private Npa npa;

    @Mixin
    private RunOptions options;

    @Parameters(arity = "0..1", paramLabel = "SCENARIO", defaultValue = "first-flight",
            description = "File or built-in scenario; its timeline is not run (default: ${DEFAULT-VALUE}).")
    private String scenario;

    @Override
    public Integer call() throws Exception {
        Output out = npa.output();
        Scenario parsed = options.load(scenario);
        CommandProcessor processor = npa.installation.services(CommandProcessor.class).stream().findFirst()
                .orElseThrow(() -> new CliException("the Gogo runtime is not installed"));
        try (ScenarioWorld world = options.world(npa, parsed, Simulation.Mode.THREADED, text -> { })) {
            world.powerOnAll();
            world.startAllTraffic();
            Hashtable<String, Object> properties = new Hashtable<>();
            properties.put(CommandProcessor.COMMAND_SCOPE, NpaCommands.SCOPE);
            properties.put(CommandProcessor.COMMAND_FUNCTION, NpaCommands.functions());
            ServiceRegistration<NpaCommands> commands = npa.installation.context()
                    .registerService(NpaCommands.class, new NpaCommands(world), properties);
            try {
                return session(processor, out);
            } finally {
                commands.unregister();
            }
        }
    }

    private int session(CommandProcessor processor, Output out) throws IOException {
        boolean interactive = System.console() != null;
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int code = ExitCode.OK;
        // Gogo puts a stream of its own in the place of System.out; a session that wrote there would write to itself.
        PrintStream console = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream errors = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        try (CommandSession session = processor.createSession(new ByteArrayInputStream(new byte[0]), console, errors)) {
            out.line("Traffic is running. Try: npa:vms, npa:passthrough vm0, npa:stats; exit ends.");
            String line;
            while ((line = read(in, interactive)) != null) {
                if (line.isBlank() || line.startsWith("#")) {
                    continue;
                }
                if (line.equals("exit") || line.equals("quit")) {
                    break;
                }
                code = Math.max(code, execute(session, line, out));
            }
        }
        return code;
    }

    private static String read(BufferedReader in, boolean interactive) throws IOException {
        if (interactive) {
            System.out.print("npa> ");
            System.out.flush();
        }
        String line = in.readLine();
        return line == null ? null : line.strip();
    }

    private int execute(CommandSession session, String line, Output out) {
        try {
            Object result = session.execute(line);
            if (result != null) {
                session.getConsole().println(session.format(result, Converter.INSPECT));
            }
            return ExitCode.OK;
        } catch (Exception e) {
            Throwable cause = e instanceof java.lang.reflect.InvocationTargetException && e.getCause() != null
                    ? e.getCause() : e;
            String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
            if (text.startsWith("Cannot coerce")) {
                text = "the arguments do not fit; 'help " + line.split("\\s+")[0] + "' tells which it takes";
            }
            if (out.isJson()) {
                out.event("error", Map.of("command", line, "message", text), null);
            }
            System.err.println("npa: " + line + ": " + text);
            if (npa.stackTrace) {
                cause.printStackTrace();
            }
            return ExitCode.FINDINGS;
        }
    }
}
