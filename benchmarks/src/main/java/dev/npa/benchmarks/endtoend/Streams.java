package dev.npa.benchmarks.endtoend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

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

    private static final int GUEST = 0;
    private static final int HYPERVISOR = 1;
    private static final int SILICON = 2;
    private static final int FAR = 3;
    private static final int STAGES = 4;
    private static final int HYPERVISOR_BUDGET = 64;
    private static final int FRAMES_A_TURN = 48;
    private static final int MOST_TURNS = 64;

    private final World world;
    private final Traffic traffic;
    private final Direction direction;
    private final FarEnd far;
    private final Stopwatch watch = new Stopwatch(STAGES);
    /** Packets a round and guest. */
    private final int packets;
    private final int frames;

    private Streams(Product product, Direction direction, Traffic traffic, int vms, boolean emulated) {
        this.direction = direction;
        this.traffic = traffic;
        world = new World(product, vms, emulated);
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
     * @param warmUpMillis time for each mode before the first window
     * @param windows pairs of windows, each of {@code windowMillis}
     */
    public static Result compare(String plugin, Direction direction, boolean segmented, int vms, int warmUpMillis,
            int windows, int windowMillis) {
        Traffic traffic = segmented ? Traffic.MESSAGES : Traffic.SMALL;
        Streams direct = new Streams(Product.of(plugin), direction, traffic, vms, false);
        Streams behind = new Streams(Product.of(plugin), direction, traffic, vms, true);
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

    private static Cost median(List<Cost> costs) {
        List<Cost> sorted = new ArrayList<>(costs);
        sorted.sort((a, b) -> Double.compare(a.nanos(), b.nanos()));
        return sorted.get(sorted.size() / 2);
    }

    private Cost window(int millis) {
        long before = frames();
        long interruptsBefore = interrupts();
        long until = System.nanoTime() + millis * 1_000_000L;
        watch.begin();
        do {
            for (int i = 0; i < 64; i++) {
                round();
            }
        } while (System.nanoTime() < until);
        watch.end();
        double units = (double) (frames() - before) / traffic.segments();
        if (units == 0) {
            throw new IllegalStateException("no packet made its way " + direction + " in " + millis + " ms");
        }
        return new Cost(watch.cpuNanos(GUEST) / units, watch.cpuNanos(HYPERVISOR) / units,
                watch.cpuNanos(SILICON) / units, (interrupts() - interruptsBefore) / units,
                watch.allocatedBytes() / units);
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
            watch.lap(FAR);
            silicon();
            hypervisor();
        }
        for (Guest guest : world.guests) {
            guest.run();
            if (direction == Direction.TX) {
                guest.send(packets);
            }
        }
        watch.lap(GUEST);
        if (direction == Direction.TX) {
            hypervisor();
            silicon();
        }
    }

    private void hypervisor() {
        int turns = world.isEmulated() ? (frames + HYPERVISOR_BUDGET - 1) / HYPERVISOR_BUDGET : 1;
        for (int i = 0; i < turns; i++) {
            world.hypervisor();
        }
        watch.lap(HYPERVISOR);
    }

    private void silicon() {
        for (int i = 0; i < MOST_TURNS; i++) {
            int work = world.silicon();
            watch.lap(SILICON);
            far.take();
            watch.lap(FAR);
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

    /** {@code PLUGIN tx|rx segmented VMS}: prints one result. */
    public static void main(String[] args) {
        System.out.println(compare(args[0], Direction.valueOf(args[1].toUpperCase(Locale.ROOT)),
                Boolean.parseBoolean(args[2]), Integer.parseInt(args[3]), 6000, Integer.getInteger("windows", 9), 150));
    }
}
