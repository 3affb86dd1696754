package dev.npa.benchmarks.endtoend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Streams between guests and the wire, in passthrough and in emulated mode: what a unit of work costs the CPUs of guest
 * and hypervisor, and, as a number of its own, what simulating the NIC costs. Windows of both modes alternate in one
 * run. The unit is a packet of the {@link Traffic}: a frame, or a message that is one packet for a guest with TSO or LRO.
 *
 * <p>The guest's side begins at the shell's network device. The simulated exit of a register access costs what the
 * emulation does in it and nothing more; the interrupts a packet are counted, so that a reader can add what an exit and an
 * injection cost on a machine of theirs.
 */
public final class Streams {

    /** Which way packets go, seen by the guest. */
    public enum Direction { TX, RX }

    /**
     * What a unit costs in one mode; the median of all windows.
     *
     * @param guestNanos CPU time of guests: stack, shell, plugin
     * @param hypervisorNanos CPU time of the hypervisor: emulation, virtual switch, uplink, PF driver
     * @param siliconNanos CPU time of the NIC's model, which a real NIC does not need
     * @param interrupts interrupts of guests
     * @param bytesAllocated heap bytes on the measuring thread
     */
    public record Cost(double guestNanos, double hypervisorNanos, double siliconNanos, double interrupts,
            double bytesAllocated) {
        /** What counts. */
        public double nanos() {
            return guestNanos + hypervisorNanos;
        }
    }

    /**
     * A comparison.
     *
     * @param traffic as {@code 16KiB} or {@code 64B}
     * @param cpuRatio cost of emulation by cost of passthrough, median over the pairs of windows
     * @param lowRatio least of them
     * @param highRatio greatest of them
     */
    public record Result(String plugin, Direction direction, String traffic, int vms, double cpuRatio, double lowRatio,
            double highRatio, Cost passthrough, Cost emulated) {}

    private static final int HYPERVISOR_BUDGET = 64;
    private static final int FRAMES_A_TURN = 48;
    private static final int MOST_TURNS = 64;

    private final World world;
    private final Traffic traffic;
    private final Direction direction;
    private final FarEnd far;
    private final Stopwatch watch = new Stopwatch();
    /** Packets a round and guest. */
    private final int packets;
    private final int frames;

    private Streams(Product product, Direction direction, Traffic traffic, int vms, boolean emulated, boolean inside) {
        this.direction = direction;
        this.traffic = traffic;
        world = new World(product, vms, emulated, inside ? watch : null);
        for (int vm = 0; vm < vms; vm++) {
            world.guests[vm].prepare(traffic, traffic.request(World.mac(vm), World.FAR));
        }
        far = new FarEnd(world.far(), traffic, vms);
        packets = FRAMES_A_TURN / traffic.segments();
        frames = packets * traffic.segments() * vms;
    }

    /**
     * Compares the modes.
     *
     * @param plugin name of a {@link Product}
     * @param segmented messages of 16 KiB instead of frames of 64 bytes
     * @param vms guests, as many as the NIC has VFs at most
     * @param warmUpMillis CPU time for each mode before the first window; 4 s are enough
     * @param windows pairs of windows, each of {@code windowMillis} of CPU time
     */
    public static Result compare(String plugin, Direction direction, boolean segmented, int vms, int warmUpMillis,
            int windows, int windowMillis) {
        Traffic traffic = segmented ? Traffic.MESSAGES : Traffic.SMALL;
        Streams direct = new Streams(Product.of(plugin), direction, traffic, vms, false, false);
        Streams behind = new Streams(Product.of(plugin), direction, traffic, vms, true, false);
        for (int i = 0; i < 2; i++) { // in turn, so that neither mode's profile comes first
            direct.window(warmUpMillis / 2);
            behind.window(warmUpMillis / 2);
        }
        List<Cost> passthrough = new ArrayList<>();
        List<Cost> emulated = new ArrayList<>();
        double[] ratios = new double[windows];
        for (int w = 0; w < windows; w++) {
            passthrough.add(direct.window(windowMillis));
            emulated.add(behind.window(windowMillis));
            ratios[w] = emulated.get(w).nanos() / passthrough.get(w).nanos();
        }
        direct.finish();
        behind.finish();
        Arrays.sort(ratios);
        return new Result(plugin, direction, traffic.name(), vms, ratios[windows / 2], ratios[0],
                ratios[windows - 1], median(passthrough), median(emulated));
    }

    /**
     * Where the time goes in one mode: a run of its own, since looking at each stage costs time itself.
     *
     * @return ns a unit for each stage, the median of the windows
     */
    public static Map<Stage, Double> breakdown(String plugin, Direction direction, boolean segmented, int vms,
            boolean emulated, int warmUpMillis, int windows, int windowMillis) {
        Streams streams = new Streams(Product.of(plugin), direction, segmented ? Traffic.MESSAGES : Traffic.SMALL, vms,
                emulated, true);
        streams.spin(warmUpMillis);
        Map<Stage, Double> result = new EnumMap<>(Stage.class);
        double[][] nanos = new double[Stage.COUNT][windows];
        for (int w = 0; w < windows; w++) {
            double units = streams.spin(windowMillis);
            for (Stage stage : Stage.values()) {
                nanos[stage.ordinal()][w] = streams.watch.cpuNanos(stage) / units;
            }
        }
        streams.finish();
        for (Stage stage : Stage.values()) {
            Arrays.sort(nanos[stage.ordinal()]);
            result.put(stage, nanos[stage.ordinal()][windows / 2]);
        }
        return result;
    }

    private static Cost median(List<Cost> costs) {
        List<Cost> sorted = new ArrayList<>(costs);
        sorted.sort((a, b) -> Double.compare(a.nanos(), b.nanos()));
        return sorted.get(sorted.size() / 2);
    }

    private Cost window(int millis) {
        long interruptsBefore = interrupts();
        double units = spin(millis);
        double guest = 0;
        double hypervisor = 0;
        for (Stage stage : Stage.values()) {
            guest += stage.isGuest() ? watch.cpuNanos(stage) : 0;
            hypervisor += stage.isHypervisor() ? watch.cpuNanos(stage) : 0;
        }
        return new Cost(guest / units, hypervisor / units, watch.cpuNanos(Stage.SILICON) / units,
                (interrupts() - interruptsBefore) / units, watch.allocatedBytes() / units);
    }

    /** Runs for some CPU time; returns the packets that made their way. */
    private double spin(int millis) {
        long before = frames();
        watch.begin(Stage.FAR);
        do {
            for (int i = 0; i < 64; i++) {
                round();
            }
        } while (!watch.hasRun(millis));
        watch.end();
        double units = (double) (frames() - before) / traffic.segments();
        if (units == 0) {
            throw new IllegalStateException("no packet made its way " + direction + " in " + millis + " ms");
        }
        return units;
    }

    private long frames() {
        return direction == Direction.TX ? far.taken() : far.sent();
    }

    private long interrupts() {
        long sum = 0;
        for (Guest guest : world.guests) {
            sum += guest.interrupts();
        }
        return sum;
    }

    private void round() {
        if (direction == Direction.RX) {
            far.send(frames);
            silicon();
            hypervisor();
        }
        watch.enter(Stage.STACK);
        for (Guest guest : world.guests) {
            guest.run();
            if (direction == Direction.TX) {
                guest.send(packets);
            }
        }
        watch.enter(Stage.FAR);
        if (direction == Direction.TX) {
            hypervisor();
            silicon();
        }
    }

    private void hypervisor() {
        int turns = world.isEmulated() ? (frames + HYPERVISOR_BUDGET - 1) / HYPERVISOR_BUDGET : 1;
        watch.enter(Stage.SWITCH);
        for (int i = 0; i < turns; i++) {
            world.hypervisor();
        }
        watch.enter(Stage.FAR);
    }

    private void silicon() {
        for (int i = 0; i < MOST_TURNS; i++) {
            watch.enter(Stage.SILICON);
            int work = world.silicon();
            watch.enter(Stage.FAR);
            far.take();
            if (work == 0) {
                return;
            }
        }
    }

    /** Lets everything come to rest and sees that nothing was lost on the way. */
    private void finish() {
        for (int i = 0; i < 200; i++) {
            silicon();
            hypervisor();
            for (Guest guest : world.guests) {
                guest.run();
            }
        }
        world.check();
        long bytes = 0;
        long sent = 0;
        for (Guest guest : world.guests) {
            bytes += guest.receivedBytes();
            sent += guest.sent();
        }
        boolean complete = direction == Direction.TX ? far.taken() == sent * traffic.segments()
                : bytes >= far.sent() / traffic.segments() * traffic.payload();
        if (!complete) {
            throw new IllegalStateException("of " + far.sent() + " frames " + bytes + " bytes arrived, of " + sent
                    + " packets " + far.taken() + " frames");
        }
    }

    /** {@code PLUGIN tx|rx segmented VMS}: prints a comparison and where the time goes. */
    public static void main(String[] args) {
        Direction direction = Direction.valueOf(args[1].toUpperCase(Locale.ROOT));
        boolean segmented = Boolean.parseBoolean(args[2]);
        int vms = Integer.parseInt(args[3]);
        System.out.println(compare(args[0], direction, segmented, vms, 3000, 7, 100));
        for (boolean emulated : new boolean[] {false, true}) {
            System.out.println((emulated ? "emulated " : "passthrough ")
                    + breakdown(args[0], direction, segmented, vms, emulated, 2000, 5, 100));
        }
    }
}
