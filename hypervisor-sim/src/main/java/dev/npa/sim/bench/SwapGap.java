package dev.npa.sim.bench;

import dev.npa.sim.host.Simulation;
import dev.npa.sim.host.SimulationParts;
import dev.npa.sim.host.Switchover;
import dev.npa.sim.host.VirtualMachine;
import dev.npa.sim.scenario.RunResult;
import dev.npa.sim.scenario.Scenario;
import dev.npa.sim.scenario.ScenarioException;
import dev.npa.sim.scenario.ScenarioParser;
import dev.npa.sim.scenario.ScenarioWorld;
import dev.npa.sim.scenario.WorldOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What a receiver notices of swaps: one VM on an 82599 receives frames from the wire while its plugin is replaced again
 * and again. Gaps are the receiver's own: the longest time without a frame
 * although one was under way, in the phase that holds the switchover; the same length of time before it is the
 * comparison, since a machine with few cores makes gaps of its own.
 */
public final class SwapGap {

    private static final long SECOND = 1_000_000_000L;
    private static final long BIN_NANOS = 1_000_000;

    /**
     * What to measure.
     *
     * @param swaps how many
     * @param framesPerSecond offered to the VM
     * @param warmUp packets on the scratch device before each; 0 = the plugin gets its traffic cold
     * @param settleNanos traffic before the first swap
     * @param betweenNanos between two swaps
     */
    public record Settings(int swaps, int framesPerSecond, int warmUp, long settleNanos, long betweenNanos) {

        /** As the goals are stated. */
        public static final Settings FULL = new Settings(100, 500_000, 2_000_000, 4 * SECOND, SECOND / 5);
        /** Half a minute. */
        public static final Settings QUICK = new Settings(20, 500_000, 2_000_000, 3 * SECOND, SECOND / 5);

        /** The same without warm-up. */
        public Settings cold() {
            return new Settings(swaps, framesPerSecond, 0, settleNanos, betweenNanos);
        }
    }

    /**
     * What was measured.
     *
     * @param gapMicros longest gap of each swap in machine time, ascending
     * @param idleGapMicros longest gap of as long a time without a swap, before each, ascending
     * @param lost frames lost, duplicated or reordered, in all
     * @param switchMillis how long each switchover took from request to answer, ascending
     * @param timeline frames received in each millisecond from 50 ms before the last request on, as far as the run goes
     * @param firstSecondShare frames received in the second after the last swap, as a share of those in the second before
     */
    public record Result(double[] gapMicros, double[] idleGapMicros, long lost, double[] switchMillis, int[] timeline,
            double firstSecondShare) {

        /** The value that this share of sorted values does not exceed. */
        public static double percentile(double[] sorted, double share) {
            return sorted[Math.min(sorted.length - 1, (int) Math.ceil(share * sorted.length) - 1)];
        }
    }

    private static final int BEFORE = 50;
    private static final int BINS = 300;

    private final Settings settings;
    private final ScenarioWorld world;
    private final VirtualMachine vm;
    private final List<Double> gaps = new ArrayList<>();
    private final List<Double> idleGaps = new ArrayList<>();
    private final List<Double> durations = new ArrayList<>();
    private int phases;

    private SwapGap(Settings settings, ScenarioWorld world) {
        this.settings = settings;
        this.world = world;
        this.vm = world.vms().get("vm0");
    }

    /**
     * Measures.
     *
     * @param mode measured, or threaded on a machine with more processors than it has components
     * @throws IllegalStateException if a switchover fails
     */
    public static Result run(Settings settings, Simulation.Mode mode, SimulationParts parts, Path images) {
        WorldOptions options = new WorldOptions(mode, 1, null, null, images, parts);
        try (ScenarioWorld world = ScenarioWorld.create(scenario(settings), options, note -> { })) {
            return new SwapGap(settings, world).measure();
        } catch (ScenarioException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Scenario scenario(Settings settings) throws ScenarioException {
        return ScenarioParser.parse("swap-gap", """
                name: swap-gap
                hosts:
                  - name: host0
                    nics: [{name: nic0, model: "82599", virtualFunctions: 4}]
                    vms: [{name: vm0, memoryMiB: 64, queues: 1, warmUp: %d}]
                traffic:
                  - {name: down, between: ["wire:nic0", vm0], framesPerSecond: %d, sizes: [60, 60], flows: 4, bothWays: false}
                timeline:
                  - power-on: vm0
                """.formatted(settings.warmUp(), settings.framesPerSecond()));
    }

    private Result measure() {
        world.powerOnAll();
        world.startAllTraffic();
        switchOver("1.0.0");
        world.run(settings.settleNanos());
        int[] timeline = {};
        double share = 0;
        for (int i = 0; i < settings.swaps(); i++) {
            String version = i % 2 == 0 ? "1.1.0" : "1.0.0";
            if (i == settings.swaps() - 1) {
                long before = received(SECOND);
                timeline = timeline(version);
                share = (double) received(SECOND - (BINS - BEFORE) * BIN_NANOS, timeline) / before;
            } else {
                double millis = switchOver(version);
                durations.add(millis);
                gaps.add(lastGap());
                world.phase("idle " + ++phases);
                world.run(Math.max((long) (millis * 1e6), BIN_NANOS));
                world.phase("rest " + phases);
                idleGaps.add(gap("idle " + phases));
                world.run(settings.betweenNanos());
            }
        }
        world.stopAllTraffic();
        world.run(SECOND / 5);
        long lost = world.phases().stream().mapToLong(p -> p.lost() + p.duplicated() + p.reordered()).sum();
        return new Result(sorted(gaps), sorted(idleGaps), lost, sorted(durations), timeline, share);
    }

    private double switchOver(String version) {
        world.phase("swap " + ++phases);
        Switchover switchover = vm.passthrough(world.nics().get("nic0"), "niantic", version);
        world.await(() -> switchover.outcome() != Switchover.Outcome.PENDING, 10 * SECOND);
        return finished(switchover);
    }

    private double finished(Switchover switchover) {
        if (switchover.outcome() != Switchover.Outcome.DONE) {
            throw new IllegalStateException("a swap ended " + switchover.outcome() + ": " + switchover.reason());
        }
        return (switchover.completedNanos() - switchover.requestedNanos()) / 1e6;
    }

    private double lastGap() {
        String label = "swap " + phases;
        world.phase("after " + phases);
        return gap(label);
    }

    private double gap(String label) {
        return world.phases().stream().filter(p -> p.label().equals(label)).mapToDouble(RunResult.PhaseRow::gapMicros)
                .max().orElse(0);
    }

    private long received(long nanos) {
        long from = world.framesReceived();
        world.run(nanos);
        return world.framesReceived() - from;
    }

    private long received(long nanos, int[] timeline) {
        return received(nanos) + Arrays.stream(timeline, BEFORE, timeline.length).sum();
    }

    private int[] timeline(String version) {
        int[] bins = new int[BINS];
        world.phase("swap " + ++phases);
        Switchover switchover = null;
        for (int bin = 0; bin < BINS; bin++) {
            if (bin == BEFORE) {
                switchover = vm.passthrough(world.nics().get("nic0"), "niantic", version);
            }
            bins[bin] = (int) received(BIN_NANOS);
        }
        Switchover asked = switchover;
        world.await(() -> asked.outcome() != Switchover.Outcome.PENDING, 10 * SECOND);
        durations.add(finished(asked));
        gaps.add(lastGap());
        return bins;
    }

    private static double[] sorted(List<Double> values) {
        Collections.sort(values);
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
