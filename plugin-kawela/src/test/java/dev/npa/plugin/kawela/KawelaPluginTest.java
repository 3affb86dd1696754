package dev.npa.plugin.kawela;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.PciIdentity;
import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.intel.testing.Rig;
import dev.npa.plugin.intel.testing.TestMachine;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Bring-up in the registers of the 82576, vectors, tags, counters. */
class KawelaPluginTest {

    private static final int NOTE = 0x800 + 4 * 15;

    private final Rig rig = KawelaRigs.create();

    @Test
    void theFactoryKnowsItsDeviceAndTouchesNothing() {
        KawelaFactory factory = new KawelaFactory();
        assertTrue(factory.supports(KawelaRigs.VF));
        assertFalse(factory.supports(new PciIdentity(0x8086, 0x10C9, 0, 0, 1)));
        assertFalse(factory.supports(new PciIdentity(0x8086, 0x10ED, 0, 0, 1)));
        assertFalse(factory.supports(new PciIdentity(0x14E4, 0x10CA, 0, 0, 1)));
        assertEquals(List.of(), rig.device.writes);
        TestMachine foreign = new TestMachine(rig.device, TestMachine.VF);
        assertEquals("1.07", assertThrows(PluginException.class, () -> factory.create(foreign)).rule());
    }

    @Test
    void capabilitiesAreThoseOfTheChip() {
        PluginCapabilities can = rig.plugin.capabilities();
        assertEquals(EnumSet.complementOf(EnumSet.of(Feature.LRO)), can.features());
        assertEquals(2, can.maxTxQueues());
        assertEquals(2, can.maxRxQueues());
        assertEquals(2, can.vectors());
        assertEquals(9216, can.maxMtu());
        for (PluginConfig wrong : List.of(Rig.config(3, 64, 1500, Rig.all()), Rig.config(1, 64, 9217, Rig.all()),
                Rig.config(1, 32, 1500, Rig.all()), new PluginConfig(1, 1, 64, 64, 1500, 3, Rig.all()))) {
            assertEquals("1.07", assertThrows(PluginException.class, () -> rig.plugin.configure(wrong)).rule());
        }
        assertEquals("8.01", assertThrows(PluginException.class,
                () -> rig.plugin.configure(Rig.config(1, 64, 1500, Set.of(Feature.LRO)))).rule());
        assertEquals(List.of(), rig.device.writes);
    }

    @Test
    void configureFollowsTheSheet() {
        rig.device.mailbox = 1 << 7; // RSTD is seen once and consumed
        rig.plugin.configure(Rig.config(2, 64, 1500, Rig.all()));
        List<String> writes = rig.device.writes;
        assertEquals("1528=00000007", writes.get(0), "EIMC");
        assertEquals("0000=04000000", writes.get(1), "VTCTRL.RST");
        assertEquals("0f0c=20000000", writes.get(2), "RQPL for two queues");
        assertTrue(writes.contains("280c=02000002"), "SRRCTL: one-buffer descriptors of 2 KiB, no DROP_EN");
        assertTrue(writes.contains("290c=02000002"), "the second queue is 0x100 away");
        assertTrue(writes.contains("2908=00000400"), "64 descriptors of 16 bytes");
        assertTrue(writes.contains("3814=00002200"), "DCA_TXCTRL without bit 11: write-backs stay ordered");
        assertTrue(writes.contains("2814=00000200"));
        assertTrue(writes.contains("3838=00000000"), "no head write-back");
        assertTrue(writes.contains("1700=81818080"), "queue pair q to vector q");
        assertTrue(writes.contains("1740=00000000"), "mailbox not routed");
        assertTrue(writes.contains("1680=80000028") && writes.contains("1684=80000028"), "10 us");
        assertTrue(writes.contains("152c=00000003") && writes.contains("1530=00000003"), "EIAC, EIAM");
        assertFalse(writes.stream().anyMatch(w -> w.startsWith("282c")), "there is no RSCCTL");
        assertFalse(writes.stream().anyMatch(w -> w.startsWith("08") || w.startsWith("0c40")), "no message");
        assertEquals(0, rig.machine.taken.size(), "no buffers yet");
        assertEquals(0, rig.device.registers.get(0x2828) & 1 << 25, "nothing enabled");
    }

    @Test
    void startEnablesWithTheThresholdsOfTheChipBeforeTheTailMoves() {
        rig.plugin.configure(Rig.config(1, 64, 1500, Rig.all()));
        rig.device.writes.clear();
        rig.plugin.start();
        // WTHRESH 1 for both; RXDCTL has no strip bit
        assertEquals(List.of("3828=02010108", "2828=02010810", "2818=0000003f"), rig.device.writes);
    }

    @Test
    void onlyOneQueueIsHashedToIfThereIsOnlyOne() {
        rig.plugin.configure(Rig.config(1, 64, 1500, Rig.all()));
        assertEquals(0, rig.device.registers.get(0xF0C));
    }

    @Test
    void aVfThatStaysInResetIsReportedWithinTheTimeLimit() {
        rig.device.mailbox = 1 << 6;
        PluginException e = assertThrows(PluginException.class,
                () -> rig.plugin.configure(Rig.config(1, 64, 1500, Rig.all())));
        assertEquals("1.07", e.rule());
        assertTrue(e.getMessage().contains("82576"), e.getMessage());
        assertTrue(rig.machine.nanos() < 2_000_000_000L);
    }

    @Test
    void aFiredVectorIsMaskedAndReportedOnce() {
        rig.running();
        rig.device.raise(0);
        assertEquals(0, rig.device.messages, "masked from the start");
        rig.plugin.enableInterrupt(0);
        assertEquals(1, rig.device.messages, "work that arrived in the meantime raises it at once");
        assertTrue(rig.plugin.onInterrupt(0));
        assertFalse(rig.plugin.onInterrupt(0));
        assertFalse(rig.plugin.onInterrupt(1));
        rig.plugin.stop();
        rig.device.raise(0);
        assertEquals(1, rig.device.messages);
    }

    private int receiveTagged() {
        PacketBurst in = new PacketBurst(4);
        rig.device.receive(0, TestMachine.bytes(90, 4), 0, 1L << 3 | 0xB064L << 48);
        assertEquals(1, rig.rx.receive(in, 4));
        rig.machine.recycle(in.handle(0));
        return (in.flags(0) & PacketFlags.RX_VLAN) != 0 ? in.rxVlan(0) : -1;
    }

    @Test
    void aStrippedTagIsReportedAlsoWhenStrippingIsNotEnabled() {
        rig.running(1500, Set.of());
        assertEquals(0xB064, receiveTagged(), "the pool strips in any case: the tag must not be lost");
    }

    @Test
    void theTagOfAPortVlanIsKeptBackFromTheNextStartOn() {
        rig.device.registers.put(NOTE, 0x4E50_0001);
        rig.running();
        assertEquals(-1, receiveTagged());
        rig.plugin.stop();
        rig.device.registers.put(NOTE, 0x4E50_0000);
        rig.plugin.start();
        assertEquals(0xB064, receiveTagged());
        rig.plugin.stop();
        rig.device.registers.put(NOTE, 0x0000_0001);
        rig.plugin.start();
        assertEquals(0xB064, receiveTagged(), "not a note");
    }

    @Test
    void stopAndCloseLeaveNothing() {
        rig.plugin.configure(Rig.config(2, 64, 1500, Rig.all()));
        rig.plugin.start();
        rig.machine.packet(rig.burst, 1, TestMachine.bytes(60, 1));
        rig.plugin.txQueue(1).transmit(rig.burst, 0, 1);
        rig.plugin.stop();
        assertEquals(0, rig.machine.taken.size());
        assertEquals(-1, rig.plugin.txQueue(1).reclaim(4));
        assertEquals(0, rig.device.registers.get(0x3928) & 1 << 25);
        rig.plugin.close();
        assertEquals(List.of(), rig.machine.windows);
    }

    @Property(tries = 30)
    void countersGoOnOverWrapsOfTheirRegisters(@ForAll @Size(min = 1, max = 20) List<@IntRange(max = 0xFF_FFFF) Integer>
            steps, @ForAll int first) {
        Rig r = KawelaRigs.create();
        int[] registers = {0xF10, 0xF18, 0xF3C, 0xF14, 0xF34};
        for (int register : registers) {
            r.device.registers.put(register, first);
        }
        r.running();
        long frames = 0;
        for (int step : steps) {
            frames += step;
            r.device.registers.merge(0xF10, step, Integer::sum);
            r.device.registers.merge(0xF14, step, Integer::sum);
            r.device.registers.merge(0xF3C, step, Integer::sum);
            r.device.registers.merge(0xF18, step * 104, Integer::sum);
            r.device.registers.merge(0xF34, step * 64, Integer::sum);
            assertEquals(frames, r.plugin.counter(DeviceCounter.RX_FRAMES));
            assertEquals(frames, r.plugin.counter(DeviceCounter.TX_FRAMES));
            assertEquals(frames, r.plugin.counter(DeviceCounter.RX_MULTICAST));
            assertEquals(100 * frames, r.plugin.counter(DeviceCounter.RX_BYTES), "without FCS");
            assertEquals(60 * frames, r.plugin.counter(DeviceCounter.TX_BYTES));
        }
    }

    @Test
    void countersSurviveStopAndStart() {
        rig.running();
        rig.device.registers.put(0xF10, -1);
        assertEquals(0xFFFF_FFFFL, rig.plugin.counter(DeviceCounter.RX_FRAMES));
        rig.device.registers.put(0xF10, 5);
        rig.plugin.stop();
        rig.plugin.start();
        assertEquals((1L << 32) + 5, rig.plugin.counter(DeviceCounter.RX_FRAMES));
    }
}
