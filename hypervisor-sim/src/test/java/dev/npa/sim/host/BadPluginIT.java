package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.host.VirtualMachine.State;
import dev.npa.sim.host.broken.DataPaths;
import dev.npa.sim.host.broken.Endings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plugins that fail while they carry traffic, or do not go as they should: the VM falls back and goes on. */
class BadPluginIT {

    /**
     * Most frames that may be lost in a direction with a plugin at 20,000 frames a second: the burst handed over, and
     * what the VF received between the fault and the cut.
     */
    private static final int IN_FLIGHT = 8;

    @TempDir
    Path directory;

    private BadImageLab lab(long seed, Class<?> factory) {
        return new BadImageLab(directory, seed, BrokenImages.with(factory).bytes());
    }

    @ParameterizedTest
    @ValueSource(classes = {DataPaths.ThrowsInTransmit.class, DataPaths.ThrowsInReceive.class,
        DataPaths.ThrowsInReclaim.class, DataPaths.ThrowsInInterrupt.class, DataPaths.TakesMoreThanOffered.class,
        DataPaths.MiscountsReceived.class, DataPaths.MiscountsReclaimed.class, DataPaths.IndicatesTooMuch.class,
        DataPaths.ClearsTheBurst.class})
    void pluginThatFailsOnTheDataPathIsDroppedAndTheEmulationGoesOn(Class<?> factory) {
        try (BadImageLab lab = lab(11, factory)) {
            lab.done(lab.vm.passthrough(BrokenImages.NAME, null));
            assertTrue(lab.simulation.runUntil(() -> lab.vm.state() == State.EMULATED, BadImageLab.LIMIT),
                    () -> "the VM is " + lab.vm.state());
            lab.run(BadImageLab.MILLI);
            lab.assertEmulatedWithNothingHeld();
            assertEquals(1, lab.vm.leftovers().faults());
            assertEquals(1, lab.vm.leftovers().unloaded());
            assertEquals(2, lab.vm.switchovers().size());
            Switchover own = lab.vm.switchovers().get(1);
            assertEquals("broken 6.6.6 emulated DONE", own.from() + " " + own.to() + " " + own.outcome());
            lab.assertTrafficGoesOn();
            lab.assertGoodImageWorks();
            lab.assertLostAtMost(IN_FLIGHT);
            lab.assertClassLoadersCollected();
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Endings.Leaks.class, Endings.NeverStops.class, Endings.ThrowsInStop.class,
        Endings.ThrowsInClose.class, Endings.ThrowsInQuiesce.class})
    void pluginThatDoesNotTidyUpIsTidiedUpAfter(Class<?> factory) {
        try (BadImageLab lab = lab(12, factory)) {
            lab.done(lab.vm.passthrough(BrokenImages.NAME, null));
            lab.assertTrafficGoesOn();
            lab.done(lab.vm.emulate());
            lab.assertEmulatedWithNothingHeld();
            VirtualMachine.Leftovers left = lab.vm.leftovers();
            assertEquals(factory == Endings.ThrowsInQuiesce.class ? 1 : 0, left.faults());
            if (factory == Endings.Leaks.class) {
                assertEquals(Endings.LEAKED_BUFFERS, left.reclaimedBuffers());
                assertEquals(1, left.reclaimedWindows());
            } else if (factory != Endings.ThrowsInClose.class) {
                assertTrue(left.reclaimedBuffers() > 100 && left.reclaimedWindows() > 0, left::toString);
            }
            lab.assertTrafficGoesOn();
            lab.assertGoodImageWorks();
            lab.assertNothingLost();
            lab.assertClassLoadersCollected();
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Endings.Leaks.class, Endings.NeverStops.class, Endings.ThrowsInStop.class,
        Endings.ThrowsInClose.class, Endings.ThrowsInQuiesce.class})
    void pluginThatDoesNotTidyUpIsSwappedAway(Class<?> factory) {
        try (BadImageLab lab = lab(13, factory)) {
            lab.done(lab.vm.passthrough(BrokenImages.NAME, null));
            lab.done(lab.vm.passthrough("niantic", null));
            assertEquals("niantic 1.0.0", lab.vm.carrier());
            assertEquals(1, lab.vm.leftovers().vfsHeld());
            lab.assertTrafficGoesOn();
            lab.done(lab.vm.emulate());
            lab.assertEmulatedWithNothingHeld();
            lab.assertNothingLost();
            lab.assertClassLoadersCollected();
        }
    }

    private void assertBounded(Switchover switchover) {
        long took = switchover.completedNanos() - switchover.requestedNanos();
        assertTrue(took > 1_900 * BadImageLab.MILLI && took < 4_500 * BadImageLab.MILLI, () -> took + " ns");
    }

    @Test
    void pluginThatNeverComesToRestIsTakenOutAfterABoundedTime() {
        try (BadImageLab lab = lab(14, Endings.NeverQuiet.class)) {
            lab.done(lab.vm.passthrough(BrokenImages.NAME, null));
            Switchover back = lab.vm.emulate();
            lab.done(back);
            assertBounded(back);
            lab.assertEmulatedWithNothingHeld();
            assertEquals(1, lab.vm.leftovers().faults());
            lab.assertTrafficGoesOn();
            lab.assertGoodImageWorks();
            lab.assertNothingLost();
            lab.assertClassLoadersCollected();
        }
    }

    @Test
    void swapFromAPluginThatNeverComesToRestIsDoneAfterABoundedTime() {
        try (BadImageLab lab = lab(15, Endings.NeverQuiet.class)) {
            lab.done(lab.vm.passthrough(BrokenImages.NAME, null));
            Switchover swap = lab.vm.passthrough("niantic", null);
            lab.done(swap);
            assertBounded(swap);
            assertEquals("niantic 1.0.0", lab.vm.carrier());
            assertEquals(1, lab.vm.leftovers().vfsHeld());
            lab.assertTrafficGoesOn();
            lab.done(lab.vm.emulate());
            lab.assertEmulatedWithNothingHeld();
            lab.assertGoodImageWorks();
            lab.assertNothingLost();
            lab.assertClassLoadersCollected();
        }
    }

    @Test
    void pluginThatNeverCompletesIsNotSwappedButDroppedOnTheWayBack() {
        try (BadImageLab lab = lab(16, Endings.NeverCompletes.class)) {
            lab.done(lab.vm.passthrough(BrokenImages.NAME, null));
            lab.run(20 * BadImageLab.MILLI);
            Switchover swap = lab.vm.passthrough("niantic", null);
            lab.failed(swap, "packets on the old data path were not sent", "not turned");
            assertBounded(swap);
            assertEquals(State.PASSTHROUGH, lab.vm.state());
            assertEquals(1, lab.vm.leftovers().vfsHeld());
            Switchover back = lab.vm.emulate();
            lab.failed(back, "broken 6.6.6", "fell back to the emulation");
            assertBounded(back);
            lab.assertEmulatedWithNothingHeld();
            assertEquals(1, lab.vm.leftovers().faults());
            lab.assertTrafficGoesOn();
            lab.assertGoodImageWorks();
            lab.assertLostAtMost(IN_FLIGHT);
            lab.assertClassLoadersCollected();
        }
    }

    @Test
    void classLoaderThatIsKeptIsReported() {
        try (BadImageLab lab = lab(17, Endings.KeepsItsClassLoader.class)) {
            lab.done(lab.vm.passthrough(BrokenImages.NAME, null));
            lab.done(lab.vm.emulate());
            lab.assertEmulatedWithNothingHeld();
            assertEquals(1, lab.vm.leftovers().unloaded());
            assertEquals(0, lab.vm.leftovers().classLoadersCollected());
            lab.assertGoodImageWorks();
            assertEquals(2, lab.vm.leftovers().unloaded());
            assertEquals(1, lab.vm.leftovers().classLoadersCollected());
            lab.assertNothingLost();
        }
    }
}
