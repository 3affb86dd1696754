package dev.npa.sim.bench;

import dev.npa.sim.host.Simulation;
import dev.npa.sim.host.SimulationParts;
import dev.npa.sim.host.Switchover;
import dev.npa.sim.host.VirtualMachine;
import dev.npa.sim.scenario.ScenarioException;
import dev.npa.sim.scenario.ScenarioParser;
import dev.npa.sim.scenario.ScenarioWorld;
import dev.npa.sim.scenario.WorldOptions;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How many frames a second of CPU time the seeded simulator carries from one VM to another: two VMs on one NIC send to
 * each other, each frame passing workload channel, guest's stack, shell, plugin, device, switch, and the same on the
 * other side, judged by the frame account as in every scenario. The scheduler runs all of it on the calling thread.
 */
public final class SeededSpeed {

    /** Which way frames take, and how many there are at a time. */
    public enum Way {
        /** vmxnet3 emulation and virtual switch. */
        EMULATED("82599", null, 0),
        /** Two VFs of an 82599. */
        NIANTIC("82599", "niantic", 0),
        /** Two VFs of an 82576. */
        KAWELA("82576", "kawela", 0),
        /** Two VFs of a 57712. */
        BROADCOM("57712", "broadcom", 0),
        /** Two VFs of an 82599 at the pace of most scenarios: a few frames at a time, much idling in between. */
        PACED("82599", "niantic", 50_000);

        private final String model;
        private final String image;
        private final int framesPerSecond;

        Way(String model, String image, int framesPerSecond) {
            this.model = model;
            this.image = image;
            this.framesPerSecond = framesPerSecond;
        }

        /** As in names of metrics. */
        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * What to measure.
     *
     * @param warmUpFrames frames before the first window
     * @param windowFrames frames of a window; a window should take 50 ms of CPU time at least
     * @param windows windows, at least 1
     */
    public record Settings(long warmUpFrames, long windowFrames, int windows) {

        /** Some seconds a path: compiled code has settled, windows of a tenth of a second and more. */
        public static final Settings FULL = new Settings(600_000, 60_000, 9);
        /** Good enough to see a regression by a quarter. */
        public static final Settings QUICK = new Settings(200_000, 30_000, 5);
    }

    /**
     * What was measured: the best window, which other processes disturbed least.
     *
     * @param frames frames that arrived in it
     * @param cpuNanos CPU time that it took
     * @param framesPerSecond of CPU time, of the best window
     * @param lowest the same of the worst window
     * @param median the same of the middle one
     */
    public record Result(Way way, long frames, long cpuNanos, double framesPerSecond, double lowest, double median) {}

    private static final long LIMIT_NANOS = 600_000_000_000L;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private SeededSpeed() {}

    /**
     * Measures one way.
     *
     * @param images directory of the plugin images
     * @param parts what simulations are made of
     * @throws IllegalStateException if the world does not do what it is told, or loses a frame: then there is no figure
     */
    public static Result measure(Way way, Settings settings, Path images, SimulationParts parts) {
        try (ScenarioWorld world = ScenarioWorld.create(ScenarioParser.parse("speed", scenario(way)),
                new WorldOptions(Simulation.Mode.SEEDED, 1, null, null, images, parts), note -> { })) {
            prepare(world, way);
            world.startAllTraffic();
            run(world, settings.warmUpFrames());
            Result result = windows(world, way, settings);
            if (!world.settleTraffic(LIMIT_NANOS) || !world.uncleanFlows().isEmpty()) {
                throw new IllegalStateException(way.label() + ": " + world.account() + world.uncleanFlows());
            }
            return result;
        } catch (ScenarioException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String scenario(Way way) {
        return """
                name: speed
                hosts:
                  - name: host0
                    nics: [{name: nic0, model: "%s", virtualFunctions: 4}]
                    vms: [{name: vm0, nic: nic0}, {name: vm1, nic: nic0}]
                traffic:
                  - {name: talk, between: [vm0, vm1], framesPerSecond: %d, sizes: [60, 60], flows: 4}
                timeline:
                  - power-on: all
                """.formatted(way.model, way.framesPerSecond);
    }

    private static void prepare(ScenarioWorld world, Way way) {
        world.powerOnAll();
        if (way.image == null) {
            return;
        }
        Collection<VirtualMachine> vms = world.vms().values();
        Function<VirtualMachine, Switchover> switchOver =
                vm -> vm.passthrough(world.nics().get("nic0"), way.image, null);
        Collection<Switchover> under = vms.stream().map(switchOver).collect(Collectors.toList());
        world.await(() -> under.stream().allMatch(s -> s.outcome() != Switchover.Outcome.PENDING), LIMIT_NANOS);
        for (Switchover s : under) {
            if (s.outcome() != Switchover.Outcome.DONE) {
                throw new IllegalStateException(way.label() + ": the switchover ended as " + s.outcome() + ": "
                        + s.reason());
            }
        }
    }

    private static Result windows(ScenarioWorld world, Way way, Settings settings) {
        double[] rates = new double[settings.windows()];
        Result best = null;
        for (int i = 0; i < rates.length; i++) {
            long framesBefore = world.framesReceived();
            long before = THREADS.getCurrentThreadCpuTime();
            run(world, settings.windowFrames());
            long nanos = THREADS.getCurrentThreadCpuTime() - before;
            long frames = world.framesReceived() - framesBefore;
            rates[i] = frames * 1e9 / nanos;
            if (best == null || rates[i] > best.framesPerSecond()) {
                best = new Result(way, frames, nanos, rates[i], 0, 0);
            }
        }
        Arrays.sort(rates);
        return new Result(way, best.frames(), best.cpuNanos(), best.framesPerSecond(), rates[0],
                rates[rates.length / 2]);
    }

    private static void run(ScenarioWorld world, long frames) {
        if (!world.runFrames(frames, LIMIT_NANOS)) {
            throw new IllegalStateException("frames do not arrive: " + world.account());
        }
    }
}
