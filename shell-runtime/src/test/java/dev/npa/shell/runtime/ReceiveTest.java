package dev.npa.shell.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.LinkState;
import dev.npa.plugin.DeviceCounter;
import dev.npa.plugin.Feature;
import dev.npa.plugin.QueueCounter;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.control.NicControl;
import dev.npa.shell.runtime.control.PluginArea.Request;
import dev.npa.shell.runtime.fake.FakeChannel;
import dev.npa.shell.runtime.fake.FakeMachine;
import dev.npa.shell.runtime.fake.FakeNic;
import dev.npa.shell.runtime.fake.FakeNic.Arrival;
import dev.npa.shell.runtime.fake.Frames;
import dev.npa.shell.runtime.fake.TestFramework;
import dev.npa.shell.runtime.fake.TestImages;
import dev.npa.shell.runtime.netdev.QueueStatistics.Counter;
import dev.npa.shell.runtime.netdev.RssConfig;
import dev.npa.shell.runtime.offload.FlowHash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the operating system sees of received packets, interrupts and counters, over carriers that differ. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReceiveTest {

    private static final long OWN = 0x020000000001L;

    private final TestFramework framework = new TestFramework();
    private final List<FakeChannel.Record> records = new ArrayList<>();
    private GuestRig rig;

    @AfterEach
    void close() {
        rig.guest.close();
        assertEquals(0, rig.guest.allocator().allocations());
        records.clear();
    }

    @AfterAll
    void stop() {
        framework.close();
    }

    private void boot(int queues, java.util.function.Consumer<FakeNic> emulated) {
        GuestOptions options = new GuestOptions(Systems.first(), 1500, queues, Set.of(), 0);
        rig = new GuestRig(framework, options, new FakeMachine(32), 256, emulated);
        rig.round();
    }

    private static void able(FakeNic nic, int pairs) {
        nic.features = EnumSet.allOf(Feature.class);
        nic.queuePairs = pairs;
        nic.maxSegments = 40;
        nic.maxTsoBytes = 65535;
    }

    private void run(int rounds) {
        for (int i = 0; i < rounds; i++) {
            rig.guest.run(64);
            rig.hypervisor.work(64);
            for (FakeChannel.Record r = rig.channel.receiveRecord(); r != null; r = rig.channel.receiveRecord()) {
                records.add(r);
            }
        }
    }

    private void passthrough(int slot) {
        rig.hypervisor.passthrough(slot, TestImages.good());
        rig.untilAnswered();
        assertEquals(0, rig.hypervisor.result(), rig.hypervisor.text());
    }

    private static byte[] tcp(int flow, int number) {
        Frames.Recipe r = new Frames.Recipe();
        r.flow = flow;
        r.payload = 100;
        byte[] frame = Frames.make(r, new Random(flow)).frame();
        ByteBuffer.wrap(frame).putInt(60, number);
        return frame;
    }

    private long hash(byte[] frame) {
        long at = FakeMachine.BASE + rig.machine.memory().size() - 4096;
        rig.machine.memory().copyFrom(at, frame, 0, frame.length);
        return new FlowHash(RssConfig.spread(4)).of(rig.machine.memory(), at, frame.length);
    }

    @Test
    void aCarrierThatSpreadsInItsOwnWayIsSortedByTheOperatingSystemsTable() {
        boot(4, nic -> able(nic, 4));
        rig.hypervisor.nextVf = vf -> able(vf, 2);
        rig.hypervisor.requestFlags = Request.OWN_RSS;
        passthrough(0);
        Set<Integer> queues = new java.util.HashSet<>();
        for (int n = 0; n < 200; n++) {
            int flow = n % 20;
            rig.hypervisor.vfs[0].arrive(flow % 2,
                    new Arrival(tcp(flow, n), PacketFlags.RX_HASH, PacketBurst.rxOffload(0xDEAD, 0)));
            run(n % 3);
        }
        run(20);
        assertEquals(200, records.size());
        int[] last = new int[20];
        for (FakeChannel.Record r : records) {
            long hash = hash(r.frame());
            assertTrue((r.flags() & PacketFlags.RX_HASH) != 0);
            assertEquals(hash, r.offload() & 0xFFFFFFFFL, "the hash of the operating system's key");
            assertEquals(hash & 127 & 3, r.queue());
            queues.add(r.queue());
            int n = ByteBuffer.wrap(r.frame()).getInt(60);
            assertTrue(n >= last[n % 20], "order within a flow");
            last[n % 20] = n;
        }
        assertEquals(4, queues.size(), "more queues than the carrier has");
    }

    @Test
    void aCarrierThatSpreadsAsItWasToldIsNotLookedAt() {
        boot(4, nic -> able(nic, 4));
        assertEquals(RssConfig.LARGEST_TABLE, rig.hypervisor.rss.table().length, "the device was told");
        rig.hypervisor.emulated.arrive(3,
                new Arrival(tcp(1, 1), PacketFlags.RX_HASH | PacketFlags.RX_L4_GOOD, PacketBurst.rxOffload(77, 0)));
        run(3);
        assertEquals(3, records.get(0).queue());
        assertEquals(77, records.get(0).offload());
        assertEquals(PacketFlags.RX_HASH | PacketFlags.RX_L4_GOOD, records.get(0).flags());
        assertEquals(0, rig.guest.statistics().total(Counter.RX_SOFTWARE));
    }

    @Test
    void tagsAreStrippedBySoftwareWhereTheCarrierDoesNot() {
        boot(1, nic -> able(nic, 1));
        rig.hypervisor.nextVf = vf -> {
            able(vf, 1);
            vf.features.remove(Feature.VLAN_STRIP);
        };
        passthrough(0);
        byte[] plain = tcp(1, 1);
        ByteBuffer tagged = ByteBuffer.allocate(plain.length + 4).put(plain, 0, 12).putInt(0x8100B123)
                .put(plain, 12, plain.length - 12);
        rig.hypervisor.vfs[0].arrive(0, new Arrival(tagged.array(), PacketFlags.RX_IPV4, 0));
        rig.hypervisor.vfs[0].arrive(0, new Arrival(plain, PacketFlags.RX_IPV4, 0));
        run(3);
        assertArrayEquals(plain, records.get(0).frame());
        assertEquals(PacketFlags.RX_VLAN | PacketFlags.RX_IPV4, records.get(0).flags());
        assertEquals(0xB123L, records.get(0).offload() >>> 32);
        assertArrayEquals(plain, records.get(1).frame());
        assertEquals(PacketFlags.RX_IPV4, records.get(1).flags(), "nothing is left of the packet before");
        assertEquals(0, records.get(1).offload());
    }

    @Test
    void mergedPacketsComeWholeWithTheirResults() {
        boot(2, nic -> able(nic, 2));
        byte[] merged = new byte[60_000];
        new Random(1).nextBytes(merged);
        rig.hypervisor.emulated.arrive(1, new Arrival(merged, PacketFlags.RX_LRO | PacketFlags.RX_L4_GOOD, 0));
        run(4);
        assertArrayEquals(merged, records.get(0).frame());
        assertEquals(3 << 16 | 100, records.get(0).lro());
        assertEquals(PacketFlags.RX_LRO | PacketFlags.RX_L4_GOOD, records.get(0).flags());
    }

    @Test
    void eachQueueInterruptsByItselfAndNoWakeUpIsLost() {
        boot(4, nic -> able(nic, 4));
        FakeNic nic = rig.hypervisor.emulated;
        Random random = new Random(5);
        int arrived = 0;
        for (int i = 0; i < 2000; i++) {
            for (int q = 0; q < 4; q++) {
                if (random.nextInt(3) == 0) {
                    nic.arrive(q, new Arrival(tcp(q, i), 0, 0));
                    arrived++;
                }
            }
            // The CPU runs only while it has work or an interrupt, as a scheduler would have it.
            for (int k = 0; k < 5 && random.nextInt(8) > 0; k++) {
                if (!rig.machine.isPending()) {
                    break;
                }
                int work = rig.guest.run(1 + random.nextInt(4));
                while (work > 0 && random.nextInt(4) > 0) {
                    work = rig.guest.run(1 + random.nextInt(4));
                }
                while (work > 0) {
                    work = rig.guest.run(8);
                }
            }
            for (FakeChannel.Record r = rig.channel.receiveRecord(); r != null; r = rig.channel.receiveRecord()) {
                records.add(r);
            }
        }
        while (rig.machine.isPending()) {
            run(1);
        }
        assertEquals(arrived, records.size());
        for (int q = 0; q < 4; q++) {
            assertFalse(nic.isMasked(q), "vector " + q + " is unmasked when all is done");
        }
        nic.arrive(2, new Arrival(tcp(2, 0), PacketFlags.RX_HASH, PacketBurst.rxOffload(2, 0)));
        rig.guest.run(0);
        assertTrue(nic.isMasked(2) || records.size() < arrived, "the vector is masked while its queue is polled");
        assertFalse(nic.isMasked(1), "and no other");
    }

    @Test
    void aFlowKeepsItsQueueWhetherTheCarrierHashedItOrNot() {
        boot(4, nic -> able(nic, 4));
        FakeNic nic = rig.hypervisor.emulated;
        for (int flow = 0; flow < 16; flow++) {
            nic.arrive(0, new Arrival(tcp(flow, 1), 0, 0));
            run(2);
            FakeChannel.Record first = records.get(2 * flow);
            int hash = (int) first.offload();
            assertTrue((first.flags() & PacketFlags.RX_HASH) != 0, "the core hashes what the carrier did not");
            assertEquals(hash & 3, first.queue());
            nic.arrive(hash & 3, new Arrival(tcp(flow, 2), PacketFlags.RX_HASH, PacketBurst.rxOffload(hash, 0)));
            run(2);
            assertEquals(first.queue(), records.get(2 * flow + 1).queue());
        }
    }

    private byte[] group(int source, int number) {
        byte[] frame = new byte[100];
        ByteBuffer.wrap(frame).putLong(0, 0xFFFF_FFFF_FFFF_0200L).putInt(8, source).putInt(20, number);
        return frame;
    }

    @Test
    void groupFramesThatReachBothPathsOfASwitchBetweenPortsAreDeliveredOnce() {
        boot(2, nic -> able(nic, 2));
        rig.hypervisor.nextVf = vf -> able(vf, 2);
        rig.hypervisor.requestFlags = Request.OTHER_PORT;
        rig.hypervisor.notYet = 8;
        rig.hypervisor.passthrough(0, TestImages.good());
        rig.until("activating", () -> rig.hypervisor.log.contains("ACTIVATE_VF 0 1"));
        List<byte[]> expected = new ArrayList<>();
        FakeNic vf = rig.hypervisor.vfs[0];
        for (int n = 0; n < 5; n++) {
            rig.hypervisor.arrive(group(7, n));
            expected.add(group(7, n));
            if (n >= 3) {
                vf.arrive(0, new Arrival(group(7, n), 0, 0));
            }
        }
        // Its own frame comes back on the old path, and a neighbour's of the new NIC only on the new one.
        byte[] own = ByteBuffer.allocate(64).putLong(0, 0x0200_0000_0009_0200L).putInt(8, (int) OWN).array();
        rig.hypervisor.arrive(own);
        vf.arrive(0, new Arrival(group(8, 0), 0, 0));
        run(2);
        for (int i = 0; i < 60 && !rig.hypervisor.isAnswered(); i++) {
            run(1);
        }
        assertEquals(0, rig.hypervisor.result());
        vf.arrive(0, new Arrival(group(7, 5), 0, 0));
        vf.arrive(0, new Arrival(group(7, 4), 0, 0));
        run(5);
        expected.addAll(List.of(group(8, 0), group(7, 5), group(7, 4)));
        assertEquals(expected.size(), records.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), records.get(i).frame(), "frame " + i);
        }
        assertEquals(2, rig.guest.statistics().total(Counter.RX_DROPPED_DUPLICATES));
        assertEquals(1, rig.guest.statistics().total(Counter.RX_DROPPED_ECHOES));
        rig.machine.nanos += 3_000_000_000L;
        run(2);
        vf.arrive(0, new Arrival(own, 0, 0));
        run(3);
        assertArrayEquals(own, records.get(records.size() - 1).frame(), "the window is over");
    }

    @Test
    void withoutTheFlagNothingIsDropped() {
        boot(1, nic -> able(nic, 1));
        rig.hypervisor.nextVf = vf -> able(vf, 1);
        rig.hypervisor.notYet = 4;
        rig.hypervisor.passthrough(0, TestImages.good());
        rig.until("activating", () -> rig.hypervisor.log.contains("ACTIVATE_VF 0 1"));
        rig.hypervisor.arrive(group(7, 1));
        rig.hypervisor.vfs[0].arrive(0, new Arrival(group(7, 1), 0, 0));
        rig.untilAnswered();
        rig.until("both", () -> rig.received.size() == 2);
        assertEquals(0, rig.guest.statistics().rxDropped());
    }

    @Test
    void countersNeverGoBackOverWrapsAndSwitchovers() {
        boot(2, nic -> {
            able(nic, 2);
            nic.frames = -10;
        });
        rig.hypervisor.nextVf = vf -> {
            able(vf, 2);
            vf.frames = -5;
        };
        Map<String, Long> before = rig.guest.statistics().named();
        int sent = 0;
        for (int n = 0; n < 120; n++) {
            rig.channel.send(new Frames(tcp(n % 5, n), 0, 0), 0xFFFF);
            sent++;
            if (n % 30 == 10) {
                rig.hypervisor.passthrough(n % 60 == 10 ? 0 : 1, TestImages.good());
            } else if (n == 115) {
                rig.hypervisor.emulate();
            }
            rig.round();
            rig.machine.nanos += 9_000_000L;
            Map<String, Long> now = rig.guest.statistics().named();
            assertEquals(before.keySet(), now.keySet());
            before.forEach((name, value) -> assertTrue(now.get(name) >= value, name + " went back"));
            before = now;
        }
        rig.untilAnswered();
        int expected = sent;
        rig.until("all sent", () -> rig.guest.statistics().txPackets() == expected);
        rig.guest.statistics().refresh();
        assertEquals(sent, rig.guest.statistics().device(DeviceCounter.TX_FRAMES), "of the silicon, over its wraps");
        assertEquals(sent, rig.guest.statistics().carrierTx(0, QueueCounter.PACKETS)
                + rig.guest.statistics().carrierTx(1, QueueCounter.PACKETS));
        assertNotEquals(0, rig.guest.statistics().named().get("queue_1_tx_packets"));
    }

    @Test
    void countersAreReadInTimeWithoutAnybodyAsking() {
        boot(1, nic -> able(nic, 1));
        rig.send(100);
        rig.settle();
        assertEquals(0, rig.guest.statistics().device(DeviceCounter.TX_FRAMES));
        rig.machine.nanos += 10_000_000_000L;
        rig.guest.run(1);
        assertEquals(1, rig.guest.statistics().device(DeviceCounter.TX_FRAMES));
    }

    @Test
    void linkChangesReachTheDevice() {
        boot(1, nic -> able(nic, 1));
        rig.hypervisor.link = new LinkState(true, 1000);
        rig.hypervisor.raise(NicControl.EVENT_LINK);
        rig.guest.run(1);
        assertEquals(1000, rig.guest.device().link().megabitsPerSecond());
    }
}
