package dev.npa.plugin.broadcom.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.Feature;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.broadcom.testing.Fake57712.Sent;
import dev.npa.plugin.broadcom.testing.Rig;
import dev.npa.plugin.broadcom.testing.TestMachine;
import dev.npa.shell.PacketFlags;
import java.io.ByteArrayOutputStream;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ring mechanics of transmit. */
class TxRingTest {

    private static final int DOORBELL = 0x7C00;

    private static byte[] segments(Rig rig, int count, int each, int handle) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (int s = 0; s < count; s++) {
            byte[] part = s == 0 ? Rig.frame(each, handle) : TestMachine.bytes(each + s, handle + s);
            int flags = (s == 0 ? PacketFlags.SOP : 0) | (s == count - 1 ? PacketFlags.EOP : 0);
            rig.machine.segment(rig.burst, handle + s, part, flags);
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    @Test
    void packetsOfAnyNumberOfSegmentsWrapAtEveryOffsetOfAPage() {
        Rig rig = new Rig().running();
        for (int count = 1; count <= Limits.MAX_SEGMENTS; count++) {
            for (int offset = 0; offset < 256; offset++) {
                rig.device.sent.clear();
                byte[] whole = segments(rig, count, 70, 100);
                assertEquals(count, rig.transmit());
                assertEquals(1, rig.finish(), "segments " + count + " round " + offset);
                Sent sent = rig.device.sent.get(0);
                assertArrayEquals(whole, sent.bytes());
                assertEquals(count + 1, sent.startQ1() & 0xFFFF, "nbd");
                assertEquals(count > 1 ? whole.length : -1, count > 1 ? sent.dataQ1().get(0) & 0xFFFF : -1, "total");
                for (int s = 1; s < count - 1; s++) {
                    assertEquals(0, sent.dataQ1().get(s) & 0xFFFF, "only the first fragment tells the total");
                }
            }
        }
        assertEquals(0, rig.count(QueueCounter.REFUSED));
        assertEquals(10 * 256, rig.count(QueueCounter.PACKETS));
    }

    @Test
    void theProducerWrapsAfter65536() {
        Rig rig = new Rig().running();
        for (int i = 0; i < 33000; i++) {
            rig.machine.packet(rig.burst, i & 63, Rig.frame(60, i));
            rig.transmit();
            assertEquals(1, rig.finish(), "packet " + i);
        }
        assertEquals(33000, rig.device.sent.size());
    }

    @Test
    void aBurstRingsTheDoorbellOnceAndBehindItsDescriptors() {
        Rig rig = new Rig().running();
        for (int i = 0; i < 32; i++) {
            rig.machine.packet(rig.burst, i, Rig.frame(60, i));
        }
        rig.transmit();
        assertEquals(1, rig.device.count(DOORBELL));
        assertEquals("7c00=00400002", rig.device.writes.get(rig.device.writes.size() - 1));
        assertEquals(1, rig.count(QueueCounter.DOORBELLS));
        rig.tx.transmit(rig.burst, 0, 0);
        assertEquals(1, rig.count(QueueCounter.DOORBELLS), "nothing posted, nothing rung");
    }

    @Test
    void aFullRingTakesWholePacketsAndGoesOnWhenThereIsRoom() {
        Rig rig = new Rig().running();
        for (int i = 0; i < 60; i++) {
            rig.machine.segment(rig.burst, i, Rig.frame(60, i), PacketFlags.SOP);
            rig.machine.segment(rig.burst, i, Rig.frame(60, i), PacketFlags.EOP);
        }
        int taken = rig.tx.transmit(rig.burst, 0, 120);
        assertEquals(0, taken % 2);
        assertTrue(taken / 2 * 3 <= 127, "at most ring size - 1 descriptors");
        assertTrue(taken / 2 * 3 > 127 - 2 * 4, "and not much less: " + taken);
        assertEquals(taken, rig.tx.transmit(rig.burst, taken, 120), "full");
        assertEquals(taken / 2, rig.tx.outstanding());
        assertEquals(taken / 2, rig.finish());
        assertEquals(120, rig.tx.transmit(rig.burst, taken, 120));
        assertEquals(60 - taken / 2, rig.finish());
        assertEquals(0, rig.tx.outstanding());
    }

    @Test
    void theLargestRingIsUsedToItsLastDescriptor() {
        Rig rig = new Rig().running(3968, 1500, Rig.all());
        int packets = 0;
        do {
            rig.machine.packet(rig.burst, packets & 63, Rig.frame(60, packets));
            packets++;
        } while (rig.transmit() == 1);
        assertTrue(packets - 1 > 1970, "packets " + packets);
        rig.device.transmit(Integer.MAX_VALUE);
        assertEquals(packets - 1, rig.device.sent.size(), "the device sees a full ring, not an empty one");
    }

    @Test
    void anIndexThatCannotBeCompletesNothing() {
        Rig rig = new Rig().running();
        rig.machine.packet(rig.burst, 1, Rig.frame(60, 1));
        rig.transmit();
        rig.device.txIndex(0, 2);
        assertEquals(0, rig.tx.reclaim(10));
        rig.device.txIndex(0, 0xFFFF);
        assertEquals(0, rig.tx.reclaim(10));
        assertEquals(1, rig.tx.outstanding(), "a hang shows");
        rig.device.txIndex(0, 1);
        assertEquals(1, rig.tx.reclaim(10));
    }

    @Test
    void refusedPacketsCompleteInTheirOrder() {
        Rig rig = new Rig().running();
        rig.machine.packet(rig.burst, 1, Rig.frame(60, 1));
        segments(rig, Limits.MAX_SEGMENTS + 1, 30, 20);
        rig.machine.packet(rig.burst, 2, Rig.frame(60, 2));
        assertEquals(13, rig.transmit());
        assertEquals(1, rig.count(QueueCounter.REFUSED));
        assertEquals(3, rig.finish());
        assertEquals(2, rig.device.sent.size());
        assertEquals(List.of(1, -1, 1), rig.fates);
        assertEquals(2, rig.count(QueueCounter.PACKETS));
        assertEquals(120, rig.count(QueueCounter.BYTES));
    }

    @Test
    void shortFramesArePaddedBehindTheirLastByte() {
        Rig rig = new Rig().running();
        rig.machine.packet(rig.burst, 1, Rig.frame(14, 1));
        segments(rig, 2, 20, 5);
        rig.transmit();
        assertEquals(2, rig.finish());
        for (Sent sent : rig.device.sent) {
            assertEquals(60, sent.bytes().length);
            assertEquals(60, sent.dataQ1().get(0) & 0xFFFF);
        }
        assertArrayEquals(java.util.Arrays.copyOf(Rig.frame(14, 1), 60), rig.device.sent.get(0).bytes());
        assertEquals(0, rig.device.sent.get(1).bytes()[59]);
        assertEquals(14 + 41, rig.count(QueueCounter.BYTES), "padding is not the shell's");
    }

    @Test
    void withoutScatterGatherOneSegmentIsTheLimit() {
        EnumSet<Feature> features = EnumSet.complementOf(EnumSet.of(Feature.SCATTER_GATHER));
        Rig rig = new Rig().running(128, 1500, features);
        segments(rig, 2, 70, 1);
        rig.transmit();
        assertEquals(1, rig.count(QueueCounter.REFUSED));
    }
}
