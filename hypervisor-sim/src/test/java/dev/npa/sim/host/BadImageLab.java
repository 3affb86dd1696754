package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.hw.Machine;
import dev.npa.hw.PhysicalMemory;
import dev.npa.sim.host.Switchover.Outcome;
import dev.npa.sim.host.VirtualMachine.State;
import dev.npa.sim.time.SeededScheduler;
import dev.npa.sim.time.VirtualClock;
import dev.npa.sim.traffic.AccountSummary;
import dev.npa.sim.traffic.GeneratorSpec;
import dev.npa.sim.traffic.Pacing;
import dev.npa.sim.traffic.Station;
import dev.npa.sim.traffic.Traffic;
import dev.npa.sim.traffic.WirePeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A host with one VM under traffic, the good image and a broken one in its repository; seeded. */
final class BadImageLab implements AutoCloseable {

    static final long MILLI = 1_000_000L;
    static final long LIMIT = 60_000 * MILLI;
    private static final int VFS = 2;

    final Simulation simulation;
    final VirtualMachine vm;
    final Host host;
    private final long seed;
    private final Traffic traffic;
    private Machine machine;

    BadImageLab(Path directory, long seed, byte[] broken) {
        this.seed = seed;
        Path images = directory.resolve("images");
        try {
            Files.createDirectories(images);
            Files.copy(BrokenImages.good(), images.resolve("plugin-niantic.jar"));
            Files.write(images.resolve(BrokenImages.FILE), broken);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SimulationParts parts = Lab.parts(directory.resolve("guests"));
        GuestSystem.Factory guests = FelixGuest.factory(parts);
        SeededScheduler scheduler = new SeededScheduler(seed, new VirtualClock());
        simulation = new SimulationImpl(Simulation.Mode.SEEDED, scheduler, parts, (guest, parameters) -> {
            machine = guest;
            return guests.create(guest, parameters);
        });
        traffic = new Traffic(simulation.clock());
        host = simulation.addHost("host0", images);
        Host.Nic nic = host.addNic("nic0", "82599", VFS);
        WirePeer peer = traffic.peer("peer", nic.wire());
        MacAddress mac = new MacAddress(0x0200_0000_0100L);
        vm = host.addVm("vm0", nic, mac, 64, 1500);
        traffic.generate("wire", GeneratorSpec.udp(GeneratorSpec.Sizes.ofImix(), Pacing.framesPerSecond(20_000), seed),
                traffic.guest("vm0", vm.channel(), mac), traffic.place(peer));
        for (Station station : traffic.stations()) {
            simulation.addComponent("traffic", station);
        }
        vm.powerOn();
        assertTrue(simulation.runUntil(() -> vm.state() == State.EMULATED && vm.channel().isReady(), LIMIT),
                () -> "the VM is " + vm.state());
        traffic.start();
        run(3 * MILLI);
    }

    void run(long nanos) {
        simulation.runUntil(() -> false, nanos);
    }

    /** The guest's machine. */
    Machine machine() {
        return machine;
    }

    /** Address of the guest's plugin area, found by its magic (docs/switch-protocol.md). */
    long pluginArea() {
        PhysicalMemory memory = machine.memory();
        for (long at = memory.base(); at < memory.base() + memory.size(); at += 64) {
            if (memory.getInt(at) == 0x3141504E && memory.getInt(at + 4) == 1) {
                return at;
            }
        }
        throw new AssertionError("the guest announced no plugin area");
    }

    /** Runs a switchover to its end, however that is, and a while on. */
    Switchover end(Switchover switchover) {
        assertTrue(simulation.runUntil(() -> switchover.outcome() != Outcome.PENDING, LIMIT), switchover::toString);
        run(3 * MILLI);
        return switchover;
    }

    void done(Switchover switchover) {
        assertEquals(Outcome.DONE, end(switchover).outcome(), switchover::reason);
    }

    /** Runs a switchover that must fail with one sentence that has these words. */
    void failed(Switchover switchover, String... words) {
        assertEquals(Outcome.FAILED, end(switchover).outcome(), switchover::toString);
        assertSentence(switchover.reason(), words);
    }

    static void assertSentence(String reason, String... words) {
        for (String word : words) {
            assertTrue(reason.contains(word), () -> "'" + word + "' is not in: " + reason);
        }
        assertTrue(reason.length() < 512 && !reason.contains("\n") && !reason.contains(".."), reason);
    }

    /** The VM is on the emulation, runs, and holds nothing of any VF. */
    void assertEmulatedWithNothingHeld() {
        assertEquals(State.EMULATED, vm.state());
        assertEquals("emulated", vm.carrier());
        VirtualMachine.Leftovers left = vm.leftovers();
        assertEquals(0, left.vfsHeld(), left::toString);
        assertEquals(0, left.pagesMapped(), left::toString);
        assertEquals(VFS, host.nics().get(0).freeVirtualFunctions());
    }

    void assertClassLoadersCollected() {
        VirtualMachine.Leftovers left = vm.leftovers();
        assertEquals(left.unloaded(), left.classLoadersCollected(), left::toString);
    }

    /** Traffic flows in both directions right now. */
    void assertTrafficGoesOn() {
        List<Long> before = received();
        run(3 * MILLI);
        List<Long> after = received();
        for (int i = 0; i < before.size(); i++) {
            assertTrue(after.get(i) > before.get(i) + 20, "seed " + seed + ", received " + before + ", " + after);
        }
    }

    private List<Long> received() {
        return traffic.summaries().stream().map(s -> s.total().received()).toList();
    }

    /** The good image goes in and out again. */
    void assertGoodImageWorks() {
        done(vm.passthrough("niantic", "1.0.0"));
        assertEquals("niantic 1.0.0", vm.carrier());
        assertEquals(State.PASSTHROUGH, vm.state());
        assertTrafficGoesOn();
        done(vm.emulate());
        assertEmulatedWithNothingHeld();
    }

    /** Ends the traffic: nothing was lost, doubled or reordered. */
    void assertNothingLost() {
        assertLostAtMost(0);
    }

    /** Ends the traffic: at most so many frames were lost in a direction, none doubled, reordered or invented. */
    void assertLostAtMost(long most) {
        traffic.stop();
        simulation.runUntil(traffic::isIdle, LIMIT);
        for (AccountSummary s : traffic.summaries()) {
            AccountSummary.Phase total = s.total();
            String text = "seed " + seed + ": " + s;
            assertTrue(s.settled(), text);
            assertNotEquals(0, total.received(), text);
            assertEquals(0, total.duplicated() | total.reordered() | total.foreign() | total.outstanding(), text);
            assertTrue(total.lost() <= most, text);
        }
        assertEquals(List.of(), simulation.violations().list(), "seed " + seed);
    }

    @Override
    public void close() {
        simulation.close();
    }
}
