package dev.npa.plugin.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.Set;
import org.junit.jupiter.api.Test;

class Vmxnet3RxQueueTest {

    private static final int RING = 32;
    private static final int GOOD_TCP4 = 1 << 21 | 1 << 19 | 1 << 18 | 1 << 16;

    @Test
    void postedDescriptorsHaveTheMeasuredShapeAndOneStaysBack() {
        Bench bench = Bench.running();
        long ring = bench.rings().rxRingBase(0);
        for (int slot = 0; slot < RING; slot++) {
            assertEquals(slot < RING - 1 ? 0x80000800 : 0x800, bench.shell.memory.getInt(ring + 16L * slot + 8));
            assertEquals(0, bench.shell.memory.getInt(ring + 16L * slot + 12));
        }
        assertEquals(RING - 1, bench.rings().owned(0));
        assertEquals(RING - 1, bench.shell.held(), "a configuration without large frames posts nothing to ring 1");
    }

    @Test
    void framesArriveUnchangedThroughEveryWrap() {
        Bench bench = Bench.running();
        for (int i = 0; i < 5 * RING; i++) {
            byte[] frame = Bench.frame(60 + i, i);
            assertTrue(bench.rings().receive(frame));
            assertEquals(1, bench.receive(8));
            assertEquals(PacketFlags.WHOLE, bench.in.flags(0));
            assertArrayEquals(frame, bench.bytesAt(0));
            assertEquals(RING - 1, bench.rings().owned(0));
            bench.shell.recycle(bench.in);
        }
        RxQueue queue = bench.plugin.rxQueue(0);
        assertEquals(5 * RING, queue.counter(QueueCounter.PACKETS));
        assertEquals(0, queue.counter(QueueCounter.NO_BUFFER));
        assertEquals(0, queue.counter(QueueCounter.ERRORS));
    }

    @Test
    void budgetBoundsWhatIsReceivedAndSaysWhenMoreWaits() {
        Bench bench = Bench.running();
        for (int i = 0; i < 10; i++) {
            bench.rings().receive(Bench.frame(60, i));
        }
        assertEquals(0, bench.receive(0));
        assertEquals(4, bench.receive(4));
        assertEquals(4, bench.receive(4));
        assertArrayEquals(Bench.frame(60, 4), bench.bytesAt(0));
        assertEquals(2, bench.receive(4));
        assertEquals(0, bench.receive(4));
    }

    @Test
    void whatDoesNotFitTheBurstStaysInTheRing() {
        Bench bench = Bench.running(160, 9000);
        bench.rings().receive(Bench.frame(60, 1));
        bench.rings().receive(Bench.frame(9000, 2));
        PacketBurst narrow = new PacketBurst(5);
        assertEquals(1, bench.plugin.rxQueue(0).receive(narrow, 10), "four of five entries are left");
        narrow.clear();
        assertEquals(1, bench.plugin.rxQueue(0).receive(narrow, 10));
        assertEquals(9000, narrow.packetLength(0));
        assertEquals(5, narrow.size());
    }

    @Test
    void largeFramesTakeAHeadAndItsBodiesAlsoOverTheWrap() {
        Bench bench = Bench.running(160, 9000);
        assertEquals(159, bench.rings().owned(0));
        for (int i = 0; i < 200; i++) {
            int length = i % 3 == 0 ? 60 : 2049 + 53 * i % 6900;
            byte[] frame = Bench.frame(length, i);
            assertTrue(bench.rings().receive(frame), "frame " + i);
            assertEquals(1, bench.receive(8));
            assertEquals((length + 2047) / 2048, bench.in.size());
            assertArrayEquals(frame, bench.bytesAt(0));
            for (int k = 0; k < bench.in.size(); k++) {
                assertEquals(k == 0, (bench.in.flags(k) & PacketFlags.SOP) != 0);
                assertEquals(k == bench.in.size() - 1, (bench.in.flags(k) & PacketFlags.EOP) != 0);
            }
            bench.shell.recycle(bench.in);
        }
        assertEquals(159 + 63, bench.shell.held(), "passed-over buffers were given to the device again");
    }

    @Test
    void framesThatOverflowIntoRingOneAreAssembled() {
        Bench bench = new Bench().start(Bench.config(64, 1500, Bench.all()));
        for (int i = 0; i < 100; i++) {
            byte[] frame = Bench.frame(20_000, i);
            assertTrue(bench.rings().receive(frame));
            assertEquals(1, bench.receive(1));
            assertEquals(10, bench.in.size());
            assertArrayEquals(frame, bench.bytesAt(0));
            bench.shell.recycle(bench.in);
        }
    }

    @Test
    void aPacketWhoseEndComesInALaterCallIsDeliveredWhole() {
        Bench bench = Bench.running(160, 9000);
        FakeRings rings = bench.rings();
        rings.completion(0 | 1 << 15, 0, 2048, 0);
        assertEquals(0, bench.receive(8));
        rings.completion(1, 0, 2048, 0);
        assertEquals(0, bench.receive(8));
        assertEquals(0, bench.in.size());
        rings.completion(2 | 1 << 14 | 1 << 30, 0, 100, 0);
        assertEquals(1, bench.receive(8));
        assertEquals(4196, bench.in.packetLength(0));
        assertEquals(3, bench.in.size());
    }

    @Test
    void aPacketWithoutItsEndIsDroppedWholeAndItsBuffersStay() {
        Bench bench = Bench.running(160, 9000);
        FakeRings rings = bench.rings();
        rings.completion(0 | 1 << 15, 0, 2048, 0);
        rings.completion(1, 0, 2048, 0);
        rings.completion(5 | 1 << 15 | 1 << 14 | 1 << 30, 0, 60, 0);
        assertEquals(1, bench.receive(8));
        assertEquals(60, bench.in.packetLength(0));
        assertEquals(1, bench.plugin.rxQueue(0).counter(QueueCounter.ERRORS));
        assertEquals(159 + 63 + 1, bench.shell.held(), "222 in the rings and the delivered one");
    }

    @Test
    void anEndlessPacketDoesNotStopTheQueue() {
        Bench bench = Bench.running(160, 9000);
        FakeRings rings = bench.rings();
        rings.completion(0 | 1 << 15, 0, 2048, 0);
        for (int i = 1; i < 40; i++) {
            rings.completion(i, 0, 2048, 0);
        }
        rings.completion(40 | 1 << 15 | 1 << 14 | 1 << 30, 0, 60, 0);
        assertEquals(1, bench.receive(64));
        assertTrue(bench.plugin.rxQueue(0).counter(QueueCounter.ERRORS) > 0);
        assertEquals(60, bench.in.packetLength(0));
    }

    @Test
    void errorsAndNonsenseAreCountedAndNeverDelivered() {
        Bench bench = Bench.running();
        FakeRings rings = bench.rings();
        rings.receive(Bench.frame(60, 1), 0, 0, 1 << 14, 0, 1);
        rings.completion(1 << 15 | 1 << 14 | 31, 0, 60, 0);
        rings.completion(1 << 15 | 1 << 14 | 4095, 0, 60, 0);
        rings.completion(1 << 15 | 1 << 14 | 9 << 16 | 1, 0, 60, 0);
        rings.completion(1 << 15 | 1 << 14 | 1, 0, 2049, 0);
        assertEquals(0, bench.receive(16));
        assertEquals(5, bench.plugin.rxQueue(0).counter(QueueCounter.ERRORS));
        assertEquals(RING - 1, bench.shell.held(), "buffers of dropped packets are posted again");
        assertEquals(0, bench.in.size());
    }

    @Test
    void aTruncatedFrameIsDroppedAndItsBuffersAreUsedAgain() {
        Bench bench = Bench.running();
        for (int i = 0; i < 4 * RING; i++) {
            assertTrue(bench.rings().receive(Bench.frame(5000, 1), 1 << 30, 0, 0, 0, 1));
            assertEquals(0, bench.receive(16));
        }
        assertEquals(4 * RING, bench.plugin.rxQueue(0).counter(QueueCounter.ERRORS));
        assertEquals(RING - 1, bench.shell.held(), "buffers of dropped packets are posted again");
        assertTrue(bench.rings().receive(Bench.frame(77, 3)));
        assertEquals(1, bench.receive(16));
        assertArrayEquals(Bench.frame(77, 3), bench.bytesAt(0));
    }

    @Test
    void anEmptyCompletionIsPassedOverSilently() {
        Bench bench = Bench.running();
        bench.rings().receive(new byte[0]);
        bench.rings().receive(Bench.frame(60, 2));
        assertEquals(1, bench.receive(8));
        assertArrayEquals(Bench.frame(60, 2), bench.bytesAt(0));
        assertEquals(0, bench.plugin.rxQueue(0).counter(QueueCounter.ERRORS));
    }

    @Test
    void aStarvedRingRecoversWhenBuffersAreBack() {
        Bench bench = Bench.running();
        bench.shell.allowance = 0;
        int received = 0;
        while (bench.rings().receive(Bench.frame(60, received))) {
            assertEquals(1, bench.receive(4));
            bench.shell.recycle(bench.in);
            received++;
        }
        assertEquals(RING - 1, received);
        RxQueue queue = bench.plugin.rxQueue(0);
        assertEquals(RING - 1, queue.counter(QueueCounter.NO_BUFFER));
        assertEquals(0, bench.receive(4));
        assertEquals(RING - 1, queue.counter(QueueCounter.NO_BUFFER), "an empty slot counts once");
        bench.shell.allowance = 5;
        assertEquals(0, bench.receive(0), "budget 0 refills");
        assertEquals(5, bench.rings().owned(0));
        bench.shell.allowance = Integer.MAX_VALUE;
        bench.receive(0);
        assertEquals(RING - 1, bench.rings().owned(0));
        byte[] frame = Bench.frame(99, 9);
        assertTrue(bench.rings().receive(frame));
        assertEquals(1, bench.receive(4));
        assertArrayEquals(frame, bench.bytesAt(0));
    }

    @Test
    void resultsBelongToTheirFrameOnly() {
        Bench bench = Bench.running();
        for (int i = 0; i < RING; i++) {
            bench.rings().receive(Bench.frame(60, i), 2 << 26, 0xCAFEBABE, 1 << 15 | 0x6007 << 16, GOOD_TCP4, 1);
            bench.rings().receive(Bench.frame(60, i));
            assertEquals(2, bench.receive(8));
            assertEquals(PacketFlags.WHOLE | PacketFlags.RX_VLAN | PacketFlags.RX_HASH | PacketFlags.RX_IPV4
                    | PacketFlags.RX_TCP | PacketFlags.RX_IP_GOOD | PacketFlags.RX_L4_GOOD, bench.in.flags(0));
            assertEquals(0x6007, bench.in.rxVlan(0));
            assertEquals(0xCAFEBABE, bench.in.rxHash(0));
            assertEquals(PacketFlags.WHOLE, bench.in.flags(1));
            assertEquals(0, bench.in.offload(1));
            bench.shell.recycle(bench.in);
        }
    }

    @Test
    void resultsOfASplitFrameComeFromItsLastCompletion() {
        Bench bench = Bench.running(160, 9000);
        bench.rings().receive(Bench.frame(5000, 1), 2 << 26, 7, 1 << 15 | 9 << 16, GOOD_TCP4, 8);
        assertEquals(1, bench.receive(8));
        assertEquals(9, bench.in.rxVlan(0));
        assertTrue((bench.in.flags(0) & PacketFlags.RX_L4_GOOD) != 0);
        assertEquals(PacketFlags.EOP, bench.in.flags(2));
    }

    @Test
    void mergedPacketsTellSegmentsAndMss() {
        Bench bench = new Bench();
        bench.shell.device.vrrs = 3;
        bench.start(Bench.config(64, 1500, Bench.all()));
        assertEquals(2, bench.control.revision());
        bench.rings().completionType = 4;
        bench.rings().receive(Bench.frame(14 + 40 + 3 * 1448, 1), 1 << 30, 3, 0, 1448, 64);
        bench.rings().receive(Bench.frame(500, 1), 1 << 30, 1, 0, 1448, 64);
        bench.rings().receive(Bench.frame(14 + 40 + 3000, 1), 1 << 30, 3, 0, 0, 64);
        assertEquals(3, bench.receive(8));
        assertTrue((bench.in.flags(0) & PacketFlags.RX_LRO) != 0);
        assertEquals(3, bench.in.segments(0));
        assertEquals(1448, bench.in.mss(0));
        assertFalse((bench.in.flags(3) & PacketFlags.RX_LRO) != 0, "one segment was not merged");
        assertEquals(1000, bench.in.mss(4), "an MSS of 0 is estimated");
    }

    @Test
    void anOldDevicesMergedPacketIsKnownByItsSize() {
        Bench bench = new Bench().start(Bench.config(64, 1500, Bench.all()));
        bench.rings().receive(Bench.frame(14 + 40 + 2 * 1460, 1));
        assertEquals(1, bench.receive(8));
        assertEquals(2, bench.in.segments(0));
        assertEquals(1460, bench.in.mss(0));
    }

    @Test
    void anOldDevicesMergedPacketIsKnownByItsSizeInOneBufferToo() {
        Bench bench = new Bench().start(Bench.config(64, 1500, Bench.all()));
        bench.rings().receive(Bench.frame(1518, 1));
        bench.rings().receive(Bench.frame(1519, 1));
        assertEquals(2, bench.receive(8));
        assertEquals(PacketFlags.WHOLE, bench.in.flags(0), "the longest frame that was not merged");
        assertEquals(PacketFlags.WHOLE | PacketFlags.RX_LRO, bench.in.flags(1));
        assertEquals(2, bench.in.segments(1));
    }

    @Test
    void refillRingsTheProducerOnlyWhenTheDeviceAsks() {
        Bench silent = Bench.running();
        silent.rings().receive(Bench.frame(60, 1));
        silent.receive(4);
        assertEquals(1, silent.shell.device.writesTo(0, 0x800), "the one after activation");

        Bench asking = new Bench();
        asking.shell.device.updateRxProd = 1;
        asking.start(Bench.config(RING, 1500, Set.of()));
        asking.rings().receive(Bench.frame(60, 1));
        asking.rings().receive(Bench.frame(60, 1));
        asking.receive(4);
        assertEquals(2, asking.shell.device.writesTo(0, 0x800), "one a burst");
        assertTrue(asking.shell.device.writes.contains("0:800=1"), "slot after the last posted one");
        assertEquals(1, asking.shell.device.writesTo(0, 0xA00));
    }

    @Test
    void resultsOfFeaturesThatAreOffAreNotReported() {
        Bench bench = new Bench().start(Bench.config(RING, 1500, Set.of()));
        bench.rings().receive(Bench.frame(60, 1), 2 << 26, 5, 0, GOOD_TCP4, 1);
        bench.receive(1);
        assertEquals(PacketFlags.WHOLE | PacketFlags.RX_IPV4 | PacketFlags.RX_TCP, bench.in.flags(0));
    }
}
