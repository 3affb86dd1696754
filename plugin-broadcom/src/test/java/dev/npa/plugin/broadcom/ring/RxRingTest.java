package dev.npa.plugin.broadcom.ring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.Feature;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.broadcom.testing.Rig;
import dev.npa.plugin.broadcom.testing.TestMachine;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** Ring mechanics of receive. */
class RxRingTest {

    private static final int PRODUCERS = 0x3000 + 32 * 40;

    @Test
    void framesOfAllBurstSizesWrapAtEveryOffsetOfAllRings() {
        Rig rig = new Rig().running();
        int seed = 0;
        // 40,000 frames: several laps of the 16-bit indices' pages; bursts of coprime sizes meet every offset
        while (seed < 40_000) {
            int count = 1 + seed % 61;
            for (int i = 0; i < count; i++) {
                assertTrue(rig.device.receive(0, TestMachine.bytes(60 + i, seed + i)), "frame " + (seed + i));
            }
            PacketBurst in = rig.receive(256);
            assertEquals(count, in.size(), "after " + seed);
            for (int i = 0; i < count; i++) {
                assertEquals(PacketFlags.WHOLE, in.flags(i));
                assertArrayEquals(TestMachine.bytes(60 + i, seed + i), rig.bytes(in, i));
            }
            rig.recycle(in);
            seed += count;
        }
        assertEquals(seed, rig.countRx(QueueCounter.PACKETS));
        assertEquals(0, rig.countRx(QueueCounter.ERRORS));
    }

    @Test
    void theDevicesPositionMayRestOnAPageLink() {
        Rig rig = new Rig().running();
        for (int i = 0; i < 62; i++) {
            rig.device.receive(0, TestMachine.bytes(60, i));
        }
        rig.recycle(rig.receive(256));
        rig.device.receive(0, TestMachine.bytes(60, 62)); // slot 62, the last usable one: the position is now 63
        assertEquals(1, rig.receive(256).size());
        assertEquals(0, rig.receive(256).size(), "the link is no completion");
        rig.device.receive(0, TestMachine.bytes(60, 63));
        assertEquals(1, rig.receive(256).size());
    }

    @Test
    void staleCompletionsNeverReturn() {
        Rig rig = new Rig().running();
        for (int lap = 0; lap < 5; lap++) {
            for (int i = 0; i < 252; i++) {
                assertTrue(rig.device.receive(0, TestMachine.bytes(60, i)));
                PacketBurst in = rig.receive(256);
                assertEquals(1, in.size());
                rig.recycle(in);
                assertEquals(0, rig.receive(256).size());
            }
        }
    }

    @Test
    void ringSizeLessOneIsPostedAndRefilledWithOneWriteABurst() {
        EnumSet<Feature> features = EnumSet.complementOf(EnumSet.of(Feature.LRO));
        Rig rig = new Rig().running(128, 1500, features);
        assertEquals(127, rig.machine.taken.size());
        assertEquals(127, rig.device.buffersPosted(0));
        assertEquals(1, rig.device.count(PRODUCERS));
        assertEquals(0, rig.device.count(PRODUCERS + 4), "no SGE ring without need");
        for (int i = 0; i < 20; i++) {
            rig.device.receive(0, TestMachine.bytes(60, i));
        }
        rig.receive(256);
        assertEquals(127, rig.device.buffersPosted(0));
        assertEquals(2, rig.device.count(PRODUCERS));
        rig.receive(256);
        assertEquals(2, rig.device.count(PRODUCERS), "nothing new, nothing written");
    }

    @Test
    void budgetAndRoomBoundABurst() {
        Rig rig = new Rig().running();
        for (int i = 0; i < 10; i++) {
            rig.device.receive(0, TestMachine.bytes(60, i));
        }
        assertEquals(0, rig.receive(0).size());
        assertEquals(3, rig.receive(3).size());
        PacketBurst small = new PacketBurst(2);
        assertEquals(2, rig.rx.receive(small, 256));
        assertEquals(0, rig.rx.receive(small, 256), "full");
        PacketBurst rest = rig.receive(256);
        assertEquals(5, rest.size());
        assertArrayEquals(TestMachine.bytes(60, 5), rig.bytes(rest, 0));
    }

    @Test
    void aStarvedRingRecovers() {
        Rig rig = new Rig().running(128, 1500, EnumSet.noneOf(Feature.class));
        rig.machine.leaveBuffers(0);
        int got = 0;
        while (rig.device.receive(0, TestMachine.bytes(60, got))) {
            got++;
        }
        assertEquals(127, got);
        PacketBurst in = rig.receive(256);
        assertEquals(127, in.size());
        assertEquals(127, rig.countRx(QueueCounter.NO_BUFFER));
        assertFalse(rig.device.receive(0, TestMachine.bytes(60, 1)));
        rig.recycle(in);
        rig.receive(0);
        assertEquals(127, rig.device.buffersPosted(0));
        assertEquals(127, rig.countRx(QueueCounter.NO_BUFFER));
    }

    @Test
    void jumboFramesOfEveryLengthAreChainsOfWholeBuffers() {
        Rig rig = new Rig().running(256, 9000, EnumSet.of(Feature.JUMBO, Feature.RX_SCATTER));
        int frames = 0;
        for (int length = 60; length <= 9018; length += length < 1980 || length > 2120 ? 37 : 1) {
            byte[] frame = TestMachine.bytes(length, length);
            assertTrue(rig.device.receive(0, frame), "length " + length);
            PacketBurst in = rig.receive(256);
            int expected = 1 + (Math.max(0, length - 2046) + 2047) / 2048;
            assertEquals(expected, in.size(), "length " + length);
            assertArrayEquals(frame, rig.bytes(in, 0));
            assertEquals(length, in.packetLength(0));
            assertEquals(PacketFlags.SOP, in.flags(0) & PacketFlags.SOP);
            assertEquals(PacketFlags.EOP, in.flags(expected - 1) & PacketFlags.EOP);
            for (int i = 1; i < expected; i++) {
                assertEquals(0, in.flags(i) & PacketFlags.SOP);
                assertEquals(0, in.flags(i - 1) & PacketFlags.EOP);
            }
            rig.recycle(in);
            frames++;
        }
        assertEquals(frames, rig.countRx(QueueCounter.PACKETS));
        rig.plugin.stop();
        assertEquals(0, rig.machine.taken.size(), "every buffer of every ring comes back");
    }

    @Test
    void sgesWrapAtEveryOffsetAndTheirProducerMovesInUnits() {
        Rig rig = new Rig().running(256, 9000, EnumSet.of(Feature.JUMBO, Feature.RX_SCATTER));
        for (int i = 0; i < 3000; i++) {
            int length = 2047 + i * 977 % 6900;
            assertTrue(rig.device.receive(0, TestMachine.bytes(length, i)), "frame " + i);
            PacketBurst in = rig.receive(256);
            assertArrayEquals(TestMachine.bytes(length, i), rig.bytes(in, 0), "frame " + i);
            rig.recycle(in);
        }
        String prefix = String.format("%04x=", PRODUCERS + 4);
        rig.device.writes.stream().filter(w -> w.startsWith(prefix))
                .forEach(w -> assertEquals(0, Long.parseLong(w.substring(5), 16) % 64, w));
        assertTrue(rig.device.count(PRODUCERS + 4) > 100);
        assertTrue(rig.device.count(PRODUCERS + 4) < rig.device.count(PRODUCERS) / 10);
    }

    @Test
    void aJumboFrameThatDoesNotFitTheBurstWaits() {
        Rig rig = new Rig().running(256, 9000, EnumSet.of(Feature.JUMBO, Feature.RX_SCATTER));
        rig.device.receive(0, TestMachine.bytes(9000, 1));
        PacketBurst small = new PacketBurst(4);
        assertEquals(0, rig.rx.receive(small, 8));
        assertEquals(0, small.size());
        assertEquals(5, rig.receive(8).size());
    }

    @Test
    void resultsAreReportedWithTheFirstSegmentAndOnlyIfEnabled() {
        int status = 2 << 8 | 1 << 11;
        int parsing = 1 | 1 << 1 | 1 << 3 | 1 << 7;
        Rig rig = new Rig().running(256, 9000, Rig.all());
        rig.device.receive(0, TestMachine.bytes(3000, 1), status, 0xCAFE1234, 0x6064, parsing);
        PacketBurst in = rig.receive(8);
        assertEquals(PacketFlags.SOP | PacketFlags.RX_IPV4 | PacketFlags.RX_TCP | PacketFlags.RX_IP_GOOD
                | PacketFlags.RX_L4_GOOD | PacketFlags.RX_VLAN | PacketFlags.RX_HASH, in.flags(0));
        assertEquals(0xCAFE1234, in.rxHash(0));
        assertEquals(0x6064, in.rxVlan(0));
        Rig bare = new Rig().running(128, 1500, EnumSet.noneOf(Feature.class));
        bare.device.receive(0, TestMachine.bytes(300, 1), status, 1, 2, parsing);
        assertEquals(PacketFlags.WHOLE | PacketFlags.RX_IPV4 | PacketFlags.RX_TCP, bare.receive(8).flags(0));
    }
}
