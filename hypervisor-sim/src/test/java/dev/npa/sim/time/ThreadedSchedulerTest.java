package dev.npa.sim.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ThreadedSchedulerTest {

    private static final long LONG = 60_000_000_000L;
    private static final long HOUR = 3_600_000_000_000L;

    private final ThreadedScheduler scheduler = new ThreadedScheduler(new RealClock());

    @AfterEach
    void close() {
        scheduler.close();
    }

    private static Set<Thread> ours() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().startsWith("npa-")).collect(Collectors.toSet());
    }

    @Test
    void eachGroupHasADaemonThreadOfItsName() {
        Parts.Worklist a = new Parts.Worklist("a");
        Parts.Worklist b = new Parts.Worklist("b");
        Parts.Worklist c = new Parts.Worklist("c");
        for (Parts.Worklist list : new Parts.Worklist[] {a, b, c}) {
            list.todo = 1;
        }
        scheduler.add("host0/vm1", a);
        scheduler.add("host0/vm1", b);
        scheduler.add("host0/nic0", c);
        assertTrue(scheduler.runUntil(() -> a.done + b.done + c.done == 3, LONG));
        assertSame(a.ranOn, b.ranOn);
        assertNotEquals(a.ranOn, c.ranOn);
        assertEquals("npa-host0/vm1", a.ranOn.getName());
        assertTrue(a.ranOn.isDaemon());
    }

    @Test
    void noThreadIsLeftAfterClose() {
        Set<Thread> before = ours();
        for (int i = 0; i < 5; i++) {
            scheduler.add("census" + i, new Parts.Worklist("c" + i));
        }
        assertEquals(before.size() + 5, ours().size());
        scheduler.close();
        assertEquals(before, ours());
        assertThrows(IllegalStateException.class, () -> scheduler.add("g", new Parts.Worklist("late")));
    }

    @Test
    void aGroupsThreadEndsWithItsLastComponent() throws InterruptedException {
        Parts.Worklist a = new Parts.Worklist("a");
        scheduler.add("g", a);
        a.put();
        assertTrue(scheduler.runUntil(() -> a.done == 1, LONG));
        scheduler.remove(a);
        a.ranOn.join(TimeUnit.NANOSECONDS.toMillis(LONG));
        assertFalse(a.ranOn.isAlive());
        Thread first = a.ranOn;
        scheduler.add("g", a);
        a.put();
        assertTrue(scheduler.runUntil(() -> a.done == 2, LONG));
        assertNotEquals(first, a.ranOn);
    }

    /** Runs an action with a scheduler whose idle threads sleep for an hour if nobody and nothing wakes them. */
    private static void withSleepers(Consumer<ThreadedScheduler> action) {
        try (ThreadedScheduler s = new ThreadedScheduler(new RealClock(), HOUR, HOUR)) {
            action.accept(s);
        }
    }

    private static void awaitSleep(String name) {
        Thread t = ours().stream().filter(o -> o.getName().equals(name)).findFirst().orElseThrow();
        while (t.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void sleepingThreadIsWokenByWork() {
        withSleepers(s -> {
            Parts.Worklist list = new Parts.Worklist("list");
            s.add("sleeper", list);
            for (int i = 1; i <= 20; i++) {
                int n = i;
                if (i % 2 == 0) {
                    awaitSleep("npa-sleeper");
                }
                list.put();
                assertTrue(s.runUntil(() -> list.done == n, LONG), "wake-up " + i + " was lost");
            }
        });
    }

    @Test
    void sleepEndsAtTheNextEvent() {
        withSleepers(s -> {
            Parts.Periodic ticker = new Parts.Periodic("ticker", s.clock()::nanos, 30_000_000);
            s.add("sleeper", ticker);
            assertTrue(s.runUntil(() -> ticker.ticks >= 5, LONG));
            assertTrue(s.clock().nanos() >= 5 * 30_000_000L);
        });
    }

    @Test
    void controlActionNeitherWaitsForNorWakesASleeper() {
        withSleepers(s -> {
            Parts.Worklist list = new Parts.Worklist("list");
            s.add("sleeper", list);
            awaitSleep("npa-sleeper");
            int[] ran = {0};
            s.control(() -> ran[0]++);
            assertEquals(1, ran[0]);
            s.remove(list);
        });
    }

    @Test
    void nothingRunsDuringAControlAction() {
        int[] counters = new int[3];
        AtomicInteger inside = new AtomicInteger();
        for (int i = 0; i < counters.length; i++) {
            int n = i;
            scheduler.add("gate" + i, Parts.acting("part" + i, () -> {
                inside.incrementAndGet();
                counters[n]++;
                inside.decrementAndGet();
            }));
        }
        for (int i = 0; i < 200; i++) {
            scheduler.control(() -> {
                int[] at = counters.clone();
                assertEquals(0, inside.get());
                for (int k = 0; k < 2000; k++) {
                    Thread.onSpinWait();
                }
                assertEquals(0, inside.get());
                for (int k = 0; k < at.length; k++) {
                    assertEquals(at[k], counters[k], "part" + k + " ran during the action");
                }
            });
        }
        int[] before = counters.clone();
        assertTrue(scheduler.runUntil(() -> counters[0] > before[0] && counters[1] > before[1], LONG), "they go on");
    }

    @Test
    void componentsThatTrapAtTheSameTimeExcludeEachOther() {
        AtomicInteger inAction = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        int[] traps = new int[3];
        for (int i = 0; i < traps.length; i++) {
            int n = i;
            scheduler.add("trap" + i, Parts.acting("vm" + i, () -> scheduler.control(() -> {
                most.accumulateAndGet(inAction.incrementAndGet(), Math::max);
                scheduler.control(() -> traps[n]++);
                inAction.decrementAndGet();
            })));
        }
        assertTrue(scheduler.runUntil(() -> traps[0] > 100 && traps[1] > 100 && traps[2] > 100, LONG));
        assertEquals(1, most.get());
    }

    @Test
    void removedComponentIsNotInAStepAnyMore() {
        for (int i = 0; i < 50; i++) {
            AtomicInteger inside = new AtomicInteger();
            AtomicInteger runs = new AtomicInteger();
            Component c = Parts.acting("c", () -> {
                inside.set(1);
                runs.incrementAndGet();
                inside.set(0);
            });
            scheduler.add("g", c);
            scheduler.add("g", new Parts.Worklist("neighbour"));
            assertTrue(scheduler.runUntil(() -> runs.get() > 0, LONG));
            scheduler.remove(c);
            int after = runs.get();
            assertEquals(0, inside.get());
            scheduler.control(() -> assertEquals(after, runs.get()));
        }
    }

    @Test
    void componentMayRemoveItselfInsideItsStep() {
        Component[] self = new Component[1];
        AtomicInteger runs = new AtomicInteger();
        self[0] = Parts.acting("once", () -> {
            runs.incrementAndGet();
            scheduler.remove(self[0]);
        });
        Parts.Worklist neighbour = new Parts.Worklist("neighbour");
        scheduler.add("g", neighbour);
        scheduler.add("g", self[0]);
        assertTrue(scheduler.runUntil(() -> runs.get() > 0, LONG));
        neighbour.put();
        assertTrue(scheduler.runUntil(() -> neighbour.done == 1, LONG));
        assertEquals(1, runs.get());
    }

    @Test
    void whatAComponentThrowsStopsAllAndNamesIt() {
        AtomicInteger runs = new AtomicInteger();
        scheduler.add("fine", Parts.acting("fine", runs::incrementAndGet));
        AssertionError cause = new AssertionError("lost a frame");
        scheduler.add("bad", Parts.acting("host0/switch", () -> {
            throw cause;
        }));
        SimulationFailure f = assertThrows(SimulationFailure.class, () -> scheduler.runUntil(() -> false, LONG));
        assertEquals("host0/switch", f.component());
        assertSame(cause, f.getCause());
        int[] still = {0};
        scheduler.control(() -> still[0] = runs.get());
        scheduler.control(() -> assertEquals(still[0], runs.get(), "the others have stopped as well"));
        assertThrows(SimulationFailure.class, () -> scheduler.runUntil(() -> true, LONG));
    }

    @Test
    void actionsExceptionComesOutAndTheGateOpensAgain() {
        Parts.Worklist list = new Parts.Worklist("list");
        scheduler.add("g", list);
        assertThrows(ArithmeticException.class, () -> scheduler.control(() -> {
            throw new ArithmeticException("action");
        }));
        list.put();
        assertTrue(scheduler.runUntil(() -> list.done == 1, LONG));
    }

    @Test
    void limitEndsTheWait() {
        assertFalse(scheduler.runUntil(() -> false, 2_000_000));
        assertTrue(scheduler.verdict().contains("limit"), scheduler.verdict());
    }

    @Test
    void runningFromInsideAComponentIsRefused() {
        scheduler.add("g", Parts.acting("nested", () -> scheduler.runUntil(() -> true, 1)));
        assertThrows(SimulationFailure.class, () -> scheduler.runUntil(() -> false, LONG));
    }

    @Test
    void realClockStallsForTheTimeAsked() {
        RealClock clock = scheduler.clock();
        for (long nanos : new long[] {0, 10_000, 400_000}) {
            long start = clock.nanos();
            clock.stall(nanos);
            assertTrue(clock.nanos() - start >= nanos, "stalled for less than " + nanos);
        }
    }
}
