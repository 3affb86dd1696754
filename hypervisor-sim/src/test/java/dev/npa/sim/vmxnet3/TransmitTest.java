package dev.npa.sim.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The transmit ring without offloads; vmxnet3 §9 to §11. */
class TransmitTest {

    @Test
    void ringOfAnotherGenerationIsNotTouched() {
        Lab lab = Lab.active();
        lab.txGen = 0;
        lab.send(0x300000, Frames.plain(60));
        lab.run();
        assertEquals(0, lab.port.sent.size());
        assertEquals(-1, lab.txCompletion());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void frameOfSeveralFragmentsIsJoined(int fragments) {
        Lab lab = Lab.active();
        byte[] frame = Frames.plain(16 * 60 + fragments);
        int at = 0;
        for (int i = 0; i < fragments; i++) {
            int size = i == fragments - 1 ? frame.length - at : 20 + i;
            lab.memory.copyFrom(0x300000 + 0x1000L * i, frame, at, size);
            lab.txDescriptor(0x300000 + 0x1000L * i, size, i == fragments - 1 ? 0x3000 : 0);
            at += size;
        }
        lab.run();
        assertArrayEquals(frame, lab.port.takeSent());
        assertEquals(fragments - 1, lab.txCompletion());
        assertEquals(-1, lab.txCompletion());
    }

    @Test
    void generationsWrapAtEveryOffset() {
        long seed = 4711;
        Random random = new Random(seed);
        Lab lab = Lab.active();
        for (int round = 0; round < 300; round++) {
            int fragments = 1 + random.nextInt(6);
            int eop = (lab.txNext + fragments - 1) % 32;
            byte[] frame = Frames.plain(60 * fragments + round % 50);
            for (int i = 0; i < fragments; i++) {
                int size = i == fragments - 1 ? frame.length - 60 * i : 60;
                lab.memory.copyFrom(0x300000 + 0x1000L * i, frame, 60 * i, size);
                lab.txDescriptor(0x300000 + 0x1000L * i, size, i == fragments - 1 ? 0x3000 : 0);
            }
            lab.run();
            assertArrayEquals(frame, lab.port.takeSent(), "seed " + seed + " round " + round);
            assertEquals(eop, lab.txCompletion(), "seed " + seed + " round " + round);
            assertEquals(-1, lab.txCompletion());
        }
    }

    @Test
    void packetAppearsWithItsFirstDescriptorsGeneration() {
        Lab lab = Lab.active();
        byte[] frame = Frames.plain(120);
        lab.memory.copyFrom(0x300000, frame, 0, 120);
        lab.txGen = 0;
        lab.txDescriptor(0x300000, 60, 0);
        lab.txGen = 1;
        lab.txDescriptor(0x30003C, 60, 0x3000);
        lab.run();
        assertEquals(0, lab.port.sent.size());
        lab.memory.putInt(Lab.TX_RING + 8, 60 | 1 << 14);
        lab.run();
        assertArrayEquals(frame, lab.port.takeSent());
    }

    @Test
    void packetsThatAskForNoCompletionAreCoveredByTheNextThatDoes() {
        Lab lab = Lab.active();
        lab.memory.copyFrom(0x300000, Frames.plain(60), 0, 60);
        for (int round = 0; round < 40; round++) {
            for (int i = 0; i < 4; i++) {
                lab.txDescriptor(0x300000, 60, 0x1000);
            }
            lab.run();
            assertEquals(4, lab.port.sent.size(), "they are sent all the same");
            assertEquals(-1, lab.txCompletion());
            assertEquals(round, lab.interrupts.size());
            lab.txDescriptor(0x300000, 60, 0x3000);
            lab.run();
            assertEquals((5 * round + 4) % 32, lab.txCompletion());
            assertEquals(-1, lab.txCompletion());
            assertEquals(round + 1, lab.interrupts.size());
            lab.port.sent.clear();
        }
    }

    @Test
    void descriptorsOfAnUnreportedPacketAreNotTheDriversToUse() {
        Lab lab = Lab.active();
        lab.memory.copyFrom(0x300000, Frames.plain(60), 0, 60);
        for (int i = 0; i < 33; i++) {
            lab.txDescriptor(0x300000, 60, 0x1000);
            lab.run();
        }
        assertEquals(32, lab.port.sent.size());
        lab.command(0xF00D0000);
        assertEquals(1, lab.memory.getByte(Lab.QUEUES + 0x50), "stopped");
        assertEquals(0x80000001, lab.memory.getInt(Lab.QUEUES + 0x54), "TxDesc re-used before completion");
    }

    @Test
    void frameWaitsWhileThePortHasNoRoom() {
        Lab lab = Lab.active();
        byte[][] frames = {Frames.plain(60), Frames.plain(61), Frames.plain(62)};
        for (int i = 0; i < 3; i++) {
            lab.send(0x300000 + 0x1000L * i, frames[i]);
        }
        lab.port.room = 1;
        lab.run();
        assertEquals(1, lab.port.sent.size());
        assertEquals(0, lab.txCompletion());
        assertEquals(-1, lab.txCompletion());
        lab.run();
        assertEquals(1, lab.port.sent.size());
        lab.port.room = 9;
        lab.run();
        for (byte[] frame : frames) {
            assertArrayEquals(frame, lab.port.takeSent());
        }
        assertEquals(1, lab.txCompletion());
        assertEquals(2, lab.txCompletion());
    }

    @Test
    void completionsWaitForTheUplinkAndKeepTheirOrder() {
        Lab lab = Lab.active();
        lab.port.ticketed = true;
        lab.port.completed = 0;
        lab.send(0x300000, Frames.plain(60));
        lab.send(0x301000, Frames.plain(60));
        lab.run();
        lab.port.ticketed = false;
        lab.send(0x302000, Frames.plain(60));
        lab.run();
        assertEquals(-1, lab.txCompletion(), "a local frame does not complete before those in front of it");
        assertEquals(0, lab.interrupts.size());
        lab.port.completed = 1;
        lab.run();
        assertEquals(0, lab.txCompletion());
        assertEquals(-1, lab.txCompletion());
        lab.port.completed = 2;
        lab.run();
        assertEquals(1, lab.txCompletion());
        assertEquals(2, lab.txCompletion());
        assertEquals(2, lab.interrupts.size());
    }

    @Test
    void runtAndGiantAreCompletedAndCounted() {
        Lab lab = Lab.active();
        lab.send(0x300000, Frames.plain(13));
        lab.send(0x300000, Frames.plain(14));
        lab.send(0x300000, Frames.plain(1519));
        lab.send(0x300000, Frames.plain(1518));
        lab.run();
        assertEquals(2, lab.port.sent.size());
        for (int i = 0; i < 4; i++) {
            assertEquals(i, lab.txCompletion());
        }
        assertEquals(1, lab.statistic(true, 8));
        assertEquals(1, lab.statistic(true, 9));
    }

    @Test
    void statisticsCountByDestinationAndAreZeroAfterActivation() {
        Lab lab = Lab.active();
        byte[] broadcast = Frames.plain(70);
        java.util.Arrays.fill(broadcast, 0, 6, (byte) 0xFF);
        byte[] multicast = Frames.plain(80);
        multicast[0] = 1;
        lab.send(0x300000, Frames.plain(60));
        lab.send(0x301000, broadcast);
        lab.send(0x302000, multicast);
        lab.send(0x303000, multicast);
        lab.run();
        long[] expected = {0, 0, 1, 60, 2, 160, 1, 70, 0, 0};
        for (int i = 0; i < 10; i++) {
            assertEquals(expected[i], lab.statistic(true, i), "counter " + i);
        }
        lab.command(0xCAFE0001);
        lab.command(0xCAFE0000);
        assertEquals(0, lab.statistic(true, 2));
    }

    @ParameterizedTest
    @CsvSource({
        "noEop, 0x80000000", "reused, 0x80000001", "tooMany, 0x80000002", "type, 0x80000003",
        "encapsulation, 0x80000007", "address, 0x80000007",
    })
    void malformedPacketStopsTheQueueWithItsReason(String what, String reason) {
        Lab lab = Lab.active();
        switch (what) {
            case "noEop" -> lab.txDescriptor(0x300000, 60, 0);
            case "reused" -> {
                lab.port.ticketed = true;
                lab.port.completed = 0;
                for (int i = 0; i < 33; i++) {
                    lab.send(0x300000, Frames.plain(60));
                    lab.run();
                }
            }
            case "tooMany" -> {
                for (int i = 0; i < 17; i++) {
                    lab.txDescriptor(0x300000, 60, i == 16 ? 0x3000 : 0);
                }
            }
            case "type" -> lab.txDescriptor(0x300000, 60 | 1 << 16, 0x3000);
            case "encapsulation" -> lab.txDescriptor(0x300000, 60, 0x3000 | 1 << 10);
            default -> lab.txDescriptor(0x7FFFFF0, 60, 0x3000);
        }
        lab.run();
        lab.run();
        assertEquals(2, lab.memory.getInt(Lab.SHARED + 0x2B8), "TQERR");
        assertEquals(1, lab.interrupts.stream().filter(v -> v == 0x42).count());
        lab.command(0xF00D0000);
        assertEquals(1, lab.memory.getByte(Lab.QUEUES + 0x50));
        assertEquals(Long.decode(reason).intValue(), lab.memory.getInt(Lab.QUEUES + 0x54));
        assertEquals(0, lab.memory.getByte(Lab.QUEUES + 256 + 0x50), "the receive queue runs on");
        lab.command(0xCAFE0002);
        lab.port.ticketed = false;
        lab.port.sent.clear();
        lab.memory.fill(Lab.TX_RING, 512, (byte) 0);
        lab.txNext = 0;
        lab.txGen = 1;
        lab.compNext = 0;
        lab.activate();
        lab.send(0x300000, Frames.plain(60));
        lab.run();
        assertEquals(1, lab.port.sent.size(), "a reset brings the queue back");
    }

    @Test
    void severalQueuesHaveTheirOwnRings() {
        Lab lab = new Lab();
        lab.txQueues = 8;
        lab.describe().activate();
        byte[] frame = Frames.plain(99);
        lab.memory.copyFrom(0x300000, frame, 0, 99);
        long at = Lab.TX_RING + 7L * Lab.QUEUE_STRIDE;
        lab.memory.putLong(at, 0x300000);
        lab.memory.putInt(at + 12, 0x3000);
        lab.memory.putInt(at + 8, 99 | 1 << 14);
        lab.bar0.write32(0x600 + 8 * 7, 1);
        lab.run();
        assertArrayEquals(frame, lab.port.takeSent());
        assertEquals(0x80000000, lab.memory.getInt(Lab.TX_COMP + 7L * Lab.QUEUE_STRIDE + 12));
        assertEquals(0, lab.violations.count());
    }

    @Test
    void doorbellOfMissingQueueIsAViolation() {
        Lab lab = Lab.active();
        lab.bar0.write32(0x600, 1);
        lab.bar0.write32(0x800, 1);
        lab.bar0.write32(0xA00, 1);
        assertEquals(0, lab.violations.count());
        lab.bar0.write32(0x608, 1);
        assertTrue(lab.violation().contains("doorbell"));
    }

    @Test
    void ringIsDescribedForPeople() {
        Lab lab = Lab.active();
        lab.send(0x300000, Frames.plain(60), 0, 0x8000 | 0x60070000);
        String text = lab.device.describeRing(0, true);
        assertTrue(text.contains(">    0  addr 0x0000300000 gen 1 len 60 EOP tci 6007"), text);
        assertTrue(lab.device.describeRing(0, false).contains("rx ring 1 of 32"));
        assertThrows(IllegalArgumentException.class, () -> lab.device.describeRing(1, true));
    }
}
