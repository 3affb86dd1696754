package dev.npa.shell.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.shell.runtime.control.NicControl;
import dev.npa.shell.runtime.control.Refusal;
import dev.npa.shell.runtime.fake.FakeNic;
import dev.npa.shell.runtime.fake.TestFramework;
import dev.npa.shell.runtime.fake.TestImages;
import dev.npa.shell.runtime.switchover.SwitchState;
import dev.npa.testimage.Factories;
import dev.npa.testimage.TestPlugin;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleWiring;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SwitchoverTest {

    private final TestFramework framework = new TestFramework();
    private GuestRig rig;
    private int allocations;

    @BeforeEach
    void boot() {
        rig = new GuestRig(framework);
        rig.round();
        allocations = rig.guest.allocator().allocations();
        rig.hypervisor.log.clear();
    }

    @AfterEach
    void close() {
        rig.guest.close();
        assertEquals(0, rig.guest.allocator().allocations(), "everything was given back");
        assertEquals(0, rig.guest.vectors().allocated());
        assertEquals(0, framework.installed());
    }

    @AfterAll
    void stop() {
        framework.close();
    }

    private void traffic() {
        for (int i = 0; i < 20; i++) {
            rig.send(60 + 70 * i);
            rig.arrive(64 + 70 * i);
        }
    }

    private void toPassthrough(int slot) {
        rig.hypervisor.passthrough(slot, TestImages.good());
        traffic();
        rig.untilAnswered();
        assertEquals(0, rig.hypervisor.result(), rig.hypervisor.text());
    }

    private void assertEmulatedAndClean() {
        assertEquals(SwitchState.EMULATED, rig.guest.switchover().state());
        assertEquals(0, rig.hypervisor.word(0x010));
        assertEquals(-1, rig.hypervisor.word(0x014));
        assertEquals(0, framework.installed());
        assertEquals(allocations, rig.guest.allocator().allocations(), "DMA windows and image memory");
        traffic();
        rig.settle();
        assertTrue(rig.hypervisor.emulated.isEnabled());
    }

    @Test
    void theGuestBootsEmulatedAndAnnouncesItsArea() {
        assertEquals(0x3141504E, rig.hypervisor.word(0));
        assertEquals(1, rig.hypervisor.word(4));
        assertEquals(0x00010000, rig.hypervisor.word(8), "API 1.0: minor, then major");
        assertEquals(2, rig.hypervisor.word(0xC));
        assertEquals(0, rig.hypervisor.area % 64);
        traffic();
        rig.settle();
        rig.assertExact();
    }

    @Test
    void passthroughFollowsTheProtocolStepByStep() {
        traffic();
        toPassthrough(0);
        assertEquals(List.of("COPY 1", "ACTIVATE_VF 0 1", "drained", "STOP_EMULATION 1"), rig.hypervisor.log);
        assertEquals(3, rig.hypervisor.word(0x010));
        assertEquals(0, rig.hypervisor.word(0x014));
        assertFalse(rig.hypervisor.emulated.isEnabled(), "the emulated rings are given up");
        traffic();
        rig.settle();
        rig.assertExact();
    }

    @Test
    void theWayBackUnloadsThePlugin() {
        toPassthrough(0);
        rig.hypervisor.log.clear();
        rig.hypervisor.emulate();
        traffic();
        rig.untilAnswered();
        assertEquals(List.of("FILTER", "ACTIVATE_VF -1 2", "drained", "UNLOADED 0"), rig.hypervisor.log);
        assertEquals(1, rig.hypervisor.word(0x018), "unloads");
        assertEquals(0, rig.hypervisor.word(0x01C), "an orderly plugin leaves nothing behind");
        assertFalse(rig.hypervisor.vfs[0].isBusMaster());
        assertEmulatedAndClean();
        rig.assertExact();
    }

    @Test
    void aSwapBringsTheNewPluginUpBeforeTheOldOneLetsGo() {
        toPassthrough(0);
        rig.hypervisor.log.clear();
        toPassthrough(1);
        assertEquals(List.of("COPY 2", "ACTIVATE_VF 1 2", "drained", "UNLOADED 0"), rig.hypervisor.log);
        assertEquals(1, rig.hypervisor.word(0x014));
        assertEquals(1, framework.installed());
        traffic();
        rig.settle();
        rig.assertExact();
    }

    @Test
    void receiveStaysOnTheOldPathUntilDrainedIsSeen() {
        rig.hypervisor.holdDrained = true;
        rig.hypervisor.passthrough(0, TestImages.good());
        rig.until("DRAINING_RX", () -> rig.guest.switchover().state() == SwitchState.DRAINING_RX);
        rig.arrive(100);
        int before = rig.received.size();
        for (int i = 0; i < 50; i++) {
            rig.round();
        }
        assertEquals(before, rig.received.size(), "a frame of the new path is not delivered yet");
        rig.send(100);
        rig.until("transmit uses the new path", () -> rig.wire.size() == rig.sent());
        rig.hypervisor.holdDrained = false;
        rig.untilAnswered();
        rig.settle();
        rig.assertExact();
    }

    @Test
    void transmitIsNotTurnedWhileTheOldPathHasPacketsOutstanding() {
        rig.send(100);
        rig.hypervisor.passthrough(0, TestImages.good());
        for (int i = 0; i < 50; i++) {
            rig.guest.run(64);
        }
        assertEquals(SwitchState.DRAINING_TX, rig.guest.switchover().state());
        assertEquals(List.of("COPY 1"), rig.hypervisor.log);
        rig.untilAnswered();
        rig.assertExact();
    }

    @Test
    void transmitsThatAreNeverCompletedEndTheAttempt() {
        rig.send(100);
        rig.hypervisor.passthrough(0, TestImages.good());
        for (int i = 0; i < 200; i++) {
            rig.machine.nanos += 100_000_000;
            rig.guest.run(64);
        }
        assertEquals(Refusal.TIME_LIMIT, rig.hypervisor.result());
        assertEmulatedAndClean();
        rig.assertExact();
    }

    @Test
    void aPluginThatNeverCompletesIsDroppedWhenTheEmulationIsWanted() {
        toPassthrough(0);
        rig.settle();
        rig.send(20);
        rig.hypervisor.emulate();
        for (int i = 0; i < 30; i++) {
            rig.machine.nanos += 100_000_000;
            rig.guest.run(64);
        }
        assertTrue(rig.hypervisor.log.contains("ACTIVATE_VF -1 0"), rig.hypervisor.log::toString);
        assertEquals(1, rig.hypervisor.word(0x024), "faults");
        assertEquals(SwitchState.EMULATED, rig.guest.switchover().state());
        assertEquals(0, framework.installed());
    }

    private void assertRefused(int result, String word) {
        traffic();
        rig.untilAnswered();
        assertEquals(result, rig.hypervisor.result(), rig.hypervisor.text());
        assertTrue(rig.hypervisor.text().contains(word), rig.hypervisor.text());
        assertEquals("FAILED " + rig.hypervisor.sequence, rig.hypervisor.log.get(rig.hypervisor.log.size() - 1));
        assertEmulatedAndClean();
        rig.assertExact();
        assertEquals(0, rig.hypervisor.word(0x024), "a refused plugin is no fault");
    }

    @ParameterizedTest
    @ValueSource(classes = {Factories.BadConstructor.class, Factories.BadSupports.class,
        Factories.SupportsNothing.class, Factories.BadCreate.class})
    void aFactoryThatFailsLeavesTheVmEmulated(Class<?> factory) {
        rig.hypervisor.passthrough(0, TestImages.with(factory));
        assertRefused(Refusal.ENTRY_POINT, "");
    }

    @ParameterizedTest
    @ValueSource(classes = {Factories.BadConfigure.class, Factories.BadStart.class})
    void aPluginThatDoesNotComeUpLeavesNothingBehind(Class<?> factory) {
        rig.hypervisor.passthrough(0, TestImages.with(factory));
        assertRefused(Refusal.DEVICE, "PluginFailure");
        boolean started = factory == Factories.BadStart.class;
        assertEquals(started ? 48 : 0, rig.hypervisor.word(0x01C), "receive buffers that the shell reclaimed");
        assertEquals(started ? 0 : 1, rig.hypervisor.word(0x020), "windows that the shell reclaimed");
    }

    @Test
    void anImageThatIsCorruptedOnTheWayIsRefused() {
        rig.hypervisor.corruptCopy = true;
        rig.hypervisor.passthrough(0, TestImages.good());
        assertRefused(Refusal.DIGEST, "SHA-256");
    }

    @Test
    void refusalsOfTheHypervisorAreReported() {
        rig.hypervisor.activateResult = 1;
        rig.hypervisor.passthrough(0, TestImages.good());
        assertRefused(Refusal.MODE_SWITCH, "ACTIVATE_VF");
    }

    @Test
    void activateIsSaidAgainAsLongAsTheHypervisorIsNotReady() {
        rig.hypervisor.notYet = 3;
        rig.hypervisor.passthrough(0, TestImages.good());
        rig.until("ACTIVATING", () -> rig.guest.switchover().state() == SwitchState.ACTIVATING);
        int sent = rig.wire.size();
        rig.send(100);
        rig.arrive(100);
        rig.until("receive goes on meanwhile", () -> rig.received.size() == 1);
        assertEquals(sent, rig.wire.size(), "transmit is held");
        rig.untilAnswered();
        assertEquals(0, rig.hypervisor.result());
        assertEquals(4, rig.hypervisor.log.stream().filter("ACTIVATE_VF 0 1"::equals).count());
        rig.settle();
        rig.assertExact();
    }

    @Test
    void aHypervisorThatIsNeverReadyEndsTheAttempt() {
        rig.hypervisor.notYet = Integer.MAX_VALUE;
        rig.hypervisor.passthrough(0, TestImages.good());
        for (int i = 0; i < 100; i++) {
            rig.machine.nanos += 100_000_000;
            rig.round();
        }
        assertEquals(Refusal.MODE_SWITCH, rig.hypervisor.result());
        assertEmulatedAndClean();
        rig.assertExact();
    }

    @Test
    void theFallBackWaitsForAHypervisorThatIsNotReady() {
        toPassthrough(0);
        rig.settle();
        rig.hypervisor.notYet = 3;
        rig.hypervisor.vfs[0].fault = TestPlugin.FAULT_RX;
        rig.send(100);
        rig.until("the fall-back", () -> rig.hypervisor.log.contains("UNLOADED 0"));
        assertEquals(4, rig.hypervisor.log.stream().filter("ACTIVATE_VF -1 0"::equals).count());
        assertEmulatedAndClean();
        rig.assertExact();
    }

    @Test
    void wrongSlotsActionsAndDevicesAreRefused() {
        rig.hypervisor.passthrough(0, TestImages.good());
        rig.machine.memory().putInt(rig.hypervisor.area + 0x48, 7);
        assertRefused(Refusal.NO_SUCH_REQUEST, "slot 7");
        rig.hypervisor.passthrough(0, TestImages.good());
        rig.machine.memory().putInt(rig.hypervisor.area + 0x44, 9);
        assertRefused(Refusal.NO_SUCH_REQUEST, "action 9");
        rig.hypervisor.passthrough(0, TestImages.good());
        rig.machine.memory().putInt(rig.hypervisor.area + 0x4C, 20);
        assertRefused(Refusal.DEVICE, "slot 20");
        rig.hypervisor.passthrough(0, TestImages.good());
        rig.machine.memory().putInt(rig.hypervisor.area + 0x54, Integer.MAX_VALUE);
        assertRefused(Refusal.MEMORY, "2147483647");
        rig.hypervisor.passthrough(0, TestImages.good());
        rig.machine.memory().putShort(rig.hypervisor.area + 0x52, (short) 2);
        assertRefused(Refusal.DEVICE, "announced 1234:0002");
    }

    @Test
    void theActiveSlotIsNotLoadedInto() {
        toPassthrough(0);
        FakeNic carrying = rig.hypervisor.vfs[0];
        rig.hypervisor.passthrough(0, TestImages.good());
        rig.hypervisor.vfs[0] = carrying;
        rig.untilAnswered();
        assertEquals(Refusal.NO_SUCH_REQUEST, rig.hypervisor.result());
        traffic();
        rig.settle();
        rig.assertExact();
    }

    @Test
    void aNewerRequestOvertakesOneThatIsNotTurnedYet() {
        rig.send(100);
        rig.hypervisor.passthrough(0, TestImages.good());
        for (int i = 0; i < 20; i++) {
            rig.guest.run(64);
        }
        rig.hypervisor.passthrough(1, TestImages.good());
        rig.untilAnswered();
        assertEquals(0, rig.hypervisor.result());
        assertTrue(rig.hypervisor.log.contains("FAILED 1"), rig.hypervisor.log.toString());
        assertEquals(1, rig.guest.switchover().active());
        rig.settle();
        rig.assertExact();
    }

    @Test
    void aRequestToEmulateWhatIsEmulatedIsAnsweredAtOnce() {
        rig.hypervisor.emulate();
        rig.untilAnswered();
        assertEquals(0, rig.hypervisor.result());
        assertTrue(rig.hypervisor.log.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {TestPlugin.FAULT_TX, TestPlugin.FAULT_RX, TestPlugin.FAULT_INTERRUPT,
        TestPlugin.FAULT_FOREIGN_BUFFER})
    void aPluginThatFailsOnTheDataPathIsDropped(int fault) {
        toPassthrough(0);
        rig.settle();
        rig.hypervisor.log.clear();
        FakeNic vf = rig.hypervisor.vfs[0];
        vf.fault = fault;
        rig.send(100);
        rig.arrive(100);
        rig.until("the fall-back", () -> rig.guest.switchover().state() == SwitchState.EMULATED);
        assertEquals(List.of("FILTER", "ACTIVATE_VF -1 0", "UNLOADED 0"), rig.hypervisor.log.stream()
                .filter(l -> !l.equals("drained")).toList());
        assertEquals(1, rig.hypervisor.word(0x024), "faults");
        assertEquals(1, rig.hypervisor.word(0x018), "unloads");
        assertTrue(rig.hypervisor.word(0x01C) >= 47, "buffers reclaimed");
        assertFalse(vf.isBusMaster());
        assertEquals(0, framework.installed());
        assertEquals(rig.sent(), rig.wire.size() + rig.guest.statistics().txLost(), "an exact account");
        int sent = rig.wire.size();
        rig.send(100);
        rig.until("traffic goes on", () -> rig.wire.size() == sent + 1);
    }

    @Test
    void aPluginThatFailsWhileItComesToRestDoesNotStopTheSwitchover() {
        toPassthrough(0);
        rig.settle();
        rig.hypervisor.vfs[0].fault = TestPlugin.FAULT_QUIESCE;
        rig.hypervisor.emulate();
        rig.untilAnswered();
        assertEquals(0, rig.hypervisor.result());
        assertEquals(1, rig.hypervisor.word(0x024));
        assertEquals(48, rig.hypervisor.word(0x01C));
        assertEmulatedAndClean();
        rig.assertExact();
    }

    @Test
    void anOldPluginThatFailsWhileItIsDrainedIsDroppedAndTheNewOneGoesOn() {
        toPassthrough(0);
        rig.settle();
        FakeNic old = rig.hypervisor.vfs[0];
        rig.hypervisor.passthrough(1, TestImages.good());
        rig.until("DRAINING_RX", () -> {
            old.fault = rig.guest.switchover().state() == SwitchState.DRAINING_RX ? TestPlugin.FAULT_RX : 0;
            return old.fault != 0;
        });
        rig.untilAnswered();
        assertEquals(0, rig.hypervisor.result());
        assertEquals(1, rig.hypervisor.word(0x024));
        assertEquals(1, rig.guest.switchover().active());
        assertTrue(rig.hypervisor.log.contains("UNLOADED 0"));
        traffic();
        rig.settle();
        rig.assertExact();
    }

    @Test
    void classLoadersAreCollectedAfterReturnSwapAndFault() {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        SynchronousBundleListener listener = event -> {
            if (event.getType() == BundleEvent.STARTED) {
                loaders.add(new WeakReference<>(event.getBundle().adapt(BundleWiring.class).getClassLoader()));
            }
        };
        framework.context().addBundleListener(listener);
        toPassthrough(0);
        toPassthrough(1);
        rig.hypervisor.emulate();
        rig.untilAnswered();
        toPassthrough(0);
        rig.hypervisor.vfs[0].fault = TestPlugin.FAULT_INTERRUPT;
        rig.arrive(100);
        rig.until("the fall-back", () -> rig.guest.switchover().state() == SwitchState.EMULATED);
        framework.context().removeBundleListener(listener);
        assertEquals(3, loaders.size());
        for (WeakReference<ClassLoader> loader : loaders) {
            for (int i = 0; i < 40 && loader.get() != null; i++) {
                System.gc();
                assertEquals(1 << 20, new byte[1 << 20].length);
            }
            assertNull(loader.get(), "loader " + loaders.indexOf(loader) + " is still reachable");
        }
        assertEquals(3, rig.hypervisor.word(0x018), "unloads");
    }

    @Test
    void aStoppedQueueOfTheEmulatedDeviceRestartsTheEmulation() {
        rig.hypervisor.raise(NicControl.EVENT_QUEUE_ERROR);
        rig.until("restart", () -> rig.hypervisor.log.contains("FILTER"));
        traffic();
        rig.settle();
        rig.assertExact();
        assertEquals(0, rig.hypervisor.word(0x024), "no plugin was at fault");
        assertFalse(rig.hypervisor.log.contains("ACTIVATE_VF -1 0"), "the traffic was there already");
    }

    @Test
    void aFullReceiveRingHoldsFramesBackWithoutLoss() {
        for (int i = 0; i < 300; i++) {
            rig.arrive(100);
        }
        for (int i = 0; i < 100; i++) {
            rig.guest.run(64);
            rig.hypervisor.work(64);
        }
        assertEquals(0, rig.guest.statistics().rxDropped());
        assertTrue(rig.guest.statistics().rxPackets() <= 64 + 64, "one ring full, and one poll");
        rig.settle();
        rig.assertExact();
    }

    @Test
    void recordsThatAreTooLongOrTooShortAreRefusedAndCounted() {
        rig.channel.send(new byte[1519]);
        rig.channel.send(new byte[13]);
        rig.send(1518);
        rig.settle();
        assertEquals(2, rig.guest.statistics().txRefused());
        rig.assertExact();
    }

    @Test
    void countersOfTheDeviceGoOnOverSwitchovers() {
        traffic();
        rig.settle();
        toPassthrough(0);
        rig.hypervisor.emulate();
        rig.untilAnswered();
        rig.settle();
        assertEquals(rig.sent(), rig.guest.statistics().txPackets());
        assertEquals(rig.arrivedCount(), rig.guest.statistics().rxPackets());
    }
}
