package dev.npa.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.host.Lab;
import dev.npa.sim.host.Simulation;
import dev.npa.sim.host.SimulationParts;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many seeds in one process. */
class CampaignIT {

    private static final int GARBAGE_COLLECTIONS = 200;
    private static final long JOIN_MILLIS = 10_000;

    @TempDir
    private Path dir;

    private final List<Long> seeds = new ArrayList<>();
    private final List<String> findings = new ArrayList<>();

    private void heard(Scenario scenario, long seed, RunResult result, long nanos) {
        assertTrue(nanos > 0);
        seeds.add(seed);
        findings.addAll(result.findings());
    }

    private static Scenario flight() throws ScenarioException {
        return Shortened.of(BuiltInScenarios.load("first-flight"), 20);
    }

    private ScenarioWorld world(Scenario scenario, long seed, Path images, SimulationParts parts)
            throws ScenarioException {
        return ScenarioWorld.create(scenario,
                new WorldOptions(Simulation.Mode.SEEDED, seed, null, null, images, parts), note -> { });
    }

    /** First-flight worlds; seed 2 finds no images, so that its switchovers fail. */
    private Campaign.WorldFactory withoutImagesForSeedTwo() {
        SimulationParts parts = Lab.parts(dir);
        return (scenario, seed) -> world(scenario, seed, seed == 2 ? dir.resolve("none") : Lab.images(), parts);
    }

    @Test
    void everySeedRunsAndTheSumsAreThoseOfTheRuns() throws Exception {
        SimulationParts parts = Lab.parts(dir);
        List<Long> received = new ArrayList<>();
        Campaign campaign = new Campaign((scenario, seed) -> world(scenario, seed, Lab.images(), parts), false,
                (scenario, seed, result, nanos) -> {
                    heard(scenario, seed, result, nanos);
                    received.add(result.values().get("framesReceived").longValue());
                });
        assertTrue(campaign.run(flight(), Seeds.parse("3..5")));
        assertTrue(campaign.run(flight(), Seeds.parse("9..9")));
        assertEquals(List.of(3L, 4L, 5L, 9L), seeds);
        assertEquals(4, campaign.runs());
        assertEquals(0, campaign.findings());
        assertEquals(received.stream().mapToLong(Long::longValue).sum(), campaign.sums().get("framesReceived"));
        assertTrue(received.get(0) > 300, received.toString());
        assertEquals(12, campaign.sums().get("switchovers"));
    }

    @Test
    void aCampaignStopsAtTheFirstFinding() throws Exception {
        Campaign campaign = new Campaign(withoutImagesForSeedTwo(), false, this::heard);
        assertFalse(campaign.run(flight(), Seeds.parse("4")));
        assertEquals(List.of(1L, 2L), seeds);
        assertEquals(1, campaign.unclean());
        assertEquals(findings.size(), campaign.findings());
        assertTrue(findings.get(0).contains("there is no image"), findings.toString());
    }

    @Test
    void aCampaignThatKeepsGoingRunsTheOtherSeedsToo() throws Exception {
        Campaign campaign = new Campaign(withoutImagesForSeedTwo(), true, this::heard);
        assertTrue(campaign.run(flight(), Seeds.parse("3")));
        assertEquals(List.of(1L, 2L, 3L), seeds);
        assertEquals(1, campaign.unclean());
    }

    @Test
    void aRunThatBreaksOffIsAFindingOfItsSeed() throws Exception {
        SimulationParts parts = Lab.parts(dir);
        Scenario silent = ScenarioParser.parse("silent", """
                name: silent
                hosts: [{name: host0, nics: [{name: nic0, model: "82599"}], vms: [{name: vm0}]}]
                timeline: [{power-on: vm0}]
                """);
        Campaign campaign = new Campaign((scenario, seed) -> world(seed == 1 ? silent : scenario, seed, Lab.images(),
                parts), true, this::heard);
        assertTrue(campaign.run(flight(), Seeds.parse("2")));
        assertEquals(1, findings.size(), findings.toString());
        assertTrue(findings.get(0).startsWith("the run broke off after 'vm0 booted, emulated': java.lang."),
                findings.toString());
        assertEquals(1, campaign.unclean());
    }

    @Test
    void nothingOfAWorldStaysWhenItsRunHasEnded() throws Exception {
        Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
        SimulationParts parts = Lab.parts(dir);
        List<WeakReference<ScenarioWorld>> worlds = new ArrayList<>();
        Campaign campaign = new Campaign((scenario, seed) -> {
            ScenarioWorld world = world(scenario, seed, Lab.images(), parts);
            worlds.add(new WeakReference<>(world));
            return world;
        }, false, this::heard);
        assertTrue(campaign.run(flight(), Seeds.parse("6")));
        for (int i = 0; i < GARBAGE_COLLECTIONS && worlds.stream().anyMatch(w -> w.get() != null); i++) {
            System.gc();
        }
        for (int i = 0; i < worlds.size(); i++) {
            assertNull(worlds.get(i).get(), "the world of seed " + (i + 1));
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (!before.contains(thread) && thread.getName().startsWith("Felix")) {
                thread.join(JOIN_MILLIS);
                assertFalse(thread.isAlive(), thread.getName());
            }
        }
        assertNoFiles();
    }

    private void assertNoFiles() throws IOException {
        try (var files = Files.list(dir)) {
            assertEquals(List.of(), files.toList(), "scratch directories");
        }
    }
}
