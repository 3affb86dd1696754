package dev.npa.plugin.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.PciIdentity;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.TxQueue;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Control;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.ShellException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class Vmxnet3PluginTest {

    private static final PluginConfig PLAIN = Bench.config(32, 1500, Set.of());

    private static void assertBreaks(String rule, Runnable call) {
        assertEquals(rule, assertThrows(PluginException.class, call::run).rule());
    }

    @Test
    void stopAndStartAgainAHundredTimesWithTrafficLeavesTheSameCensus() {
        Bench bench = Bench.running();
        int windows = bench.shell.live.size();
        for (int i = 0; i < 100; i++) {
            for (int k = 0; k <= i % 40; k++) {
                byte[] frame = Bench.frame(60 + k, i);
                assertTrue(bench.rings().receive(frame));
                assertEquals(1, bench.receive(4));
                assertArrayEquals(frame, bench.bytesAt(0));
                bench.shell.recycle(bench.in);
                assertTrue(bench.send(k, 3, 100));
                assertEquals(1, bench.rings().sendAll().size());
                assertEquals(1, bench.reclaim());
            }
            bench.plugin.stop();
            assertEquals(0, bench.shell.held());
            assertEquals(windows, bench.shell.live.size());
            assertFalse(bench.shell.device.active);
            bench.plugin.start();
        }
        bench.plugin.close();
        bench.control.close();
        assertEquals(0, bench.shell.live.size());
        assertEquals(0, bench.shell.held());
        assertEquals(List.of(), bench.shell.log);
    }

    @Test
    void stopAbortsWhatTheDeviceHasNotCompleted() {
        Bench bench = Bench.running();
        for (int i = 0; i < 4; i++) {
            bench.send(10 * i, 2, 100);
        }
        bench.rings().complete(bench.rings().fetch());
        bench.plugin.stop();
        assertEquals(4, bench.plugin.txQueue(0).outstanding());
        assertEquals(4, bench.reclaim());
        assertEquals(List.of(1, -3), bench.fates);
        assertFalse(bench.send(1, 1, 60), "a stopped queue takes nothing");
        assertEquals(0, bench.receive(4));
        bench.plugin.start();
        assertNull(bench.rings().fetch(), "nothing of before is sent again");
        assertTrue(bench.send(5, 1, 60));
        assertEquals(1, bench.rings().sendAll().size());
        assertEquals(1, bench.reclaim());
        assertEquals(List.of(1), bench.fates);
    }

    @Test
    void everyCallThatTheTableDoesNotListBreaksRule301AndChangesNothing() {
        FakeShell shell = new FakeShell();
        Vmxnet3Control control = Vmxnet3Control.open(shell);
        Vmxnet3Plugin plugin = new Vmxnet3Plugin(shell, control);
        int writes = shell.device.writes.size();
        assertBreaks("3.01", plugin::start);
        assertBreaks("3.01", plugin::quiesce);
        assertBreaks("3.01", plugin::stop);
        assertBreaks("3.01", () -> plugin.txQueue(0));
        assertBreaks("3.01", () -> plugin.enableInterrupt(0));
        assertEquals(writes, shell.device.writes.size());
        plugin.configure(PLAIN);
        assertBreaks("3.01", () -> plugin.configure(PLAIN));
        assertBreaks("3.01", plugin::quiesce);
        assertBreaks("3.01", plugin::stop);
        assertEquals(writes, shell.device.writes.size(), "a shell's control is not reset, no doorbell");
        plugin.start();
        assertBreaks("3.01", plugin::start);
        assertBreaks("3.01", () -> plugin.configure(PLAIN));
        assertTrue(plugin.quiesce());
        assertBreaks("3.01", plugin::start);
        plugin.stop();
        assertBreaks("3.01", plugin::stop);
        assertBreaks("3.01", plugin::quiesce);
        plugin.start();
        plugin.close();
        plugin.close();
        assertBreaks("3.01", plugin::start);
        assertBreaks("3.01", plugin::capabilities);
        assertBreaks("3.01", () -> plugin.rxQueue(0));
        assertBreaks("3.01", () -> plugin.onInterrupt(0));
    }

    @Test
    void configureFreesEverythingWhenAnAllocationFails() {
        for (int failing = 0; failing < 6; failing++) {
            FakeShell shell = new FakeShell();
            Plugin plugin = new Vmxnet3Factory().create(shell);
            shell.failingAllocation = failing;
            PluginConfig config = new PluginConfig(2, 2, 32, 32, 1500, 2, Set.of());
            assertThrows(ShellException.class, () -> plugin.configure(config));
            assertEquals(0, shell.live.size(), "allocation " + failing);
            shell.failingAllocation = -1;
            plugin.configure(config);
            plugin.close();
            assertEquals(0, shell.live.size());
        }
    }

    @Test
    void aRefusedActivationGivesBuffersBackAndCanBeTriedAgain() {
        FakeShell shell = new FakeShell();
        Vmxnet3Plugin plugin = new Vmxnet3Plugin(shell, Vmxnet3Control.open(shell));
        plugin.configure(PLAIN);
        shell.device.activateResult = 1;
        assertBreaks("3.04", plugin::start);
        assertEquals(0, shell.held());
        assertEquals(0, shell.device.shared, "the shared area is taken back");
        shell.device.activateResult = 0;
        plugin.start();
        assertEquals(31, shell.held());
    }

    @Test
    void configurationsThatDoNotFitAreRefused() {
        FakeShell shell = new FakeShell();
        Plugin plugin = new Vmxnet3Factory().create(shell);
        assertBreaks("1.07", () -> plugin.configure(Bench.config(33, 1500, Set.of())));
        assertBreaks("1.07", () -> plugin.configure(Bench.config(32, 9001, Set.of())));
        assertBreaks("8.01", () -> plugin.configure(Bench.config(32, 9000, Set.of())));
        assertBreaks("1.07", () -> plugin.configure(new PluginConfig(1, 1, 32, 32, 1500, 3, Set.of())));
        assertEquals(List.of(), shell.device.writes);
    }

    @Test
    void createTouchesNothingAndRefusesForeignDevices() {
        FakeShell shell = new FakeShell();
        Vmxnet3Factory factory = new Vmxnet3Factory();
        assertTrue(factory.supports(FakeShell.VMXNET3));
        factory.create(shell).capabilities();
        shell.identity = new PciIdentity(0x8086, 0x10ED, 0, 0, 0);
        assertFalse(factory.supports(shell.identity));
        assertBreaks("1.06", () -> factory.create(shell));
        assertEquals(List.of(), shell.device.writes);
        assertEquals(0, shell.live.size());
    }

    @Test
    void anImagesPluginOpensItsOwnControlAndReceivesByItself() {
        FakeShell shell = new FakeShell();
        Plugin plugin = new Vmxnet3Factory().create(shell);
        plugin.configure(PLAIN);
        assertEquals(List.of(0xCAFE0001, 0xCAFE0002), shell.device.commands.subList(0, 2), "reset first");
        plugin.start();
        assertEquals(1 | 4 | 8, shell.device.shared32(0x78));
        assertEquals(0x7FFFFFFF, shell.device.shared32(0x88 + 4 * 127), "VLANs 4064..4094");
        plugin.txQueue(0);
        assertTrue(plugin.quiesce());
        assertFalse(shell.device.active, "a quiesced device writes to no buffer");
        plugin.stop();
        plugin.close();
        assertEquals(0, shell.live.size());
        assertEquals(0, shell.held());
    }

    @Test
    void quiesceWaitsForTransmitsAndThenStillDeliversWhatArrived() {
        Bench bench = new Bench();
        Plugin plugin = new Vmxnet3Factory().create(bench.shell);
        plugin.configure(PLAIN);
        plugin.start();
        TxQueue queue = plugin.txQueue(0);
        PacketBurst burst = new PacketBurst(1);
        Bench.packet(burst, 1, 1, 60);
        assertEquals(1, queue.transmit(burst, 0, 1));
        assertFalse(plugin.quiesce());
        assertTrue(bench.shell.device.active);
        assertEquals(0, queue.transmit(burst, 0, 1), "no packet is taken any more");
        FakeRings rings = bench.rings();
        rings.sendAll();
        rings.receive(Bench.frame(60, 1));
        assertTrue(plugin.quiesce());
        assertEquals(1, plugin.rxQueue(0).receive(bench.in, 8));
        assertEquals(1, queue.outstanding(), "completed, and not yet reclaimed");
    }

    @Test
    void stopAfterStopEmulationSendsNoCommandAndKeepsTheEventVector() {
        Bench bench = Bench.running();
        bench.control.unmaskVector(bench.control.eventVector());
        bench.plugin.enableInterrupt(1);
        assertEquals(0, bench.control.stopEmulation(77));
        assertEquals(77, bench.shell.device.commandInfo[0]);
        assertFalse(bench.control.isDataPathActive());
        int commands = bench.shell.device.commands.size();
        bench.plugin.stop();
        bench.plugin.close();
        assertEquals(commands, bench.shell.device.commands.size());
        assertEquals(0, bench.shell.held());
        assertEquals(0, bench.shell.device.imr.get(2), "events go on in passthrough mode");
        assertEquals(1, bench.shell.device.imr.get(1));

        bench.start(PLAIN);
        assertTrue(bench.shell.device.active);
        assertEquals(0, bench.shell.device.imr.get(2));
        assertTrue(bench.send(1, 1, 60));
        assertEquals(1, bench.rings().sendAll().size());
    }

    @Test
    void theOnlyVectorStaysAsTheShellSetItWhenThePluginStops() {
        Bench bench = new Bench();
        bench.shell.vectors = 1;
        bench.start(new PluginConfig(1, 1, 32, 32, 1500, 1, Set.of()));
        assertEquals(0, bench.control.eventVector());
        bench.plugin.enableInterrupt(0);
        bench.plugin.stop();
        assertEquals(0, bench.shell.device.imr.get(0));
    }

    @Test
    void oneDataPathAtATime() {
        Bench bench = Bench.running();
        Vmxnet3Plugin second = new Vmxnet3Plugin(bench.shell, bench.control);
        assertBreaks("3.02", () -> second.configure(PLAIN));
    }

    @Test
    void queuesOfAnyNumberAreAnnouncedAsAPowerOfTwo() {
        Bench bench = new Bench().start(new PluginConfig(3, 3, 64, 64, 1500, 2, Bench.all()));
        assertEquals(4, bench.shell.memory.getByte(bench.shell.device.shared + 0x3E));
        assertEquals(4, bench.shell.memory.getByte(bench.shell.device.shared + 0x3F));
        assertEquals(0, bench.shell.device.rings[3].owned(0), "the unused queue gets no buffers");
        assertBreaks("1.07", () -> bench.plugin.txQueue(3));
        PacketBurst burst = new PacketBurst(3);
        for (int q = 0; q < 3; q++) {
            byte[] frame = Bench.frame(3000, q);
            assertTrue(bench.shell.device.rings[q].receive(frame));
            bench.in.clear();
            assertEquals(1, bench.plugin.rxQueue(q).receive(bench.in, 4), "ring 1 has id 4 + " + q);
            assertArrayEquals(frame, bench.bytesAt(0));
            Bench.packet(burst, q, 1, 60);
            assertEquals(q + 1, bench.plugin.txQueue(q).transmit(burst, q, q + 1));
            assertEquals(1, bench.shell.device.rings[q].sendAll().size());
            assertEquals(1, bench.shell.device.writesTo(0, 0x600 + 8 * q));
            assertEquals(q % 2, bench.shell.memory.getByte(bench.control.queueTable().address() + 256L * q + 0x48));
        }
    }

    @Test
    void interruptsAreMaskedWhenTakenAndUnmaskedByTheShell() {
        Bench bench = Bench.running();
        assertEquals(1, bench.shell.device.imr.get(0), "masked until enabled");
        bench.plugin.enableInterrupt(0);
        assertEquals(0, bench.shell.device.imr.get(0));
        assertTrue(bench.plugin.onInterrupt(0));
        assertEquals(1, bench.shell.device.imr.get(0));
        assertBreaks("1.07", () -> bench.plugin.onInterrupt(2)); // the event vector is the shell's
        assertBreaks("1.07", () -> bench.plugin.enableInterrupt(2));
    }

    @Test
    void aStoppedQueueFaultsAPluginThatOwnsItsEvents() {
        FakeShell shell = new FakeShell();
        Plugin plugin = new Vmxnet3Factory().create(shell);
        plugin.configure(PLAIN);
        plugin.start();
        plugin.enableInterrupt(2);
        long table = shell.memory.getLong(shell.device.shared + 0x28);
        shell.memory.putByte(table + 256 + 0x50, (byte) 1);
        shell.memory.putInt(table + 256 + 0x54, 0x80000006);
        shell.device.raiseEvent(1);
        assertTrue(plugin.onInterrupt(2));
        assertEquals(0, shell.device.shared32(0x2B8));
        assertTrue(shell.log.get(0).contains("receive queue 0 with error 0x80000006"), shell.log.get(0));
        assertBreaks("3.01", plugin::stop);
        plugin.close();
        assertEquals(0, shell.live.size());
    }
}
