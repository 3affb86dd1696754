package dev.npa.plugin.broadcom.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.Feature;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.broadcom.testing.Rig;
import dev.npa.plugin.broadcom.testing.TestMachine;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Merged segments (TPA), reported as LRO. */
class AggregationTest {

    private static final int TCP4 = 1 | 1 << 3 | 1 << 7;
    private static final int TIMESTAMP = 1 << 11;

    @Test
    void aMergedPacketIsHeadAndSgesWithSegmentsAndMss() {
        Rig rig = new Rig().running();
        byte[] all = TestMachine.bytes(54 + 8 * 1460, 1);
        assertTrue(rig.device.start(0, 2, Arrays.copyOf(all, 1514), TCP4));
        assertEquals(0, rig.receive(8).size(), "nothing to indicate before its end");
        assertTrue(rig.device.receive(0, TestMachine.bytes(60, 9)), "other frames pass it");
        assertEquals(1, rig.receive(8).size());
        assertTrue(rig.device.stop(0, 2, all, 1514, 8));
        PacketBurst in = rig.receive(8);
        assertArrayEquals(all, rig.bytes(in, 0));
        assertEquals(6, in.size(), "10220 bytes beyond the first buffer are five of 2048");
        assertEquals(PacketFlags.RX_LRO, in.flags(0) & PacketFlags.RX_LRO);
        assertEquals(8, in.segments(0));
        assertEquals(1460, in.mss(0));
        assertEquals(PacketFlags.RX_L4_GOOD, in.flags(0) & PacketFlags.RX_L4_GOOD);
        assertEquals(2, rig.countRx(QueueCounter.PACKETS));
    }

    @Test
    void aTimestampIsNoPayload() {
        Rig rig = new Rig().running();
        byte[] all = TestMachine.bytes(66 + 2 * 1448, 1);
        rig.device.start(0, 0, Arrays.copyOf(all, 1514), TCP4 | TIMESTAMP);
        rig.device.stop(0, 0, all, 1514, 2);
        assertEquals(1448, rig.receive(8).mss(0));
    }

    @Test
    void anAggregationOfOneSegmentIsAnOrdinaryPacket() {
        Rig rig = new Rig().running();
        byte[] all = TestMachine.bytes(700, 1);
        rig.device.start(0, 63, all, TCP4);
        rig.device.stop(0, 63, all, 700, 1);
        PacketBurst in = rig.receive(8);
        assertEquals(1, in.size());
        assertEquals(PacketFlags.WHOLE, in.flags(0) & (PacketFlags.WHOLE | PacketFlags.RX_LRO));
    }

    @Test
    void openAggregationsGiveTheirBuffersBackOnStop() {
        Rig rig = new Rig().running();
        rig.device.start(0, 1, TestMachine.bytes(1514, 1), TCP4);
        rig.device.start(0, 7, TestMachine.bytes(1514, 1), TCP4);
        rig.receive(8);
        rig.plugin.stop();
        assertEquals(0, rig.machine.taken.size());
    }

    @Test
    void withoutScatterNothingIsMerged() {
        Rig rig = new Rig().running(128, 1500, EnumSet.of(Feature.LRO));
        byte[] setup = rig.device.requests().get(3);
        assertEquals(3, setup[0]);
        assertEquals(0, setup[48] & 3, "TPA is off");
        assertEquals(0, setup[56], "and there are no SGEs");
    }

    /** Up to eight aggregations end in any order, mixed with frames of all lengths, over many laps of all rings. */
    @Property(tries = 30)
    void anyMixtureArrivesWholeAndInOrderOfItsEnds(@ForAll Random random) {
        Rig rig = new Rig().running(128, 9000, Rig.all());
        byte[][] open = new byte[8][];
        int[] segments = new int[8];

        for (int step = 0; step < 1500; step++) {
            int bin = random.nextInt(8);
            byte[] frame = null;
            if (open[bin] == null && random.nextBoolean()) {
                segments[bin] = 1 + random.nextInt(10);
                open[bin] = TestMachine.bytes(54 + 1460 * segments[bin] - (segments[bin] > 1 ? random.nextInt(1000) : 0),
                        step);
                assertTrue(rig.device.start(0, bin, Arrays.copyOf(open[bin], 1514), TCP4), "step " + step);
            } else if (open[bin] != null) {
                frame = open[bin];
                assertTrue(rig.device.stop(0, bin, frame, 1514, segments[bin]), "step " + step);
                open[bin] = null;
            } else {
                frame = TestMachine.bytes(60 + random.nextInt(8958), step);
                assertTrue(rig.device.receive(0, frame), "step " + step);
            }
            PacketBurst expected = rig.receive(8);
            assertEquals(frame != null, expected.size() > 0);
            if (frame != null) {
                assertArrayEquals(frame, rig.bytes(expected, 0));
            }
            rig.recycle(expected);
        }
        assertEquals(0, rig.countRx(QueueCounter.ERRORS));
        rig.plugin.stop();
        assertEquals(0, rig.machine.taken.size());
    }
}
