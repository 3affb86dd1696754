package dev.npa.plugin.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.List;
import org.junit.jupiter.api.Test;

class Vmxnet3TxQueueTest {

    private static final int RING = 32;

    @Test
    void packetsWrapAtEveryStartOffsetWithOneToSixteenFragments() {
        for (int fragments = 1; fragments <= 16; fragments++) {
            Bench bench = Bench.running(RING, 1500);
            for (int start = 0; start < 2 * RING; start++) {
                int handle = fragments * 1000 + start;
                assertTrue(bench.send(handle, fragments, 64));
                List<FakeRings.Sent> sent = bench.rings().sendAll();
                assertEquals(1, sent.size());
                assertEquals(fragments, sent.get(0).addresses().size());
                for (int i = 0; i < fragments; i++) {
                    assertEquals(0x1_2345_0000L + 4096L * (handle + i), sent.get(0).addresses().get(i));
                }
                assertEquals(1, bench.reclaim());
                // Walk on by one, so that every slot becomes a start.
                int gap = Math.floorMod(1 - fragments, RING);
                for (int i = 0; i < gap; i++) {
                    assertTrue(bench.send(1, 1, 64));
                    assertEquals(1, bench.rings().sendAll().size());
                    assertEquals(1, bench.reclaim());
                }
            }
        }
    }

    @Test
    void descriptorsOfARealPacketHaveTheMeasuredBytes() {
        Bench bench = Bench.running();
        PacketBurst burst = new PacketBurst(2);
        burst.add(0x300000, 1, 54, PacketFlags.SOP | PacketFlags.TX_IPV4 | PacketFlags.TX_TCP_CHECKSUM
                | PacketFlags.TX_VLAN);
        burst.add(0x304000, 2, 100, PacketFlags.EOP);
        burst.offload(0, PacketBurst.txOffload(14, 20, 20, 0, 0x6007));
        assertEquals(2, bench.plugin.txQueue(0).transmit(burst, 0, 2));
        long ring = bench.rings().txRingBase();
        int[] expected = {0x300000, 0, 0x00c84036, 0x60078822, 0x304000, 0, 0x00004064, 0x00003000};
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], bench.shell.memory.getInt(ring + 4L * i), "dword " + i);
        }
    }

    @Test
    void metadataOfOnePacketDoesNotReachTheNext() {
        Bench bench = Bench.running();
        PacketBurst burst = new PacketBurst(4);
        for (int round = 0; round < 2 * RING; round++) {
            burst.clear();
            Bench.packet(burst, 1, 1, 80);
            burst.flags(0, burst.flags(0) | PacketFlags.TX_VLAN | PacketFlags.TX_UDP_CHECKSUM);
            burst.offload(0, PacketBurst.txOffload(14, 20, 8, 0, 5));
            Bench.packet(burst, 2, 1, 80);
            bench.plugin.txQueue(0).transmit(burst, 0, 2);
            List<FakeRings.Sent> sent = bench.rings().sendAll();
            assertEquals(5, sent.get(0).d3() >>> 16);
            assertEquals(40, sent.get(0).d2() >>> 18, "UDP checksum field at 14 + 20 + 6");
            assertEquals(0, sent.get(1).d3() & 0xFFFF_8FFF);
            assertEquals(0, sent.get(1).d2() >>> 15);
            bench.reclaim();
        }
    }

    @Test
    void aNearlyFullRingTakesWholePacketsFromTheFrontOnly() {
        Bench bench = Bench.running();
        PacketBurst burst = new PacketBurst(64);
        for (int i = 0; i < 8; i++) {
            Bench.packet(burst, 10 * i, 5, 100);
        }
        TxQueue queue = bench.plugin.txQueue(0);
        assertEquals(5, queue.transmit(burst, 0, 5));
        assertEquals(30, queue.transmit(burst, 5, 40), "6 packets of 5 fit into 31 descriptors");
        assertEquals(6, queue.outstanding());
        assertEquals(30, queue.transmit(burst, 30, 40), "ring full");
        FakeRings.Sent first = bench.rings().fetch();
        bench.rings().complete(first);
        assertEquals(1, bench.reclaim());
        assertEquals(35, queue.transmit(burst, 30, 40));
        assertEquals(6, bench.rings().sendAll().size());
        assertEquals(6, bench.reclaim());
        assertEquals(0, queue.outstanding());
    }

    @Test
    void oneDescriptorStaysFreeAtEveryOffset() {
        Bench bench = Bench.running();
        for (int round = 0; round < 2 * RING + 1; round++) {
            for (int i = 0; i < RING - 1; i++) {
                assertTrue(bench.send(i, 1, 60));
            }
            assertFalse(bench.send(99, 1, 60));
            assertEquals(RING - 1, bench.rings().sendAll().size());
            assertEquals(RING - 1, bench.reclaim());
        }
    }

    @Test
    void aPacketWithoutItsEndIsRefused() {
        Bench bench = Bench.running();
        PacketBurst burst = new PacketBurst(8);
        Bench.packet(burst, 1, 4, 100);
        assertEquals(3, bench.plugin.txQueue(0).transmit(burst, 0, 3));
        assertEquals(0, bench.shell.device.writesTo(0, 0x600));
        assertEquals(1, bench.reclaim());
        assertEquals(List.of(-1), bench.fates);
    }

    @Test
    void onlyTheLastPacketOfARunAsksForACompletion() {
        Bench bench = new Bench().start(Bench.config(256, 1500, Bench.all()));
        PacketBurst burst = new PacketBurst(100);
        for (int i = 0; i < 40; i++) {
            Bench.packet(burst, i, i % 5 == 2 ? 3 : 1, 60);
        }
        bench.plugin.txQueue(0).transmit(burst, 0, burst.size());
        List<FakeRings.Sent> sent = bench.rings().sendAll();
        for (int i = 0; i < 40; i++) {
            assertEquals(i == 31 || i == 39, sent.get(i).cq(), "packet " + i);
        }
        assertEquals(40, bench.reclaim());
        assertEquals(40, bench.plugin.txQueue(0).counter(QueueCounter.PACKETS));
    }

    @Test
    void aRunIsReportedWhenItsLastPacketIsDoneAndNotBefore() {
        Bench bench = Bench.running();
        PacketBurst burst = new PacketBurst(16);
        for (int i = 0; i < 6; i++) {
            Bench.packet(burst, i, 2, 100);
        }
        TxQueue queue = bench.plugin.txQueue(0);
        queue.transmit(burst, 0, 12);
        FakeRings.Sent packet = bench.rings().fetch();
        bench.rings().complete(packet); // although it did not ask for it
        assertEquals(0, queue.reclaim(8), "the run is not over");
        assertEquals(6, queue.outstanding());
        while (!packet.cq()) {
            packet = bench.rings().fetch();
        }
        bench.rings().complete(packet);
        assertEquals(6, queue.reclaim(8));
        assertEquals(0, queue.outstanding());
    }

    @Test
    void aDeviceThatCompletesEveryPacketIsUnderstood() {
        Bench bench = Bench.running();
        bench.rings().completesAll = true;
        PacketBurst burst = new PacketBurst(16);
        for (int round = 0; round < 5 * RING; round++) {
            burst.clear();
            for (int i = 0; i < 5; i++) {
                Bench.packet(burst, i, 1 + i % 3, 100);
            }
            assertEquals(burst.size(), bench.plugin.txQueue(0).transmit(burst, 0, burst.size()));
            assertEquals(5, bench.rings().sendAll().size());
            assertEquals(5, bench.reclaim());
        }
        assertEquals(0, bench.plugin.txQueue(0).counter(QueueCounter.ERRORS));
    }

    @Test
    void reclaimKeepsToItsBudget() {
        Bench bench = Bench.running();
        for (int i = 0; i < 6; i++) {
            bench.send(10 * i, 2, 100);
        }
        bench.rings().sendAll();
        TxQueue queue = bench.plugin.txQueue(0);
        assertEquals(2, queue.reclaim(2));
        assertEquals(1, queue.reclaim(1));
        assertEquals(3, queue.reclaim(10));
        assertEquals(0, queue.reclaim(10));
        assertEquals(6, queue.counter(QueueCounter.PACKETS));
        assertEquals(1200, queue.counter(QueueCounter.BYTES));
    }

    @Test
    void packetsBeyondTheLimitsAreReportedAsNotSentInTheirOrder() {
        Bench bench = Bench.running();
        PacketBurst burst = new PacketBurst(64);
        Bench.packet(burst, 1, 1, 60);
        Bench.packet(burst, 100, 17, 60);
        Bench.packet(burst, 2, 1, 1519);
        Bench.packet(burst, 3, 1, 13);
        Bench.packet(burst, 4, 2, 0);
        int ipChecksum = Bench.packet(burst, 5, 1, 60);
        burst.flags(ipChecksum, burst.flags(ipChecksum) | PacketFlags.TX_IP_CHECKSUM);
        Bench.packet(burst, 6, 1, 1518);
        TxQueue queue = bench.plugin.txQueue(0);
        assertEquals(burst.size(), queue.transmit(burst, 0, burst.size()));
        assertEquals(5, queue.counter(QueueCounter.REFUSED));
        List<FakeRings.Sent> sent = bench.rings().sendAll();
        assertEquals(List.of(60, 1518), List.of(sent.get(0).lengths().get(0), sent.get(1).lengths().get(0)));
        assertTrue(sent.get(0).cq(), "a refused packet ends a run");
        assertEquals(7, bench.reclaim());
        assertEquals(List.of(1, -5, 1), bench.fates);
    }

    @Test
    void aRefusedPacketLargerThanTheRingIsOnePacket() {
        Bench bench = Bench.running();
        assertTrue(bench.send(1, 1, 60));
        assertTrue(bench.send(50, 1000, 60));
        assertTrue(bench.send(2, 1, 60));
        assertEquals(2, bench.rings().sendAll().size());
        assertEquals(3, bench.reclaim());
        assertEquals(List.of(1, -1, 1), bench.fates);
    }

    @Test
    void refusedPacketsThatNobodyReclaimsFillTheQueueWithoutLosingAny() {
        Bench bench = Bench.running();
        PacketBurst burst = new PacketBurst(512);
        for (int i = 0; i < 200; i++) {
            Bench.packet(burst, i, 1, i % 2 == 0 ? 60 : 9000);
        }
        TxQueue queue = bench.plugin.txQueue(0);
        int at = 0;
        int reported = 0;
        while (at < 200) {
            int end = queue.transmit(burst, at, 200);
            assertEquals(end, queue.outstanding() + reported);
            at = end;
            bench.rings().sendAll();
            reported += bench.reclaim();
        }
        assertEquals(200, reported);
        assertEquals(100, queue.counter(QueueCounter.PACKETS));
    }

    @Test
    void refusedPacketsAloneRingNoDoorbellAndComeBack() {
        Bench bench = Bench.running();
        assertTrue(bench.send(1, 1, 9000));
        assertEquals(0, bench.shell.device.writesTo(0, 0x600));
        assertEquals(1, bench.reclaim());
    }

    @Test
    void tsoPacketsAreCutIntoBuffersThatTheDeviceTakes() {
        Bench bench = Bench.running();
        PacketBurst burst = new PacketBurst(2);
        burst.add(0x1_0000_0000L, 1, 54, PacketFlags.SOP | PacketFlags.TX_TSO | PacketFlags.TX_IPV4);
        burst.add(0x2_0000_0000L, 2, 40000, PacketFlags.EOP);
        burst.offload(0, PacketBurst.txOffload(14, 20, 20, 1448, 0));
        assertEquals(2, bench.plugin.txQueue(0).transmit(burst, 0, 2));
        FakeRings.Sent sent = bench.rings().fetch();
        assertEquals(List.of(54, 16384, 16384, 7232), sent.lengths());
        assertEquals(0x2_0000_8000L, sent.addresses().get(3));
        assertEquals(1448, sent.d2() >>> 18);
        assertEquals(0xC00 | 54, sent.d3() & 0xFFF);
    }

    @Test
    void oneDoorbellABurstWithTheNextSlot() {
        Bench bench = Bench.running();
        PacketBurst burst = new PacketBurst(64);
        for (int i = 0; i < 7; i++) {
            Bench.packet(burst, i, 2, 100);
        }
        bench.plugin.txQueue(0).transmit(burst, 0, 14);
        assertEquals(1, bench.shell.device.writesTo(0, 0x600));
        assertTrue(bench.shell.device.writes.contains("0:600=e"), bench.shell.device.writes::toString);
        assertEquals(1, bench.plugin.txQueue(0).counter(QueueCounter.DOORBELLS));
    }

    @Test
    void doorbellsWaitForTheDevicesThresholdCountedInFrames() {
        Bench bench = new Bench();
        bench.shell.device.txThreshold = 8;
        bench.start(Bench.config(64, 1500, Bench.all()));
        long deferred = bench.control.queueTable().address();
        for (int i = 0; i < 3; i++) {
            bench.send(i, 1, 60);
        }
        assertEquals(0, bench.shell.device.writesTo(0, 0x600));
        assertEquals(3, bench.shell.memory.getInt(deferred));
        assertNotNull(bench.rings().fetch(), "deferred packets are published all the same");
        PacketBurst tso = new PacketBurst(1);
        tso.add(0x1000, 9, 54 + 4001, PacketFlags.WHOLE | PacketFlags.TX_TSO | PacketFlags.TX_IPV4);
        tso.offload(0, PacketBurst.txOffload(14, 20, 20, 1000, 0));
        bench.plugin.txQueue(0).transmit(tso, 0, 1); // five frames on the wire
        assertEquals(1, bench.shell.device.writesTo(0, 0x600));
        assertEquals(0, bench.shell.memory.getInt(deferred));
    }

    @Test
    void quiesceRingsTheDoorbellOfDeferredPackets() {
        Bench bench = new Bench();
        bench.shell.device.txThreshold = 100;
        bench.start(Bench.config(64, 1500, Bench.all()));
        bench.send(1, 1, 60);
        assertEquals(0, bench.shell.device.writesTo(0, 0x600));
        assertFalse(bench.plugin.quiesce());
        assertEquals(1, bench.shell.device.writesTo(0, 0x600));
        bench.rings().sendAll();
        assertTrue(bench.plugin.quiesce());
    }

    @Test
    void oneCompletionReleasesAllDescriptorsUpToIt() {
        Bench bench = Bench.running();
        bench.send(1, 2, 60);
        bench.send(2, 3, 60);
        bench.rings().fetch();
        bench.rings().complete(bench.rings().fetch());
        assertEquals(2, bench.reclaim());
    }

    @Test
    void aCompletionThatMakesNoSenseIsCountedAndReleasesNothing() {
        Bench bench = Bench.running();
        bench.send(1, 1, 60);
        bench.rings().complete(new FakeRings.Sent(List.of(), List.of(), 0, 0, 7, true));
        assertEquals(0, bench.reclaim());
        assertEquals(1, bench.plugin.txQueue(0).counter(QueueCounter.ERRORS));
        assertEquals(1, bench.rings().sendAll().size());
        assertEquals(1, bench.reclaim());
    }

    @Test
    void anIdleRingShowsTheDeviceNothing() {
        Bench bench = Bench.running();
        for (int i = 0; i < 3 * RING; i++) {
            assertNull(bench.rings().fetch());
            bench.send(i, 1, 60);
            assertEquals(1, bench.rings().sendAll().size());
            bench.reclaim();
        }
    }
}
