package dev.npa.benchmarks.endtoend;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A frame's whole way from one virtual function to another on one thread: driver, device with IOMMU and switch, driver.
 * Driver means shell and plugin, and taking, touching and freeing buffers.
 */
public final class Chain {

    /**
     * CPU time for a frame.
     *
     * @param plugin as {@code niantic}
     * @param frameBytes length on the wire, FCS included
     * @param burst frames a round
     * @param nanos best window, ns a frame
     * @param highNanos worst window
     * @param sendNanos share of the sending guest in the best window: transmit and reclaim
     * @param deviceNanos share of the device
     * @param receiveNanos share of the receiving guest
     * @param gigabitsPerSecond what the best window carries, preamble and gap not counted
     * @param bytesAllocated heap bytes a frame in the best window
     */
    public record Result(String plugin, int frameBytes, int burst, double nanos, double highNanos, double sendNanos,
            double deviceNanos, double receiveNanos, double gigabitsPerSecond, double bytesAllocated) {}

    /** The sender is timed as this stage, the receiver as the next. */
    private static final Stage SEND = Stage.STACK;
    private static final Stage RECEIVE = Stage.SHELL;
    private static final int FCS = 4;

    private final World world;
    private final Guest from;
    private final Guest to;
    private final int burst;
    private final Stopwatch watch = new Stopwatch();

    private Chain(Product product, Traffic traffic, int burst) {
        this.burst = burst;
        world = new World(product, 2, false, null);
        from = world.guests[0];
        to = world.guests[1];
        from.prepare(traffic, traffic.request(World.mac(0), World.mac(1)));
    }

    /**
     * Measures.
     *
     * @param plugin name of a {@link Product}
     * @param frameBytes length on the wire, FCS included, 64..1518
     * @param burst frames a round, 1..64
     * @param warmUpMillis CPU time before the first window
     * @param windows windows of {@code windowMillis} of CPU time
     */
    public static Result measure(String plugin, int frameBytes, int burst, int warmUpMillis, int windows,
            int windowMillis) {
        Chain chain = new Chain(Product.of(plugin), Traffic.frames(frameBytes - FCS), burst);
        chain.window(warmUpMillis);
        List<Result> results = new ArrayList<>();
        for (int w = 0; w < windows; w++) {
            long frames = chain.window(windowMillis);
            results.add(chain.result(plugin, frameBytes, frames));
        }
        chain.world.check();
        Result best = results.stream().min(Comparator.comparingDouble(Result::nanos)).orElseThrow();
        double high = results.stream().mapToDouble(Result::nanos).max().orElseThrow();
        return new Result(plugin, frameBytes, burst, best.nanos, high, best.sendNanos, best.deviceNanos,
                best.receiveNanos, best.gigabitsPerSecond, best.bytesAllocated);
    }

    private Result result(String plugin, int frameBytes, long frames) {
        double nanos = (double) watch.cpuNanos() / frames;
        return new Result(plugin, frameBytes, burst, nanos, nanos, watch.cpuNanos(SEND) / frames,
                watch.cpuNanos(Stage.SILICON) / frames, watch.cpuNanos(RECEIVE) / frames, 8 * frameBytes / nanos,
                (double) watch.allocatedBytes() / frames);
    }

    /** Runs for some CPU time; returns the frames that arrived. */
    private long window(int millis) {
        long before = to.received();
        watch.begin(SEND);
        do {
            for (int i = 0; i < 256; i++) {
                round();
            }
        } while (!watch.hasRun(millis));
        watch.end();
        return to.received() - before;
    }

    private void round() {
        from.run();
        from.send(burst);
        watch.enter(Stage.SILICON);
        world.silicon();
        watch.enter(RECEIVE);
        to.run();
        watch.enter(SEND);
    }

    /** {@code PLUGIN FRAME-BYTES BURST}: prints one result. */
    public static void main(String[] args) {
        System.out.println(measure(args[0], Integer.parseInt(args[1]), Integer.parseInt(args[2]), 3000, 50, 30));
    }
}
