package dev.npa.sim.time;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeededSchedulerTest {

    private final VirtualClock clock = new VirtualClock();
    private final SeededScheduler scheduler = new SeededScheduler(7, clock);

    /** A small world whose parts act on each other: what one does depends on who came first. */
    private record World(byte[] history, long hash, long nanos) {
        static World run(long seed) {
            VirtualClock clock = new VirtualClock();
            History history = new History();
            SeededScheduler s = new SeededScheduler(seed, clock, history);
            Parts.Worklist[] lists = new Parts.Worklist[4];
            for (int i = 0; i < lists.length; i++) {
                lists[i] = new Parts.Worklist("list" + i);
                s.add("g", lists[i]);
            }
            s.add("g", new Parts.Periodic("source", clock::nanos, 10_000));
            long[] round = {0};
            s.add("g", Parts.acting("hub", () -> {
                lists[(int) (lists[0].done + 3 * lists[1].done + round[0]++) % 4].put();
                if (round[0] % 5 == 0) {
                    clock.stall(round[0]);
                }
            }));
            s.runUntil(() -> round[0] >= 500, Long.MAX_VALUE);
            return new World(history.toByteArray(), s.historyHash(), clock.nanos());
        }
    }

    @Test
    void sameSeedGivesTheSameHistoryByteForByte() {
        for (long seed = 0; seed < 20; seed++) {
            World first = World.run(seed);
            World second = World.run(seed);
            assertArrayEquals(first.history, second.history, "seed " + seed);
            assertEquals(first.hash, second.hash, "seed " + seed);
            assertEquals(first.nanos, second.nanos, "seed " + seed);
            assertTrue(first.history.length > 1000, "the history has something in it");
        }
    }

    @Test
    void anotherSeedGivesAnotherHistory() {
        for (long seed = 0; seed < 20; seed++) {
            World first = World.run(seed);
            World second = World.run(seed + 1);
            assertFalse(Arrays.equals(first.history, second.history), "seed " + seed);
            assertNotEquals(first.hash, second.hash, "seed " + seed);
        }
    }

    @Test
    void aSeedMeansTheSameNumbersOnEveryJdk() {
        // First outputs of SplitMix64 for seed 1234567, as published with the algorithm's reference code.
        SeededRandom random = new SeededRandom(1234567);
        assertEquals(6457827717110365317L, random.nextLong());
        assertEquals(3203168211198807973L, random.nextLong());
        assertEquals(Long.parseUnsignedLong("9817491932198370423"), random.nextLong());
    }

    @Test
    void orderOfARoundIsDrawnAnew() {
        List<String> calls = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            scheduler.add("g", Parts.acting(name, () -> calls.add(name)));
        }
        scheduler.runUntil(() -> calls.size() >= 300, Long.MAX_VALUE);
        long orders = java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> String.join("", calls.subList(3 * i, 3 * i + 3)))
                .peek(o -> assertEquals("abc", o.chars().sorted().collect(StringBuilder::new,
                        StringBuilder::appendCodePoint, StringBuilder::append).toString(), "each runs once a round"))
                .distinct().count();
        assertEquals(6, orders, "all permutations of three occur in 100 rounds");
    }

    @Test
    void idleTimeIsJumpedOver() {
        Parts.Periodic hourly = new Parts.Periodic("hourly", clock::nanos, 3_600_000_000_000L);
        scheduler.add("g", hourly);
        scheduler.add("g", new Parts.Worklist("idle"));
        assertTrue(scheduler.runUntil(() -> hourly.ticks == 24, Long.MAX_VALUE));
        assertEquals(24 * 3_600_000_000_000L, hourly.latest, "it ran exactly when it had asked for");
    }

    @Test
    void deadSimulationIsNoticedAtOnce() {
        scheduler.add("g", new Parts.Worklist("idle"));
        assertFalse(scheduler.runUntil(() -> false, Long.MAX_VALUE));
        assertTrue(scheduler.verdict().startsWith("nothing can happen any more"), scheduler.verdict());
        assertEquals(0, clock.nanos());
    }

    @Test
    void deadSimulationWakesUpAgainWhenWorkIsPutIn() {
        Parts.Worklist list = new Parts.Worklist("list");
        scheduler.add("g", list);
        assertFalse(scheduler.runUntil(() -> list.done == 1, 1000));
        list.put();
        assertTrue(scheduler.runUntil(() -> list.done == 1, 1000));
        assertEquals("", scheduler.verdict());
    }

    @Test
    void limitEndsTheRunAtItsTime() {
        scheduler.add("g", new Parts.Periodic("slow", clock::nanos, 1_000_000));
        assertFalse(scheduler.runUntil(() -> false, 300_000));
        assertEquals(300_000, clock.nanos());
        assertTrue(scheduler.verdict().contains("limit of 300000 ns"), scheduler.verdict());
    }

    @Test
    void componentThatClaimsWorkForEverIsEndedByTheLimit() {
        scheduler.add("g", new Parts.Worklist("liar") {
            @Override
            public long nextEvent() {
                return 0;
            }
        });
        assertFalse(scheduler.runUntil(() -> false, 1_000_000));
    }

    @Test
    void aRoundWithWorkTakesTheDocumentedTime() {
        long[] last = {0};
        scheduler.add("g", Parts.acting("one", () -> {
            long step = clock.nanos() - last[0];
            assertTrue(last[0] == 0 || step >= SeededScheduler.MIN_QUANTUM && step <= SeededScheduler.MAX_QUANTUM,
                    "a round took " + step);
            last[0] = clock.nanos();
        }));
        scheduler.runUntil(() -> false, 10_000_000);
        assertTrue(last[0] > 9_900_000);
    }

    @Test
    void componentsComeAndGoDuringAStep() {
        Parts.Worklist late = new Parts.Worklist("late");
        late.todo = 5;
        List<Component> self = new ArrayList<>();
        int[] runs = {0};
        Component shortLived = Parts.acting("short", () -> {
            runs[0]++;
            scheduler.add("g", late);
            scheduler.remove(self.get(0));
        });
        self.add(shortLived);
        scheduler.add("g", shortLived);
        assertTrue(scheduler.runUntil(() -> late.done == 5, 1_000_000));
        assertEquals(1, runs[0]);
    }

    @Test
    void componentRemovedByAnotherInTheSameRoundDoesNotRun() {
        for (long seed = 0; seed < 20; seed++) {
            SeededScheduler s = new SeededScheduler(seed, new VirtualClock());
            boolean[] removed = {false};
            Component victim = Parts.acting("victim", () -> assertFalse(removed[0], "it ran after its removal"));
            s.add("g", victim);
            int[] rounds = {0};
            s.add("g", Parts.acting("killer", () -> {
                s.remove(victim);
                removed[0] = true;
                rounds[0]++;
            }));
            assertTrue(s.runUntil(() -> rounds[0] == 3, Long.MAX_VALUE), "seed " + seed);
        }
    }

    @Test
    void whatAComponentThrowsStopsTheSimulationAndNamesIt() {
        IllegalArgumentException cause = new IllegalArgumentException("bad descriptor");
        scheduler.add("g", Parts.acting("host0/nic0", () -> {
            throw cause;
        }));
        SimulationFailure f = assertThrows(SimulationFailure.class, () -> scheduler.runUntil(() -> false, 1000));
        assertEquals("host0/nic0", f.component());
        assertSame(cause, f.getCause());
        assertTrue(f.getMessage().contains("host0/nic0") && f.getMessage().contains("bad descriptor"), f.getMessage());
        assertThrows(SimulationFailure.class, () -> scheduler.runUntil(() -> true, 1000), "it stays stopped");
    }

    @Test
    void controlFromInsideAStepRunsAtOnce() {
        int[] seen = {0};
        scheduler.add("g", Parts.acting("trap", () -> {
            scheduler.control(() -> seen[0]++);
            assertTrue(seen[0] > 0);
        }));
        assertTrue(scheduler.runUntil(() -> seen[0] == 2, 1_000_000));
    }

    @Test
    void runningFromInsideAComponentOrAnActionIsRefused() {
        assertThrows(IllegalStateException.class,
                () -> scheduler.control(() -> scheduler.runUntil(() -> true, 1)));
        scheduler.add("g", Parts.acting("nested", () -> scheduler.runUntil(() -> true, 1)));
        SimulationFailure f = assertThrows(SimulationFailure.class, () -> scheduler.runUntil(() -> false, 1000));
        assertTrue(f.getMessage().contains("inside a component"), f.getMessage());
    }

    @Test
    void controlFromAnotherThreadComesBetweenTwoSteps() throws InterruptedException {
        boolean[] inStep = {false};
        boolean[] done = {false};
        scheduler.add("g", Parts.acting("busy", () -> {
            inStep[0] = true;
            Thread.onSpinWait();
            inStep[0] = false;
        }));
        Thread other = new Thread(() -> {
            for (int i = 0; i < 50; i++) {
                scheduler.control(() -> assertFalse(inStep[0]));
            }
            scheduler.control(() -> done[0] = true);
        });
        other.start();
        assertTrue(scheduler.runUntil(() -> done[0], Long.MAX_VALUE));
        other.join();
    }

    @Test
    void closedSchedulerRunsNothing() {
        Parts.Worklist list = new Parts.Worklist("list");
        scheduler.add("g", list);
        assertThrows(IllegalStateException.class, () -> scheduler.add("g", list), "twice");
        scheduler.close();
        list.todo = 1;
        assertFalse(scheduler.runUntil(() -> list.done > 0, 1000));
        assertThrows(IllegalStateException.class, () -> scheduler.add("g", list));
    }
}
