package dev.npa.plugin.intel.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.PluginFactory;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.intel.testing.Rig;
import dev.npa.plugin.intel.testing.TestMachine;
import dev.npa.plugin.niantic.NianticFactory;
import dev.npa.shell.PacketFlags;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which descriptors ask for a report, and what becomes of the packets between two of them. */
class TxRunTest {

    private static final String BOTH = "dev.npa.plugin.niantic.Images#factories";
    private static final long RS = 1L << 27;

    private static void packets(Rig rig, int count, int length) {
        for (int i = 0; i < count; i++) {
            rig.machine.packet(rig.burst, i, TestMachine.bytes(length, i));
        }
    }

    private static boolean asks(Rig rig, int descriptor) {
        return (rig.machine.memory.getLong(rig.machine.windows.get(0).address() + 16L * descriptor + 8) & RS) != 0;
    }

    @Test
    void onlyTheLastDescriptorOfACallHasRs() {
        Rig rig = new Rig(new NianticFactory()).running();
        packets(rig, 5, 60);
        rig.machine.segment(rig.burst, 6, TestMachine.bytes(40, 6), PacketFlags.SOP);
        rig.machine.segment(rig.burst, 7, TestMachine.bytes(40, 7), PacketFlags.EOP);
        rig.transmit();
        for (int i = 0; i < 7; i++) {
            assertFalse(asks(rig, i), "descriptor " + i); // 0 is the context
        }
        assertTrue(asks(rig, 7));
        packets(rig, 1, 60);
        rig.transmit();
        assertTrue(asks(rig, 8), "a run ends with its call");
        assertEquals(7, rig.finish());
        assertEquals(2, rig.device.reports);
        assertEquals(List.of(7), rig.fates, "neighbours of one fate in one answer");
    }

    @Test
    void aRunHasAtMost32Packets() {
        Rig rig = new Rig(new NianticFactory()).running();
        packets(rig, 62, 60);
        assertEquals(62, rig.transmit());
        for (int i = 0; i < 63; i++) {
            assertEquals(i == 32 || i == 62, asks(rig, i), "descriptor " + i);
        }
        rig.device.transmit(40);
        assertEquals(32, rig.tx.reclaim(256));
        assertEquals(30, rig.finish());
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void aRunIsReportedWholeOnceItsLastPacketIsSent(PluginFactory factory) {
        Rig rig = new Rig(factory).running();
        packets(rig, 3, 60);
        rig.transmit();
        packets(rig, 2, 60);
        rig.transmit();
        rig.device.transmit(3); // context and two packets
        assertEquals(0, rig.tx.reclaim(10));
        assertEquals(0, rig.count(QueueCounter.PACKETS));
        rig.device.transmit(2);
        assertEquals(3, rig.tx.reclaim(10));
        assertEquals(180, rig.count(QueueCounter.BYTES));
        assertEquals(2, rig.tx.outstanding());
        assertEquals(2, rig.finish());
        assertEquals(5, rig.count(QueueCounter.PACKETS));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void aBudgetSplitsRuns(PluginFactory factory) {
        Rig rig = new Rig(factory).running();
        for (int run = 0; run < 3; run++) {
            packets(rig, 4, 60);
            rig.transmit();
        }
        rig.device.transmit(100);
        assertEquals(3, rig.tx.reclaim(3));
        assertEquals(6, rig.tx.reclaim(6));
        assertEquals(3, rig.tx.outstanding());
        assertEquals(3, rig.tx.reclaim(100));
        assertEquals(0, rig.tx.reclaim(100));
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void aRefusedPacketEndsTheRunBeforeIt(PluginFactory factory) {
        Rig rig = new Rig(factory).running();
        packets(rig, 2, 60);
        packets(rig, 2, 2000);
        packets(rig, 1, 60);
        packets(rig, 1, 2000);
        assertEquals(6, rig.transmit());
        assertEquals(0, rig.tx.reclaim(10), "the refused ones wait for those before them");
        rig.device.transmit(3);
        assertEquals(4, rig.reclaim(4));
        assertEquals(List.of(2, -2), rig.fates);
        assertEquals(2, rig.finish());
        assertEquals(List.of(1, -1), rig.fates);
        assertEquals(3, rig.count(QueueCounter.REFUSED));
        assertEquals(3, rig.count(QueueCounter.PACKETS));
    }

    @Test
    void refusedPacketsAloneRingNoDoorbellAndNeedNoDevice() {
        Rig rig = new Rig(new NianticFactory()).running();
        packets(rig, 40, 2000);
        assertEquals(40, rig.transmit());
        assertEquals(0, rig.count(QueueCounter.DOORBELLS));
        assertEquals(-40, rig.tx.reclaim(100));
    }

    @Test
    void moreRefusedPacketsThanCanBeRememberedAreTakenLater() {
        Rig rig = new Rig(new NianticFactory()).running();
        packets(rig, 200, 2000);
        int at = 0;
        int reclaimed = 0;
        while (reclaimed < 200) {
            at = rig.tx.transmit(rig.burst, at, 200);
            int done = -rig.tx.reclaim(256);
            assertTrue(done > 0, "after " + reclaimed);
            reclaimed += done;
        }
        assertEquals(200, at);
        rig.burst.clear();
        packets(rig, 1, 60);
        rig.transmit();
        assertEquals(1, rig.finish());
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void runsOfAnyLengthWrapAtEveryOffset(PluginFactory factory) {
        Rig rig = new Rig(factory).running();
        int expected = 0;
        for (int offset = 0; offset < 64; offset++) {
            for (int length = 1; length <= 33; length++) {
                packets(rig, length, 60);
                assertEquals(length, rig.transmit());
                expected += length;
                int reports = rig.device.reports;
                assertEquals(length, rig.finish(), "offset " + offset + " length " + length);
                assertEquals(List.of(length), rig.fates);
                assertEquals(length > 32 ? 2 : 1, rig.device.reports - reports);
                assertEquals(0, rig.tx.outstanding());
            }
        }
        // 33 * 34 / 2 = 561 descriptors a round: 49 modulo 64, so that every length begins at every offset
        assertEquals(expected, rig.device.sent.size());
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void stopCompletesWholeRunsAndAbortsTheRest(PluginFactory factory) {
        Rig rig = new Rig(factory).running();
        packets(rig, 3, 60);
        rig.transmit();
        packets(rig, 4, 60);
        packets(rig, 1, 2000);
        rig.transmit();
        packets(rig, 2, 60);
        rig.transmit();
        rig.device.transmit(1 + 3 + 2); // half of the second run is sent, and nobody can say so
        rig.plugin.stop();
        assertEquals(10, rig.reclaim(100));
        assertEquals(List.of(3, -7), rig.fates);
        assertEquals(3, rig.count(QueueCounter.PACKETS));
        assertEquals(1, rig.count(QueueCounter.REFUSED));
        assertEquals(0, rig.tx.outstanding());
        rig.plugin.start();
        packets(rig, 1, 60);
        rig.transmit();
        assertEquals(1, rig.finish());
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void packetsOfBeforeAStopAreReportedBeforeThoseOfAfterTheStart(PluginFactory factory) {
        Rig rig = new Rig(factory).running();
        packets(rig, 3, 60);
        rig.transmit();
        packets(rig, 4, 60);
        rig.transmit();
        rig.device.transmit(1 + 3);
        rig.plugin.stop();
        rig.plugin.start();
        packets(rig, 5, 60);
        rig.transmit();
        assertEquals(7, rig.reclaim(100));
        assertEquals(List.of(3, -4), rig.fates);
        assertEquals(5, rig.finish());
        assertEquals(List.of(5), rig.fates);
    }

    @ParameterizedTest
    @MethodSource(BOTH)
    void fatesKeepTheOrderOfAnyMixOfPacketsAndBudgets(PluginFactory factory) {
        long seed = 7;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Rig rig = new Rig(factory).running();
        StringBuilder expected = new StringBuilder();
        StringBuilder reported = new StringBuilder();
        for (int round = 0; round < 4000; round++) {
            rig.burst.clear();
            for (int i = random.nextInt(40); i > 0; i--) {
                boolean bad = random.nextInt(10) == 0;
                rig.machine.packet(rig.burst, bad ? 1 : 0, TestMachine.bytes(bad ? 2000 : 60, i));
            }
            int taken = rig.tx.transmit(rig.burst, 0, rig.burst.size());
            for (int i = 0; i < taken; i++) {
                expected.append(rig.burst.length(i) == 60 ? 's' : 'r');
            }
            rig.device.transmit(random.nextInt(50));
            rig.reclaim(random.nextInt(60));
            for (int n : rig.fates) {
                reported.append((n > 0 ? "s" : "r").repeat(Math.abs(n)));
            }
            assertEquals(expected.length() - reported.length(), rig.tx.outstanding());
        }
        rig.finish();
        for (int n : rig.fates) {
            reported.append((n > 0 ? "s" : "r").repeat(Math.abs(n)));
        }
        assertEquals(expected.toString(), reported.toString());
        assertEquals(expected.chars().filter(c -> c == 's').count(), rig.device.sent.size());
    }
}
