package dev.npa.sim.cli;

import dev.npa.pf.PfDriverFactory;
import dev.npa.sim.nic.NicModelFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code npa doctor}: whether this machine can build and run everything. */
@Command(name = "doctor", description = "Checks JDK, Maven, memory and what is installed.")
final class DoctorCommand implements Callable<Integer> {

    private static final long MIN_HEAP_MIB = 256;

    @ParentCommand
    private Npa npa;

    private enum Level {
        OK, NOTE, BAD
    }

    private record Check(String name, Level level, String text) {}

    @Override
    public Integer call() throws CliException {
        Output out = npa.output();
        List<Check> checks = new ArrayList<>();
        checks.add(jdk());
        checks.add(maven());
        checks.add(heap());
        checks.add(new Check("cores", Runtime.getRuntime().availableProcessors() > 1 ? Level.OK : Level.NOTE,
                Runtime.getRuntime().availableProcessors() + " processors"));
        checks.add(bundles());
        checks.add(services("NIC models", npa.installation.services(NicModelFactory.class).stream()
                .map(NicModelFactory::model).toList()));
        checks.add(services("PF drivers", npa.installation.services(PfDriverFactory.class).stream()
                .map(PfDriverFactory::name).toList()));
        checks.add(new Check("storage", Level.OK,
                "temporary files are below " + npa.installation.storage().getParent()));
        checks.add(new Check("native extras", Level.OK, "none needed"));
        boolean bad = false;
        for (Check check : checks) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", check.name());
            fields.put("status", check.level().name().toLowerCase(java.util.Locale.ROOT));
            fields.put("text", check.text());
            out.event("check", fields, String.format("%-5s %-14s %s", check.level().name().toLowerCase(
                    java.util.Locale.ROOT), check.name(), check.text()));
            bad |= check.level() == Level.BAD;
        }
        out.event("summary", Map.of("ok", !bad), bad ? "Something is missing, see above." : "Everything is there.");
        return bad ? ExitCode.FINDINGS : ExitCode.OK;
    }

    private static Check jdk() {
        int feature = Runtime.version().feature();
        return new Check("JDK", feature >= 17 ? Level.OK : Level.BAD, Runtime.version() + " of "
                + System.getProperty("java.vendor") + " at " + System.getProperty("java.home"));
    }

    private static Check maven() {
        try {
            Process process = new ProcessBuilder("mvn", "-v").redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(30, TimeUnit.SECONDS);
            String first = text.lines().map(l -> l.replaceAll("\u001B\\[[0-9;]*m", ""))
                    .filter(l -> l.contains("Apache Maven")).findFirst().orElse("");
            String[] parts = first.replaceAll(".*Apache Maven ([0-9.]+).*", "$1").split("\\.");
            boolean old = parts.length < 2 || Integer.parseInt(parts[0]) < 3
                    || Integer.parseInt(parts[0]) == 3 && Integer.parseInt(parts[1]) < 8;
            return new Check("Maven", old ? Level.BAD : Level.OK, first.isEmpty() ? "did not say its version" : first);
        } catch (IOException | NumberFormatException e) {
            return new Check("Maven", Level.NOTE, "not found; it is needed only to build (3.8 or later)");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Check("Maven", Level.NOTE, "interrupted");
        }
    }

    private static Check heap() {
        long mib = Runtime.getRuntime().maxMemory() >> 20;
        return new Check("heap", mib >= MIN_HEAP_MIB ? Level.OK : Level.BAD, mib + " MiB at most"
                + (mib >= MIN_HEAP_MIB ? "" : "; at least " + MIN_HEAP_MIB + " are needed: NPA_JAVA_OPTS=-Xmx1g"));
    }

    private Check bundles() throws CliException {
        List<String> names = npa.installation.guestBundles().stream().map(p -> p.getFileName().toString()).toList();
        boolean complete = names.stream().anyMatch(n -> n.startsWith("shell-api"))
                && names.stream().anyMatch(n -> n.startsWith("shell-runtime"));
        return new Check("guest image", complete ? Level.OK : Level.BAD, names.toString());
    }

    private static Check services(String name, List<String> found) {
        return new Check(name, found.isEmpty() ? Level.BAD : Level.OK, found.isEmpty() ? "none" : found.toString());
    }
}
