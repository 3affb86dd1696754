package dev.npa.plugin.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.QueueCounter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TxRunsTest {

    private static final int SENT = 1;
    private static final int NOT_SENT = -1;
    private static final int IN_FLIGHT = 0;

    private final QueueCounts counts = new QueueCounts();
    private final TxRuns runs = new TxRuns(8, counts);

    /** The same thing packet by packet: its fate, and the mark of its run. */
    private static final class Packet {
        int fate;
        final int mark;
        final long runBytes;
        final int runPackets;

        Packet(int fate, int mark, long runBytes, int runPackets) {
            this.fate = fate;
            this.mark = mark;
            this.runBytes = runBytes;
            this.runPackets = runPackets;
        }
    }

    @Property(tries = 300)
    void anyHistoryIsThatOfASimpleList(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int capacity) {
        Random random = new Random(seed);
        QueueCounts counted = new QueueCounts();
        TxRuns tested = new TxRuns(capacity, counted);
        Deque<Packet> model = new ArrayDeque<>();
        long packets = 0;
        long bytes = 0;
        long refused = 0;
        for (int step = 0; step < 400; step++) {
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    if (tested.room() > 0) {
                        int count = 1 + random.nextInt(5);
                        int size = random.nextInt(10_000);
                        tested.add(count, size, step);
                        for (int i = 0; i < count; i++) {
                            model.add(new Packet(IN_FLIGHT, step, size, count));
                        }
                    }
                }
                case 2 -> {
                    if (tested.room() > 0) {
                        tested.addRefused();
                        model.add(new Packet(NOT_SENT, -1, 0, 1));
                        refused++;
                    }
                }
                case 3, 4 -> {
                    Packet oldest = model.stream().filter(p -> p.fate == IN_FLIGHT).findFirst().orElse(null);
                    assertEquals(oldest == null ? TxRuns.NONE : oldest.mark, tested.mark(), "seed " + seed);
                    if (oldest != null) {
                        assertEquals(oldest.runPackets, tested.packets());
                        tested.report();
                        model.stream().filter(p -> p.mark == oldest.mark).forEach(p -> p.fate = SENT);
                        packets += oldest.runPackets;
                        bytes += oldest.runBytes;
                    }
                }
                case 5 -> {
                    if (random.nextInt(10) == 0) {
                        tested.abort();
                        model.stream().filter(p -> p.fate == IN_FLIGHT).forEach(p -> p.fate = NOT_SENT);
                    }
                }
                default -> {
                    int budget = 1 + random.nextInt(6);
                    assertEquals(expected(model, budget), tested.take(budget), "seed " + seed + " step " + step);
                }
            }
            assertEquals(model.size(), tested.outstanding(), "seed " + seed + " step " + step);
        }
        assertEquals(packets, counted.get(QueueCounter.PACKETS));
        assertEquals(bytes, counted.get(QueueCounter.BYTES));
        assertEquals(refused, counted.get(QueueCounter.REFUSED));
    }

    private static int expected(Deque<Packet> model, int budget) {
        int fate = model.isEmpty() ? IN_FLIGHT : model.peek().fate;
        int taken = 0;
        while (fate != IN_FLIGHT && taken < budget && !model.isEmpty() && model.peek().fate == fate) {
            model.remove();
            taken++;
        }
        return taken * fate;
    }

    @Test
    void anEmptyQueueHasNothingToReportOrTake() {
        assertEquals(TxRuns.NONE, runs.mark());
        assertEquals(0, runs.take(100));
        runs.abort();
        assertEquals(0, runs.take(100));
        assertEquals(0, runs.outstanding());
    }

    @Test
    void aRunIsTakenInPartsAndItsRoomIsFreeOnlyAfterTheLast() {
        runs.add(5, 500, 7);
        runs.report();
        int room = runs.room();
        assertEquals(3, runs.take(3));
        assertEquals(room, runs.room());
        assertEquals(2, runs.take(3));
        assertEquals(room + 1, runs.room());
        assertEquals(5, counts.packets);
    }

    @Test
    void neighboursOfOneFateAreTakenTogetherAndOthersAreNot() {
        runs.add(2, 1, 1);
        runs.add(3, 1, 2);
        runs.addRefused();
        runs.addRefused();
        runs.add(1, 1, 3);
        runs.report();
        assertEquals(2, runs.mark());
        runs.report();
        assertEquals(5, runs.take(100));
        assertEquals(-2, runs.take(100));
        assertEquals(0, runs.take(100), "the last is with the device");
        assertEquals(3, runs.mark());
    }

    @Test
    void refusedPacketsAtTheFrontWaitForNobody() {
        runs.addRefused();
        assertEquals(-1, runs.take(1));
        assertEquals(TxRuns.NONE, runs.mark());
    }

    @Test
    void refusedPacketsBehindOthersWaitForThem() {
        runs.add(1, 60, 0);
        runs.addRefused();
        assertEquals(0, runs.take(9));
        assertEquals(0, runs.mark(), "0 is a mark like any other");
        runs.report();
        assertEquals(1, runs.take(9));
        assertEquals(-1, runs.take(9));
    }

    @Test
    void whatIsAbortedIsNeitherSentNorCounted() {
        runs.add(2, 120, 1);
        runs.report();
        runs.add(3, 180, 2);
        runs.addRefused();
        runs.add(4, 240, 3);
        runs.abort();
        assertEquals(TxRuns.NONE, runs.mark());
        assertEquals(2, runs.take(100));
        assertEquals(-8, runs.take(100), "aborted and refused packets share their fate");
        assertEquals(2, counts.packets);
        assertEquals(120, counts.bytes);
    }

    @Test
    void thereIsRoomForAsManyRunsAsWereAskedFor() {
        for (int wanted = 1; wanted < 70; wanted++) {
            TxRuns sized = new TxRuns(wanted, counts);
            assertTrue(sized.room() >= wanted, wanted + " runs");
            int room = sized.room();
            for (int lap = 0; lap < 3; lap++) {
                for (int i = 0; i < room; i++) {
                    sized.add(1, 1, i);
                }
                assertEquals(0, sized.room());
                for (int i = 0; i < room; i++) {
                    assertEquals(i, sized.mark());
                    sized.report();
                }
                assertEquals(room, sized.take(Integer.MAX_VALUE));
            }
        }
    }
}
