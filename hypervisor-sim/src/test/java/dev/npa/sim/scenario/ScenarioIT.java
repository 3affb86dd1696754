package dev.npa.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.host.Lab;
import dev.npa.sim.host.Simulation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenarios from their text to their outcome, on the bundles that are delivered. */
class ScenarioIT {

    private static final int SEEDS = 200;

    @TempDir
    private Path dir;

    static List<String> builtIn() {
        return BuiltInScenarios.names();
    }

    private RunResult run(Scenario scenario, Simulation.Mode mode, long seed, Path captures) throws ScenarioException {
        WorldOptions options = new WorldOptions(mode, seed, null, captures, Lab.images(), Lab.parts(dir));
        try (ScenarioWorld world = ScenarioWorld.create(scenario, options, note -> { })) {
            return new ScenarioRunner(scenario, world, (event, fields, text) -> { }).run();
        }
    }

    /** The first flight with fewer frames in each phase. */
    private static Scenario shortFlight() throws ScenarioException {
        return ScenarioParser.parse("short-flight", text("first-flight").replace("frames: 2000", "frames: 150"));
    }

    @ParameterizedTest
    @MethodSource("builtIn")
    void everyBuiltInScenarioMeetsItsExpectations(String name) throws ScenarioException {
        Scenario scenario = BuiltInScenarios.load(name);
        RunResult result = run(scenario, Simulation.Mode.SEEDED, 7, null);
        assertEquals(List.of(), result.findings(), name + " with seed 7");
        assertTrue(result.values().get("framesReceived").longValue() > 1000, result.values().toString());
    }

    /** A built-in scenario with fewer frames in each phase, and with NICs of another vendor in place of the 82599. */
    private static Scenario variant(String name, String model, int divisor) throws ScenarioException {
        String text = text(name).replaceAll("times: 20", "times: 2").replace("\"82599\"", '"' + model + '"');
        text = Pattern.compile("frames: ([0-9]+)\\}").matcher(text)
                .replaceAll(m -> "frames: " + Math.max(100, Integer.parseInt(m.group(1)) / divisor) + "}");
        // Counts that depend on the number of rounds; what must hold stays.
        text = text.replaceAll("(?<=[ {])(switchovers|unloaded|classLoadersCollected): [0-9]+, *", "");
        if (!model.equals("82599")) {
            String image = model.equals("82576") ? "kawela" : "broadcom";
            text = text.replace("image: niantic", "image: " + image).replace("version: 1.1.0", "version: 1.0.0");
        }
        if (model.equals("82576")) {
            text = text.replace("virtualFunctions: 8", "virtualFunctions: 7");
        }
        return ScenarioParser.parse(name + " on " + model, text);
    }

    private static String text(String name) {
        try (var in = BuiltInScenarios.class.getResourceAsStream(name + ".yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Seeds for about the same time each; {@code -Dnpa.seeds=200} runs all with as many. */
    @ParameterizedTest
    @CsvSource({"neighbours,20", "jumbo,40", "single-vf,40", "eight-vms,4", "vlans,8", "several-nics,6", "offloads,20"})
    void scenariosLoseNothingOnTheNicsOfAnyVendorWithManySeeds(String name, int seeds) throws ScenarioException {
        for (String model : List.of("82599", "82576", "57712")) {
            Scenario scenario = variant(name, model, 5);
            for (long seed = 1; seed <= Integer.getInteger("npa.seeds", seeds); seed++) {
                RunResult result = run(scenario, Simulation.Mode.SEEDED, seed, null);
                assertEquals(List.of(), result.findings(), scenario.name() + ", seed " + seed);
                assertNothingReclaimed(result, scenario.name() + ", seed " + seed);
            }
        }
    }

    @Test
    void everyPairOfVendorsSwapsWithoutLossWithManySeeds() throws ScenarioException {
        Scenario scenario = BuiltInScenarios.load("four-by-four");
        for (long seed = 1; seed <= Integer.getInteger("npa.seeds", 10); seed++) {
            RunResult result = run(scenario, Simulation.Mode.SEEDED, seed, null);
            assertEquals(List.of(), result.findings(), "seed " + seed);
            assertNothingReclaimed(result, "seed " + seed);
        }
    }

    /** Load that exceeds the machine makes everything wait for everything: nothing may wait for ever. */
    @ParameterizedTest
    @ValueSource(strings = {"82599", "82576", "57712"})
    void offloadsDoNotLockUpInThreadedMode(String model) throws ScenarioException {
        RunResult result = run(variant("offloads", model, 4), Simulation.Mode.THREADED, 1, null);
        assertEquals(List.of(), result.findings(), model);
    }

    private static void assertNothingReclaimed(RunResult result, String message) {
        assertEquals(0, result.values().get("reclaimedBuffers").intValue(), message);
        assertEquals(0, result.values().get("reclaimedWindows").intValue(), message);
    }

    @Test
    void theFirstFlightLosesNothingWithTwoHundredSeeds() throws ScenarioException {
        Scenario scenario = shortFlight();
        for (long seed = 1; seed <= SEEDS; seed++) {
            RunResult result = run(scenario, Simulation.Mode.SEEDED, seed, null);
            assertEquals(List.of(), result.findings(), "seed " + seed);
            assertEquals(3, result.values().get("switchovers").intValue(), "seed " + seed);
        }
    }

    @Test
    void theDemoLosesNothingInThreadedMode() throws ScenarioException {
        RunResult result = run(BuiltInScenarios.load("grand-tour"), Simulation.Mode.THREADED, 1, null);
        assertEquals(List.of(), result.findings());
    }

    /** More seeds with {@code -Dnpa.it.seeds=200}. */
    @Test
    void theDemoLosesNothingWithManySeeds() throws Exception {
        String text = new String(BuiltInScenarios.class.getResourceAsStream("grand-tour.yaml").readAllBytes(),
                StandardCharsets.UTF_8).replace("frames: 2000", "frames: 150");
        Scenario scenario = ScenarioParser.parse("short-tour", text);
        for (long seed = 1; seed <= Integer.getInteger("npa.it.seeds", 20); seed++) {
            assertEquals(List.of(), run(scenario, Simulation.Mode.SEEDED, seed, null).findings(), "seed " + seed);
        }
    }

    @Test
    void aCheckThatDoesNotHoldIsAFinding() throws Exception {
        RunResult result = run(ScenarioParser.parse("t", """
                name: t
                hosts:
                  - {name: h, nics: [{name: nic0, model: "82599"}], vms: [{name: vm0, os: windows, queues: 2, without: [rss]}]}
                traffic: [{name: flow, between: [vm0, "wire:nic0"], framesPerSecond: 20000, flows: 64, protocols: [tcp4]}]
                timeline:
                  - power-on: vm0
                  - start: flow
                  - run: {frames: 600}
                  - check: {vm: vm0, receiveQueues: 2, transmitQueues: 2, exactly: {tx_lost: 0}, atLeast: {tx_packets: 100}}
                  - check: {vm: vm0, receiveQueues: 7, exactly: {tx_lost: 1}, atLeast: {no_such: 0}, atMost: {rx_packets: 9}}
                """), Simulation.Mode.SEEDED, 1, null);
        List<String> findings = result.findings();
        assertEquals(List.of("line 10: vm0 on emulated: received on queues [0, 1], expected 7 queues",
                "line 10: vm0 on emulated: tx_lost has grown by 0, expected 1",
                "line 10: vm0 on emulated: there is no counter no_such, expected at least 0"), findings.subList(0, 3));
        assertTrue(findings.size() == 4 && findings.get(3).matches(".*rx_packets has grown by \\d+, expected at most 9"),
                findings::toString);
    }

    @Test
    void theSameSeedGivesTheSameHistoryByteForByte() throws Exception {
        Scenario scenario = shortFlight();
        for (String name : List.of("a", "b", "c")) {
            run(scenario, Simulation.Mode.SEEDED, name.equals("c") ? 6 : 5, dir.resolve(name));
        }
        boolean differs = false;
        for (String point : List.of("nic0.pcapng", "vm0.pcapng")) {
            byte[] first = Files.readAllBytes(dir.resolve("a").resolve(point));
            assertTrue(first.length > 10_000, point + " holds frames");
            assertArrayEquals(first, Files.readAllBytes(dir.resolve("b").resolve(point)), point + " with seed 5 twice");
            differs |= !Arrays.equals(first, Files.readAllBytes(dir.resolve("c").resolve(point)));
        }
        assertTrue(differs, "seed 6 gives another history than seed 5");
    }

    @Test
    void anExpectationThatIsNotMetIsAFinding() throws Exception {
        String text = new String(BuiltInScenarios.class.getResourceAsStream("first-flight.yaml").readAllBytes(),
                StandardCharsets.UTF_8).replace("frames: 2000", "frames: 50").replace("switchovers: 3", "switchovers: 4");
        RunResult result = run(ScenarioParser.parse("t", text), Simulation.Mode.SEEDED, 1, null);
        assertEquals(List.of("switchovers is 3, expected 4"), result.findings());
        assertFalse(result.isClean());
    }

    @Test
    void aVersionThatIsNotThereFailsTheSwitchoverAndTrafficGoesOn() throws Exception {
        String text = new String(BuiltInScenarios.class.getResourceAsStream("first-flight.yaml").readAllBytes(),
                StandardCharsets.UTF_8).replace("frames: 2000", "frames: 50").replace("version: 1.0.0", "version: 9.9.9")
                .replaceAll("(?s)  - swap:.*?  - stop: replay", "  - stop: replay").replace("switchovers: 3", "switchovers: 0")
                .replace("failedSwitchovers: 0, classLoadersCollected: 2", "failedSwitchovers: 1");
        RunResult result = run(ScenarioParser.parse("t", text), Simulation.Mode.SEEDED, 1, null);
        assertEquals(List.of(), result.findings());
        assertTrue(result.values().get("framesReceived").longValue() >= 100, "traffic went on after the refusal");
    }

    @Test
    void anUnknownNicModelIsToldWithWhatThereIs() throws Exception {
        Scenario scenario = ScenarioParser.parse("t", """
                name: t
                hosts:
                  - {name: h, nics: [{name: nic0, model: "99999"}]}
                timeline:
                  - run: 1ms
                """);
        ScenarioException e = assertThrows(ScenarioException.class,
                () -> run(scenario, Simulation.Mode.SEEDED, 1, null));
        assertTrue(e.getMessage().contains("99999") && e.getMessage().contains("82599"), e.getMessage());
    }
}
