package dev.npa.plugin.niantic.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.PciIdentity;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.PluginFactory;
import dev.npa.plugin.niantic.NianticFactory;
import dev.npa.plugin.intel.testing.Rig;
import dev.npa.plugin.intel.testing.TestMachine;
import dev.npa.plugin.niantic.v11.NianticFactory11;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.ShellException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Life-cycle, bring-up, coming to rest. */
class NianticPluginTest {

    private static final String BOTH = "dev.npa.plugin.niantic.Images#factories";

    private static void violates(String rule, Executable call) {
        assertEquals(rule, assertThrows(PluginException.class, call).rule());
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void theFactoryKnowsItsDevicesAndTouchesNothing(PluginFactory factory) {
        assertTrue(factory.supports(TestMachine.VF));
        assertFalse(factory.supports(new PciIdentity(0x8086, 0x10FB, 0, 0, 1)));
        assertFalse(factory.supports(new PciIdentity(0x14E4, 0x10ED, 0, 0, 1)));
        Rig rig = new Rig(factory);
        assertEquals(List.of(), rig.device.writes);
        assertEquals(List.of(), rig.machine.windows);
    }

    @Test
    void configureFollowsTheSheetsOrder() {
        Rig rig = new Rig(new NianticFactory());
        rig.device.mailbox = 1 << 7; // RSTD is seen once and consumed
        rig.plugin.configure(Rig.config(2, 64, 1500, Rig.all()));
        List<String> writes = rig.device.writes;
        assertEquals("010c=00000007", writes.get(0));
        assertEquals("0000=04000000", writes.get(1));
        assertEquals("0300=20000000", writes.get(2), "RQPL for two queues");
        assertTrue(writes.contains("1014=02000002"), "one-buffer descriptors of 2 KiB, no DROP_EN");
        assertTrue(writes.contains("1048=00000400"), "64 descriptors of 16 bytes");
        assertTrue(writes.contains("0120=81818080"), "queue pair q to vector q");
        assertTrue(writes.stream().noneMatch(w -> w.startsWith("0124")), "a VF of two queues has one register");
        assertTrue(writes.contains("0140=00000000"), "mailbox not routed");
        assertTrue(writes.contains("0820=80000028"));
        assertTrue(writes.contains("0110=00000003"));
        assertTrue(writes.contains("0114=00000003"));
        assertEquals(0, rig.machine.taken.size(), "no buffers yet");
        assertEquals(0, rig.device.registers.get(0x1028) & 1 << 25, "nothing enabled");
        assertEquals(4, rig.machine.windows.size());
        rig.machine.windows.forEach(w -> assertEquals(0, w.address() % 128));
    }

    @Test
    void headWriteBackIsProgrammedInVersion11Only() {
        Rig old = new Rig(new NianticFactory()).running();
        assertEquals(0, old.device.registers.get(0x2038));
        assertEquals(0, old.device.registers.get(0x203C));
        Rig rig = new Rig(new NianticFactory11()).running();
        long expected = rig.machine.windows.get(0).address() + 64 * 16;
        assertEquals((int) expected | 1, rig.device.registers.get(0x2038));
        assertEquals((int) (expected >>> 32), rig.device.registers.get(0x203C));
        rig.plugin.stop();
        assertEquals(0, rig.device.registers.get(0x2038));
    }

    @Test
    void startEnablesBeforeTheTailMoves() {
        Rig rig = new Rig(new NianticFactory());
        rig.plugin.configure(Rig.config(1, 64, 1500, Rig.all()));
        rig.device.writes.clear();
        rig.plugin.start();
        assertEquals(List.of("2028=02000120", "1028=42000000", "1018=0000003f"), rig.device.writes);
    }

    @Test
    void singleVectorServesAllQueuesAndNoVectorNone() {
        Rig rig = new Rig(new NianticFactory());
        rig.plugin.configure(new PluginConfig(2, 2, 64, 64, 1500, 1, Rig.all()));
        assertEquals(0x80808080, rig.device.registers.get(0x120));
        Rig polled = new Rig(new NianticFactory());
        polled.plugin.configure(new PluginConfig(2, 2, 64, 64, 1500, 0, Rig.all()));
        assertEquals(0, polled.device.registers.get(0x120));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void callsThatTheTableDoesNotAllowChangeNothing(PluginFactory factory) {
        Rig rig = new Rig(factory);
        violates("3.01", rig.plugin::start);
        violates("3.01", rig.plugin::stop);
        violates("3.01", rig.plugin::quiesce);
        violates("3.01", () -> rig.plugin.txQueue(0));
        violates("3.01", () -> rig.plugin.enableInterrupt(0));
        assertEquals(List.of(), rig.device.writes);
        rig.plugin.configure(Rig.config(1, 64, 1500, Rig.all()));
        violates("3.01", () -> rig.plugin.configure(Rig.config(1, 64, 1500, Rig.all())));
        violates("3.01", rig.plugin::stop);
        violates("3.01", () -> rig.plugin.enableInterrupt(0));
        violates("1.07", () -> rig.plugin.txQueue(1));
        violates("1.07", () -> rig.plugin.rxQueue(-1));
        violates("1.07", () -> rig.plugin.onInterrupt(2));
        rig.plugin.close();
        rig.plugin.close();
        violates("3.01", rig.plugin::capabilities);
        violates("3.01", rig.plugin::start);
        violates("3.01", () -> rig.plugin.rxQueue(0));
        assertEquals(List.of(), rig.machine.windows);
    }

    @Test
    void configurationsBeyondTheCapabilitiesAreRefusedBeforeTheDeviceIsTouched() {
        Rig rig = new Rig(new NianticFactory());
        violates("1.07", () -> rig.plugin.configure(Rig.config(5, 64, 1500, Rig.all())));
        violates("1.07", () -> rig.plugin.configure(Rig.config(1, 68, 1500, Rig.all())));
        violates("1.07", () -> rig.plugin.configure(Rig.config(1, 64, 9195, Rig.all())));
        violates("8.01", () -> rig.plugin.configure(Rig.config(1, 64, 1500, Set.of(dev.npa.plugin.Feature.LRO))));
        assertEquals(List.of(), rig.device.writes);
        violates("8.01", () -> rig.plugin.configure(Rig.config(1, 64, 9000, Set.of())));
        assertEquals(List.of(), rig.machine.windows);
        rig.plugin.configure(Rig.config(1, 64, 1500, Rig.all()));
    }

    @Test
    void aVfThatStaysInResetIsReportedWithinTheTimeLimit() {
        Rig rig = new Rig(new NianticFactory());
        rig.device.mailbox = 1 << 6;
        PluginException e = assertThrows(PluginException.class,
                () -> rig.plugin.configure(Rig.config(1, 64, 1500, Rig.all())));
        assertTrue(e.getMessage().contains("mailbox register 0x40"), e.getMessage());
        assertTrue(rig.machine.nanos() < 2_000_000_000L);
        rig.device.mailbox = 0;
        rig.plugin.configure(Rig.config(1, 64, 1500, Rig.all()));
    }

    @Test
    void aFailedConfigureFreesWhatItHad() {
        for (int allowed = 0; allowed < 4; allowed++) {
            Rig rig = new Rig(new NianticFactory11());
            rig.machine.allowAllocations(allowed);
            assertThrows(ShellException.class, () -> rig.plugin.configure(Rig.config(2, 64, 1500, Rig.all())));
            assertEquals(List.of(), rig.machine.windows);
            rig.machine.allowAllocations(4);
            rig.plugin.configure(Rig.config(2, 64, 1500, Rig.all()));
        }
    }

    @Test
    void aFailedStartGivesTheBuffersBackAndCanBeRepeated() {
        Rig rig = new Rig(new NianticFactory());
        rig.plugin.configure(Rig.config(1, 64, 1500, Rig.all()));
        rig.device.deadQueues = true;
        violates("1.07", rig.plugin::start);
        assertEquals(0, rig.machine.taken.size());
        rig.device.deadQueues = false;
        rig.plugin.start();
        assertEquals(63, rig.machine.taken.size());
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void quiesceSendsWhatWasGivenAndStopsReceive(PluginFactory factory) {
        Rig rig = new Rig(factory).running();
        rig.machine.packet(rig.burst, 1, TestMachine.bytes(60, 1));
        rig.transmit();
        rig.device.receive(0, TestMachine.bytes(90, 4), 0, 0);
        assertFalse(rig.plugin.quiesce());
        assertFalse(rig.device.receive(0, TestMachine.bytes(90, 5), 0, 0), "receive is off");
        PacketBurst in = new PacketBurst(4);
        assertEquals(1, rig.rx.receive(in, 4), "what was received before can be collected");
        assertEquals(63, rig.machine.taken.size(), "no buffer was taken for it");
        rig.machine.packet(rig.burst, 2, TestMachine.bytes(60, 2));
        assertEquals(0, rig.transmit());
        rig.device.transmit(100);
        assertTrue(rig.plugin.quiesce());
        assertEquals(1, rig.tx.reclaim(10));
        rig.plugin.stop();
        assertEquals(1, rig.machine.taken.size(), "all but the one that was indicated");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void stopAbortsWhatIsInFlightAndCompletesWhatWasSent(PluginFactory factory) {
        Rig rig = new Rig(factory).running();
        for (int i = 0; i < 5; i++) {
            rig.machine.packet(rig.burst, i, TestMachine.bytes(i == 4 ? 9000 : 60, i));
            rig.transmit();
        }
        rig.device.transmit(3); // context, 0 and 1
        rig.plugin.stop();
        assertEquals(0, rig.machine.taken.size());
        rig.device.transmit(100);
        assertEquals(2, rig.device.sent.size(), "a disabled queue reads nothing");
        assertEquals(5, rig.reclaim(10));
        assertEquals(List.of(2, -3), rig.fates, "two sent, two aborted, one refused");
        assertEquals(0, rig.tx.outstanding());
        assertEquals(0, rig.rx.receive(new PacketBurst(4), 4));
        assertEquals(0, rig.machine.taken.size(), "a stopped queue takes no buffers");
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void startAfterStopBeginsAtZeroWithFreshContexts(PluginFactory factory) {
        Rig rig = new Rig(factory).running();
        for (int round = 0; round < 5; round++) {
            rig.machine.packet(rig.burst, 1, TestMachine.bytes(60, 1));
            assertEquals(1, rig.transmit());
            rig.machine.packet(rig.burst, 2, TestMachine.bytes(60, 2));
            assertEquals(1, rig.transmit());
            rig.device.transmit(round == 0 ? 2 : 1); // the first packet, in the first round after a context
            rig.plugin.stop();
            rig.plugin.start();
            assertEquals(0, rig.device.registers.get(0x2010));
            assertEquals(63, rig.machine.taken.size());
            rig.machine.packet(rig.burst, 3, TestMachine.bytes(70, 3));
            rig.transmit();
            assertEquals(3, rig.finish(), "also those from before the stop, in order");
            assertEquals(List.of(1, -1, 1), rig.fates);
            assertArrayEquals(TestMachine.bytes(70, 3), rig.device.sent.get(2 * round + 1).bytes());
            assertEquals(round + 2, rig.device.contextDescriptors, "one more after each start");
            PacketBurst in = new PacketBurst(4);
            rig.device.receive(0, TestMachine.bytes(99, round), 0, 0);
            assertEquals(1, rig.rx.receive(in, 4));
            rig.machine.recycle(in.handle(0));
        }
    }

    @Test
    void nothingFlowsBeforeTheVfIsActivatedAndThatIsFine() {
        Rig rig = new Rig(new NianticFactory());
        rig.device.transmitAllowed = false;
        rig.running();
        rig.machine.packet(rig.burst, 1, TestMachine.bytes(60, 1));
        assertEquals(1, rig.transmit());
        assertEquals(0, rig.finish());
        rig.device.transmitAllowed = true;
        assertEquals(1, rig.finish());
    }

    @Test
    void aQueueThatDoesNotDisableIsStoppedByAReset() {
        Rig rig = new Rig(new NianticFactory()).running();
        rig.device.stuckQueues = true;
        rig.plugin.stop();
        assertEquals(0, rig.machine.taken.size());
        assertEquals(1, rig.machine.log.size());
    }

    @Test
    void aDeviceThatCannotBeStoppedFaultsAndKeepsItsBuffers() {
        Rig rig = new Rig(new NianticFactory()).running();
        rig.device.stuckQueues = true;
        rig.device.stuckForever = true;
        rig.device.mailbox = 1 << 6;
        violates("3.01", rig.plugin::stop);
        assertEquals(63, rig.machine.taken.size());
        violates("3.01", rig.plugin::start);
        rig.plugin.close();
        assertEquals(List.of(), rig.machine.windows);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void closeFreesEverythingFromEveryState(PluginFactory factory) {
        for (int state = 0; state < 5; state++) {
            Rig rig = new Rig(factory);
            if (state > 0) {
                rig.plugin.configure(Rig.config(2, 64, 1500, Rig.all()));
            }
            if (state > 1) {
                rig.plugin.start();
            }
            if (state == 3) {
                rig.plugin.quiesce();
            }
            if (state == 4) {
                rig.plugin.stop();
            }
            rig.plugin.close();
            assertEquals(List.of(), rig.machine.windows);
            assertEquals(0, rig.machine.taken.size());
            assertEquals(0, rig.device.registers.getOrDefault(0x2028, 0) & 1 << 25);
            assertEquals(0, rig.device.registers.getOrDefault(0x1068, 0) & 1 << 25);
        }
    }

    @Test
    void closeThrowsNothingWhenTheShellHasRevokedAll() {
        Rig rig = new Rig(new NianticFactory11()).running();
        rig.machine.packet(rig.burst, 1, TestMachine.bytes(60, 1));
        rig.transmit();
        rig.machine.windows.forEach(dev.npa.hw.DmaMemory::revoke);
        rig.plugin.close();
    }

    @Test
    void fourQueuePairsShareTwoVectorsAndTheHashSpreadsOverAll() {
        Rig rig = new Rig(new NianticFactory());
        rig.plugin.configure(Rig.config(4, 64, 1500, Rig.all()));
        assertEquals(0x81818080, rig.device.registers.get(0x120));
        assertEquals(0x81818080, rig.device.registers.get(0x124), "queue q to vector q mod 2");
        assertEquals(2 << 29, rig.device.registers.get(0x300), "RQPL for four queues");
        rig.plugin.start();
        for (int q = 0; q < 4; q++) {
            rig.machine.packet(rig.burst, q, TestMachine.bytes(60, q));
            assertEquals(1, rig.plugin.txQueue(q).transmit(rig.burst, 0, 1));
            rig.burst.clear();
            rig.device.receive(q, TestMachine.bytes(60, q), 0, 0);
            assertEquals(1, rig.plugin.rxQueue(q).receive(new PacketBurst(4), 4));
        }
        rig.device.transmit(8);
        for (int q = 0; q < 4; q++) {
            assertEquals(q, rig.device.sent.get(q).queue());
            assertEquals(1, rig.plugin.txQueue(q).reclaim(4));
        }
    }

    @Test
    void theHashPicksOnlyQueuesThatAreEnabled() {
        int[] rqpl = {0, 1, 1, 2};
        for (int queues = 1; queues <= 4; queues++) {
            Rig rig = new Rig(new NianticFactory());
            rig.plugin.configure(Rig.config(queues, 64, 1500, Rig.all()));
            assertEquals(rqpl[queues - 1] << 29, rig.device.registers.get(0x300));
        }
        Rig rig = new Rig(new NianticFactory());
        rig.plugin.configure(Rig.config(4, 64, 1500, Set.of()));
        assertEquals(0, rig.device.registers.get(0x300), "RSS is not enabled");
    }

    @Test
    void aVfWithFewerQueuesThanConfiguredSaysWhichOneIsMissing() {
        Rig rig = new Rig(new NianticFactory());
        rig.plugin.configure(Rig.config(4, 64, 1500, Rig.all()));
        rig.device.liveQueues = 2;
        PluginException e = assertThrows(PluginException.class, rig.plugin::start);
        assertTrue(e.getMessage().contains("queue 2"), e.getMessage());
        assertEquals(0, rig.machine.taken.size());
    }

    @Test
    void aJumboMtuNeedsTheFeature() {
        Rig rig = new Rig(new NianticFactory());
        Set<dev.npa.plugin.Feature> features = Rig.all();
        features.remove(dev.npa.plugin.Feature.JUMBO);
        violates("8.01", () -> rig.plugin.configure(Rig.config(1, 64, 1501, features)));
        assertEquals(List.of(), rig.device.writes);
        rig.plugin.configure(Rig.config(1, 64, 1500, features));
    }

    @Test
    void theTwoQueuesAreIndependent() {
        Rig rig = new Rig(new NianticFactory());
        rig.plugin.configure(Rig.config(2, 64, 1500, Rig.all()));
        rig.plugin.start();
        rig.machine.packet(rig.burst, 1, TestMachine.bytes(60, 1));
        rig.plugin.txQueue(1).transmit(rig.burst, 0, 1);
        rig.device.transmit(10);
        assertEquals(1, rig.device.sent.get(0).queue());
        assertEquals(0, rig.plugin.txQueue(0).reclaim(4));
        assertEquals(1, rig.plugin.txQueue(1).reclaim(4));
        PacketBurst in = new PacketBurst(4);
        rig.device.receive(1, TestMachine.bytes(60, 1), 0, 0);
        assertEquals(0, rig.plugin.rxQueue(0).receive(in, 4));
        assertEquals(1, rig.plugin.rxQueue(1).receive(in, 4));
    }
}
