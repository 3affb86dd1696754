package dev.npa.plugin.broadcom.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.PciIdentity;
import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.broadcom.BroadcomFactory;
import dev.npa.plugin.broadcom.testing.Rig;
import dev.npa.plugin.broadcom.testing.TestMachine;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.ShellException;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Life of the plugin. */
class BroadcomPluginTest {

    private static final int ACQUIRE = 1;
    private static final int INIT = 2;
    private static final int SETUP_Q = 3;
    private static final int CLOSE = 8;
    private static final int RELEASE = 9;

    private static String violates(String rule, Executable call) {
        PluginException e = assertThrows(PluginException.class, call);
        assertEquals(rule, e.rule());
        return e.getMessage();
    }

    private static void nothingHeld(Rig rig) {
        assertEquals(List.of(), rig.machine.windows);
        assertEquals(0, rig.machine.taken.size());
    }

    @Test
    void theFactoryDrivesTheVfOnly() {
        BroadcomFactory factory = new BroadcomFactory();
        assertTrue(factory.supports(TestMachine.VF));
        for (int device : new int[] {0x1662, 0x1663, 0x16A9}) {
            assertFalse(factory.supports(new PciIdentity(0x14E4, device, 0, 0, 0)));
        }
        assertFalse(factory.supports(new PciIdentity(0x8086, 0x166F, 0, 0, 0)));
        assertEquals(16, factory.create(new Rig().machine).capabilities().maxRxQueues());
    }

    @Test
    void everyStepOfALifeIsARequest() {
        Rig rig = new Rig();
        rig.plugin.configure(Rig.config(3, 128, 1500, Rig.all()));
        assertEquals(List.of(RELEASE, ACQUIRE), rig.device.requestTypes());
        assertEquals(3, rig.device.requests().get(1)[12]);
        assertEquals(0, rig.machine.taken.size(), "configure takes no packet buffers");
        assertFalse(rig.device.writes.stream().anyMatch(w -> !w.startsWith("76")), "and writes the mailbox only");
        rig.plugin.start();
        assertEquals(List.of(RELEASE, ACQUIRE, INIT, SETUP_Q, SETUP_Q, SETUP_Q), rig.device.requestTypes());
        assertEquals(0x45B, rig.device.requests().get(3)[48] & 0xFF | rig.device.requests().get(3)[49] << 8,
                "the leading queue");
        assertEquals(0x5B, rig.device.requests().get(4)[48] & 0xFF | rig.device.requests().get(4)[49] << 8);
        rig.plugin.stop();
        rig.plugin.start();
        rig.plugin.close();
        assertEquals(List.of(CLOSE, INIT, SETUP_Q, SETUP_Q, SETUP_Q, CLOSE, RELEASE),
                rig.device.requestTypes().subList(6, 13));
        nothingHeld(rig);
        int requests = rig.device.requests().size();
        rig.plugin.close();
        assertEquals(requests, rig.device.requests().size());
        violates("3.01", rig.plugin::capabilities);
        violates("3.01", () -> rig.plugin.txQueue(0));
    }

    @Test
    void sixteenPairsAreIndependentAndUseTheNumbersOfTheGrant() {
        Rig rig = new Rig();
        rig.plugin.configure(Rig.config(16, 128, 1500, Rig.all()));
        rig.plugin.start();
        for (int q = 0; q < 16; q++) {
            PacketBurst out = new PacketBurst(4);
            rig.machine.packet(out, q, Rig.frame(60, q));
            assertEquals(1, rig.plugin.txQueue(q).transmit(out, 0, 1));
            assertTrue(rig.device.receive(q, TestMachine.bytes(70, q)));
        }
        rig.device.transmit(10);
        for (int q = 0; q < 16; q++) {
            assertEquals(q, rig.device.sent.get(q).queue());
            assertEquals(1, rig.plugin.txQueue(q).reclaim(4));
            PacketBurst in = new PacketBurst(4);
            assertEquals(1, rig.plugin.rxQueue(q).receive(in, 4));
            assertArrayEquals(TestMachine.bytes(70, q), rig.bytes(in, 0));
        }
        violates("1.07", () -> rig.plugin.txQueue(16));
        assertEquals(1, rig.device.count(0x7C00 + 15 * 8));
    }

    @Test
    void halvesOfAPairThatAreNotConfiguredStayIdle() {
        Rig rig = new Rig();
        rig.plugin.configure(new PluginConfig(1, 3, 128, 128, 1500, 3, EnumSet.noneOf(Feature.class)));
        rig.plugin.start();
        assertTrue(rig.device.receive(2, TestMachine.bytes(70, 1)));
        assertEquals(3 * 127, rig.machine.taken.size());
        violates("1.07", () -> rig.plugin.txQueue(1));
    }

    @Test
    void whatWasTransmittedBeforeAStopIsCompletedOrAbortedInOrder() {
        Rig rig = new Rig().running();
        for (int call = 0; call < 2; call++) {
            rig.machine.packet(rig.burst, 1, Rig.frame(60, call));
            rig.machine.packet(rig.burst, 2, Rig.frame(60, call));
            rig.transmit();
        }
        rig.device.transmit(2);
        rig.plugin.stop();
        assertEquals(0, rig.machine.taken.size());
        assertEquals(4, rig.reclaim(8));
        assertEquals(List.of(2, -2), rig.fates);
        assertEquals(2, rig.count(dev.npa.plugin.QueueCounter.PACKETS));
        rig.machine.packet(rig.burst, 1, Rig.frame(60, 1));
        assertEquals(0, rig.tx.transmit(rig.burst, 0, 1), "stopped");
        rig.plugin.start();
        assertEquals(1, rig.transmit());
        assertEquals(1, rig.finish());
        assertEquals(3, rig.device.sent.size(), "no old frame is sent again");
    }

    @Test
    void aThousandRestartsHoldTheSame() {
        Rig rig = new Rig().running();
        int windows = rig.machine.windows.size();
        int taken = rig.machine.taken.size();
        for (int i = 0; i < 1000; i++) {
            rig.plugin.stop();
            rig.plugin.start();
            assertTrue(rig.device.receive(0, TestMachine.bytes(70, i)));
            PacketBurst in = rig.receive(4);
            assertArrayEquals(TestMachine.bytes(70, i), rig.bytes(in, 0));
            rig.recycle(in);
        }
        assertEquals(windows, rig.machine.windows.size());
        assertEquals(taken, rig.machine.taken.size());
    }

    @Test
    void quiesceSendsWhatWasGivenThenClosesAndNeverWaits() {
        Rig rig = new Rig().running();
        rig.machine.packet(rig.burst, 1, Rig.frame(60, 1));
        rig.transmit();
        rig.device.receive(0, TestMachine.bytes(70, 1));
        long before = rig.machine.nanos();
        assertFalse(rig.plugin.quiesce(), "a packet is in flight");
        assertTrue(rig.device.isUp(0));
        assertEquals(1, rig.finish());
        assertFalse(rig.plugin.quiesce(), "CLOSE is not answered");
        assertFalse(rig.plugin.quiesce());
        assertTrue(rig.device.receive(0, TestMachine.bytes(80, 2)), "received until it is");
        rig.device.pf();
        assertTrue(rig.plugin.quiesce());
        assertTrue(rig.plugin.quiesce());
        assertEquals(before, rig.machine.nanos());
        assertEquals(1, rig.device.requestTypes().stream().filter(t -> t == CLOSE).count());
        PacketBurst in = rig.receive(8);
        assertEquals(2, in.size(), "what was received is still there");
        rig.recycle(in);
        rig.plugin.stop();
        assertEquals(1, rig.device.requestTypes().stream().filter(t -> t == CLOSE).count());
        assertEquals(0, rig.machine.taken.size());
    }

    @Test
    void stopWaitsForTheCloseThatQuiesceSent() {
        Rig rig = new Rig().running();
        assertFalse(rig.plugin.quiesce());
        rig.plugin.stop();
        assertFalse(rig.device.isUp(0));
        assertEquals(1, rig.device.requestTypes().stream().filter(t -> t == CLOSE).count());
    }

    @Test
    void aFailedSetupClosesAndCanBeTriedAgain() {
        Rig rig = new Rig();
        rig.plugin.configure(Rig.config(2, 128, 1500, Rig.all()));
        rig.device.answer(SETUP_Q, 2);
        String message = violates("1.07", rig.plugin::start);
        assertTrue(message.contains("SETUP_Q 0"), message);
        assertEquals(List.of(INIT, SETUP_Q, CLOSE), rig.device.requestTypes().subList(2, 5));
        assertEquals(0, rig.machine.taken.size());
        rig.device.answer(SETUP_Q, 1);
        rig.plugin.start();
        assertTrue(rig.device.isUp(1), "the plugin's state is what it was");
    }

    @Test
    void theSecondQueuesFailureClosesTheFirst() {
        Rig rig = new Rig();
        rig.plugin.configure(Rig.config(2, 128, 1500, Rig.all()));
        rig.machine.onStall(() -> {
            if (rig.device.isUp(0)) {
                rig.device.answer(SETUP_Q, 4);
            }
        });
        violates("1.07", rig.plugin::start);
        assertEquals(List.of(INIT, SETUP_Q, SETUP_Q, CLOSE), rig.device.requestTypes().subList(2, 6));
        assertFalse(rig.device.isUp(0));
    }

    @ParameterizedTest
    @ValueSource(ints = {ACQUIRE, INIT, SETUP_Q})
    void aRefusalSaysWhatFailed(int type) {
        Rig rig = new Rig();
        rig.device.answer(type, 4);
        rig.device.grant(2, 8);
        String message = violates("1.07", () -> rig.running());
        assertTrue(message.contains("no resource; it could grant"), message);
        rig.plugin.close();
        nothingHeld(rig);
    }

    @Test
    void aPfDriverThatDoesNotAnswerIsGivenUpWithinTheTimeOfAControlCall() {
        Rig rig = new Rig();
        rig.device.silent(true);
        long before = rig.machine.nanos();
        violates("1.07", () -> rig.plugin.configure(Rig.config(1, 128, 1500, Rig.all())));
        assertTrue(rig.machine.nanos() - before < 2_000_000_000L, "took " + (rig.machine.nanos() - before));
        nothingHeld(rig);
    }

    @Test
    void aSetupThatIsNotAnsweredFaultsWithoutASecondRequest() {
        Rig rig = new Rig();
        rig.plugin.configure(Rig.config(1, 128, 1500, Rig.all()));
        rig.device.silent(true);
        long before = rig.machine.nanos();
        violates("1.07", rig.plugin::start); // the fake throws at a second request
        assertTrue(rig.machine.nanos() - before < 2_000_000_000L, "took " + (rig.machine.nanos() - before));
        violates("3.01", rig.plugin::start);
        rig.plugin.close();
        assertEquals(List.of(), rig.machine.windows);
    }

    @Test
    void aBulletinThatTheChannelIsDownEndsRequestsAtOnce() {
        Rig rig = new Rig().running();
        int requests = rig.device.requests().size();
        long board = java.nio.ByteBuffer.wrap(rig.device.requests().get(1)).order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .getLong(24);
        rig.machine.memory.putInt(board + 4, 48 << 16 | 2);
        rig.machine.memory.putLong(board + 8, 4);
        rig.machine.memory.putInt(board, 0xB18B88A9);
        long before = rig.machine.nanos();
        violates("3.01", rig.plugin::stop);
        assertEquals(before, rig.machine.nanos());
        assertEquals(requests, rig.device.requests().size());
    }

    @Test
    void aDeviceThatIsNotThereIsGivenUp() {
        Rig rig = new Rig();
        rig.device.me = -1;
        long before = rig.machine.nanos();
        String message = violates("1.07", () -> rig.plugin.configure(Rig.config(1, 128, 1500, Rig.all())));
        assertTrue(message.contains("0xffffffff"), message);
        assertTrue(rig.machine.nanos() - before < 2_000_000_000L);
        assertEquals(List.of(), rig.device.writes);
        nothingHeld(rig);
    }

    @Test
    void surpriseRemovalEndsInBoundedTime() {
        Rig rig = new Rig().running();
        rig.device.me = -1;
        long before = rig.machine.nanos();
        rig.plugin.stop();
        assertTrue(rig.machine.nanos() - before < 2_000_000_000L);
        assertEquals(0, rig.machine.taken.size(), "a device that is gone does no DMA");
        rig.plugin.close();
        nothingHeld(rig);
    }

    @Test
    void aCloseThatIsRefusedFaultsAndKeepsTheBuffers() {
        Rig rig = new Rig().running();
        int taken = rig.machine.taken.size();
        rig.device.answer(CLOSE, 2);
        violates("3.01", rig.plugin::stop);
        assertEquals(taken, rig.machine.taken.size());
        violates("3.01", rig.plugin::start);
        rig.plugin.close();
        assertEquals(List.of(), rig.machine.windows);
    }

    @Test
    void closeFreesEverythingFromEveryState() {
        for (int state = 0; state < 6; state++) {
            Rig rig = new Rig();
            if (state > 0) {
                rig.plugin.configure(Rig.config(2, 128, 9000, Rig.all()));
            }
            if (state > 1) {
                rig.plugin.start();
            }
            if (state == 3 || state == 4) {
                rig.plugin.quiesce();
            }
            if (state == 4) {
                rig.device.pf();
                assertTrue(rig.plugin.quiesce());
            }
            if (state == 5) {
                rig.plugin.stop();
            }
            rig.plugin.close();
            nothingHeld(rig);
            assertFalse(rig.device.isUp(0));
            if (state > 0) {
                assertEquals(RELEASE, rig.device.requestTypes().get(rig.device.requests().size() - 1), "" + state);
            }
        }
    }

    @Test
    void closeThrowsNothingWhenTheShellHasRevokedAll() {
        Rig rig = new Rig().running();
        rig.machine.windows.forEach(dev.npa.hw.DmaMemory::revoke);
        rig.plugin.close();
    }

    @Test
    void everyFailingAllocationLeavesNothingBehind() {
        for (int k = 0; k < 12; k++) {
            Rig rig = new Rig();
            rig.machine.allowAllocations(k);
            assertThrows(ShellException.class, () -> rig.plugin.configure(Rig.config(2, 128, 9000, Rig.all())));
            nothingHeld(rig);
            List<Integer> types = rig.device.requestTypes();
            assertTrue(types.isEmpty() || types.get(types.size() - 1) == RELEASE, "allocation " + k + ": " + types);
            rig.machine.allowAllocations(100);
            rig.plugin.configure(Rig.config(2, 128, 9000, Rig.all()));
        }
    }

    @Test
    void configurationsThatTheDeviceCannotDoAreRefusedUntouched() {
        Rig rig = new Rig();
        String message = violates("1.07",
                () -> rig.plugin.configure(new PluginConfig(2, 2, 128, 128, 1500, 1, Rig.all())));
        assertTrue(message.contains("use 2, or 0"), message);
        EnumSet<Feature> single = EnumSet.complementOf(EnumSet.of(Feature.RX_SCATTER));
        assertEquals(List.of(), rig.device.writes);
        violates("1.07", () -> rig.plugin.configure(Rig.config(1, 128, 9000, single)));
        violates("1.07", () -> rig.plugin.configure(Rig.config(17, 128, 1500, Rig.all())));
        violates("1.07", () -> rig.plugin.configure(Rig.config(1, 64, 1500, Rig.all())));
        nothingHeld(rig);
    }

    @Test
    void jumboSetupTellsBuffersAndSges() {
        Rig rig = new Rig().running(128, 9000, EnumSet.of(Feature.JUMBO, Feature.RX_SCATTER));
        byte[] setup = rig.device.requests().get(3);
        assertEquals(9000, setup[44] & 0xFF | (setup[45] & 0xFF) << 8);
        assertEquals(2048, setup[46] | setup[47] << 8);
        assertEquals(2048, setup[52] | setup[53] << 8, "SGEs are the shell's buffers too");
        assertEquals(4, setup[56]);
        assertEquals(0x418, setup[48] | setup[49] << 8, "neither TPA nor VLAN stripping");
    }
}
