package dev.npa.sim.cli;

import dev.npa.sim.host.Simulation;
import dev.npa.sim.host.SimulationParts;
import dev.npa.sim.scenario.BuiltInScenarios;
import dev.npa.sim.scenario.Scenario;
import dev.npa.sim.scenario.ScenarioException;
import dev.npa.sim.scenario.ScenarioParser;
import dev.npa.sim.scenario.ScenarioWorld;
import dev.npa.sim.scenario.Seeds;
import dev.npa.sim.scenario.WorldOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Options of every command that runs a scenario. */
final class RunOptions {

    @Option(names = "--pcap", paramLabel = "FILE",
            description = "Capture (pcap or pcapng, Ethernet) to replay instead of the built-in sample.")
    private Path pcap;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of scheduler and generated traffic.")
    private Long seed;

    @Option(names = "--mode", paramLabel = "MODE",
            description = {"seeded: one thread, virtual time, same seed same history; threaded: real time; measured: "
                + "one thread, each part's CPU time is its time."})
    private Simulation.Mode mode;

    @Option(names = "--capture", paramLabel = "DIR",
            description = "Write what passes on each wire and each virtual NIC to DIR as pcapng.")
    private Path capture;

    @Option(names = "--images", paramLabel = "DIR", description = "Directory of plugin images instead of the built-in.")
    private Path images;

    @Option(names = "--memory", paramLabel = "DIR",
            description = "Map each guest's memory from a file in DIR, so that another process can look at it.")
    private Path memory;

    /** A file, or else a built-in scenario. */
    Scenario load(String name) throws ScenarioException {
        Path file = Path.of(name);
        return Files.isRegularFile(file) ? ScenarioParser.parse(file) : BuiltInScenarios.load(name);
    }

    /** Whether a seed, or a directory for captures, was named: for a single run. */
    boolean isForOneRun() {
        return seed != null || capture != null;
    }

    /** The seed of the options, or else the scenario's own. */
    Seeds seed(Scenario scenario) {
        long only = seed == null ? scenario.seed() : seed;
        return new Seeds(only, only);
    }

    /** What worlds are made of. */
    SimulationParts parts(Npa npa) throws CliException {
        return npa.installation.parts().withMemory(memory);
    }

    /** Builds the scenario's world. */
    ScenarioWorld world(Npa npa, Scenario scenario, Simulation.Mode otherMode, Consumer<String> progress)
            throws Exception {
        return world(npa, scenario, otherMode, seed(scenario).first(), parts(npa), progress);
    }

    /** Builds the scenario's world for another seed than that of the options. */
    ScenarioWorld world(Npa npa, Scenario scenario, Simulation.Mode otherMode, long otherSeed, SimulationParts parts,
            Consumer<String> progress) throws Exception {
        if (images != null && !Files.isDirectory(images)) {
            throw new CliException("--images: " + images + " is not a directory");
        }
        if (images != null && !Files.isReadable(images)) {
            throw new CliException("--images: " + images + " cannot be read; check its permissions");
        }
        if (capture != null && Files.exists(capture) && !Files.isDirectory(capture)) {
            throw new CliException("--capture: " + capture + " is not a directory");
        }
        Simulation.Mode effective = mode != null ? mode : otherMode != null ? otherMode : scenario.mode();
        return ScenarioWorld.create(scenario, new WorldOptions(effective, otherSeed, pcap, capture,
                images == null ? npa.installation.images() : images, parts), progress);
    }

    /** The command that runs a scenario by itself as these options have it run with a seed. */
    String replay(String source, long replayed, int shorten) {
        List<String> words = new ArrayList<>(List.of("./npa", "run", quoted(source), "--seed", Long.toString(replayed)));
        if (shorten > 1) {
            words.addAll(List.of("--shorten", Integer.toString(shorten)));
        }
        if (mode != null) {
            words.addAll(List.of("--mode", mode.name().toLowerCase(Locale.ROOT)));
        }
        if (pcap != null) {
            words.addAll(List.of("--pcap", quoted(pcap.toString())));
        }
        if (images != null) {
            words.addAll(List.of("--images", quoted(images.toString())));
        }
        return String.join(" ", words);
    }

    /** As a POSIX shell reads one word. */
    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
