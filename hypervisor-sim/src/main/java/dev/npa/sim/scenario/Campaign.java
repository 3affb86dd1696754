package dev.npa.sim.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs scenarios with many seeds, one world after the other, and adds up what they found. Used by one thread; nothing of
 * a world stays when its run has ended.
 */
public final class Campaign {

    /** Values of a run that are added up. */
    private static final List<String> SUMS = List.of("framesSent", "framesReceived", "lost", "duplicated", "reordered",
            "foreign", "switchovers", "failedSwitchovers", "violations", "unloaded", "classLoadersCollected");

    private final WorldFactory worlds;
    private final boolean keepGoing;
    private final Listener listener;
    private final Map<String, Long> sums = new LinkedHashMap<>();
    private long runs;
    private long unclean;
    private long findings;

    /** Makes the world of one run. */
    @FunctionalInterface
    public interface WorldFactory {
        /**
         * Makes a world, which the campaign closes.
         *
         * @throws Exception if the scenario or an option cannot be used; it ends the campaign
         */
        ScenarioWorld create(Scenario scenario, long seed) throws Exception;
    }

    /** Hears of every run. */
    @FunctionalInterface
    public interface Listener {
        /**
         * A run has ended.
         *
         * @param result its outcome; for a run that broke off with an exception a finding that says so, without values
         * @param nanos real time that it took
         */
        void ran(Scenario scenario, long seed, RunResult result, long nanos);
    }

    /**
     * Makes a campaign.
     *
     * @param keepGoing whether to go on after a run with findings
     */
    public Campaign(WorldFactory worlds, boolean keepGoing, Listener listener) {
        this.worlds = worlds;
        this.keepGoing = keepGoing;
        this.listener = listener;
        SUMS.forEach(name -> sums.put(name, 0L));
    }

    /**
     * Runs one scenario with each seed. May be called for several scenarios in turn.
     *
     * @return whether to go on: no run had findings, or the campaign keeps going
     * @throws Exception what the factory of worlds throws
     */
    public boolean run(Scenario scenario, Seeds seeds) throws Exception {
        for (long i = 0; i < seeds.count(); i++) {
            long seed = seeds.first() + i;
            long start = System.nanoTime();
            RunResult result;
            try (ScenarioWorld world = worlds.create(scenario, seed)) {
                result = run(scenario, world);
            }
            add(result);
            listener.ran(scenario, seed, result, System.nanoTime() - start);
            if (!result.isClean() && !keepGoing) {
                return false;
            }
        }
        return true;
    }

    /** A run that breaks off is what a campaign is looking for, and no reason to forget the seed. */
    private static RunResult run(Scenario scenario, ScenarioWorld world) {
        List<String> last = new ArrayList<>(List.of("the start"));
        try {
            return new ScenarioRunner(scenario, world, (event, fields, text) -> last.set(0, text)).run();
        } catch (RuntimeException e) {
            return new RunResult(List.of(), Map.of(), List.of("the run broke off after '" + last.get(0) + "': " + e),
                    world.simulation().violations().list());
        }
    }

    private void add(RunResult result) {
        runs++;
        findings += result.findings().size();
        unclean += result.isClean() ? 0 : 1;
        sums.replaceAll((name, sum) -> sum + result.values().getOrDefault(name, 0).longValue());
    }

    /** Runs so far. */
    public long runs() {
        return runs;
    }

    /** Findings of all runs so far. */
    public long findings() {
        return findings;
    }

    /** Runs with findings so far. */
    public long unclean() {
        return unclean;
    }

    /** Sums over all runs so far: {@code framesSent}, {@code framesReceived}, {@code lost} and so on. */
    public Map<String, Long> sums() {
        return new LinkedHashMap<>(sums);
    }
}
