package dev.npa.sim.time;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.Clock;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Stalls under the seeded scheduler: who runs meanwhile, and for how long. */
class StallTest {

    private static final long STALL = 50_000;

    private final VirtualClock clock = new VirtualClock();
    private final SeededScheduler scheduler = new SeededScheduler(11, clock);
    private final Clock yielding = scheduler.yieldingClock();

    /** Runs its action once. */
    private static Component once(String name, Object domain, Runnable action) {
        return new Component() {
            private boolean ran;

            @Override
            public String name() {
                return name;
            }

            @Override
            public int run(int budget) {
                if (ran) {
                    return 0;
                }
                ran = true;
                action.run();
                return 1;
            }

            @Override
            public long nextEvent() {
                return ran ? NEVER : 0;
            }

            @Override
            public Object stallDomain() {
                return domain == null ? this : domain;
            }
        };
    }

    @Test
    void driverThatPollsWhileItStallsIsAnswered() {
        boolean[] asked = {false};
        boolean[] answered = {false};
        int[] polls = {0};
        scheduler.add("server", Parts.acting("server", () -> answered[0] |= asked[0]));
        scheduler.add("cpu", once("cpu", null, () -> {
            asked[0] = true;
            while (!answered[0] && polls[0] < 100) {
                yielding.stall(10_000);
                polls[0]++;
            }
        }));
        assertTrue(scheduler.runUntil(() -> answered[0], 10_000_000));
        assertTrue(polls[0] < 100, "the answer came during a stall");
    }

    @Test
    void threadOutsideOfAllStepsIsAnsweredWhileItStalls() {
        boolean[] asked = {false};
        boolean[] answered = {false};
        scheduler.add("server", Parts.acting("server", () -> answered[0] |= asked[0]));
        asked[0] = true;
        long before = clock.nanos();
        yielding.stall(STALL);
        assertTrue(answered[0], "the server had a turn");
        assertEquals(STALL, clock.nanos() - before);
        assertTrue(scheduler.runUntil(() -> answered[0], 10_000_000));
        assertEquals("", scheduler.verdict());
    }

    @Test
    void stallTakesExactlyItsTime() {
        long[] took = {0};
        scheduler.add("busy", Parts.acting("busy", () -> { }));
        scheduler.add("cpu", once("cpu", null, () -> {
            long before = clock.nanos();
            yielding.stall(STALL);
            took[0] = clock.nanos() - before;
        }));
        assertTrue(scheduler.runUntil(() -> took[0] != 0, 10_000_000));
        assertEquals(STALL, took[0]);
    }

    @Test
    void stallAmongIdleComponentsEndsAtOnceAndStopsAtTheirEvents() {
        Parts.Periodic ticks = new Parts.Periodic("ticks", clock::nanos, STALL / 10);
        scheduler.add("ticks", ticks);
        long[] seen = {0};
        scheduler.add("cpu", once("cpu", null, () -> {
            long before = ticks.ticks;
            yielding.stall(STALL);
            seen[0] = ticks.ticks - before;
        }));
        assertTrue(scheduler.runUntil(() -> seen[0] != 0, 10_000_000));
        assertTrue(seen[0] >= 8 && seen[0] <= 11, "ticks during the stall: " + seen[0]);
    }

    @Test
    void componentsOfTheSameDomainStandStillTogether() {
        Object machine = new Object();
        boolean[] stalled = {false};
        AtomicInteger others = new AtomicInteger();
        scheduler.add("b", new Component() {
            @Override
            public String name() {
                return "b";
            }

            @Override
            public int run(int budget) {
                assertFalse(stalled[0], "the other CPU of the machine ran");
                return 1;
            }

            @Override
            public long nextEvent() {
                return 0;
            }

            @Override
            public Object stallDomain() {
                return machine;
            }
        });
        scheduler.add("c", Parts.acting("c", () -> others.addAndGet(stalled[0] ? 1 : 0)));
        scheduler.add("a", once("a", machine, () -> {
            stalled[0] = true;
            yielding.stall(STALL);
            stalled[0] = false;
        }));
        assertTrue(scheduler.runUntil(() -> others.get() > 0 && !stalled[0], 10_000_000));
    }

    @Test
    void stallsNestAndNoComponentIsEnteredTwice() {
        int[] depth = {0};
        int[] deepest = {0};
        int[] ended = {0};
        for (int i = 0; i < 3; i++) {
            boolean[] inside = {false};
            scheduler.add("cpu" + i, Parts.acting("cpu" + i, () -> {
                assertFalse(inside[0], "entered while it stalls");
                inside[0] = true;
                deepest[0] = Math.max(deepest[0], ++depth[0]);
                yielding.stall(STALL);
                depth[0]--;
                ended[0]++;
                inside[0] = false;
            }));
        }
        assertTrue(scheduler.runUntil(() -> ended[0] >= 30, Long.MAX_VALUE));
        assertEquals(3, deepest[0]);
    }

    @Test
    void stallInsideAControlActionRunsNobody() {
        boolean[] controlled = {false};
        int[] rounds = {0};
        scheduler.add("other", Parts.acting("other", () -> assertFalse(controlled[0], "ran inside a control action")));
        scheduler.add("cpu", once("cpu", null, () -> scheduler.control(() -> {
            controlled[0] = true;
            long before = clock.nanos();
            yielding.stall(STALL);
            assertEquals(STALL, clock.nanos() - before);
            controlled[0] = false;
            rounds[0]++;
        })));
        assertTrue(scheduler.runUntil(() -> rounds[0] == 1, 10_000_000));
        scheduler.control(() -> {
            controlled[0] = true;
            yielding.stall(STALL);
            controlled[0] = false;
        });
    }

    @Test
    void componentsComeAndGoDuringAStall() {
        Parts.Worklist late = new Parts.Worklist("late");
        late.todo = 3;
        Component goes = Parts.acting("goes", () -> { });
        scheduler.add("goes", goes);
        boolean[] done = {false};
        scheduler.add("maker", once("maker", null, () -> {
            scheduler.add("late", late);
            scheduler.remove(goes);
        }));
        scheduler.add("cpu", once("cpu", null, () -> {
            yielding.stall(STALL);
            done[0] = late.done == 3;
        }));
        scheduler.runUntil(() -> late.done == 3, 10_000_000);
        assertEquals(3, late.done);
    }

    @Test
    void failureDuringAStallDoesNotPassThroughTheStalledCode() {
        boolean[] returned = {false};
        IllegalStateException cause = new IllegalStateException("bad register");
        boolean[] stalled = {false};
        scheduler.add("nic", Parts.acting("host0/nic0", () -> {
            if (stalled[0]) {
                throw cause;
            }
        }));
        scheduler.add("cpu", once("cpu", null, () -> {
            stalled[0] = true;
            yielding.stall(STALL);
            returned[0] = true;
        }));
        SimulationFailure f = assertThrows(SimulationFailure.class, () -> scheduler.runUntil(() -> false, 10_000_000));
        assertEquals("host0/nic0", f.component());
        assertSame(cause, f.getCause());
        assertTrue(returned[0]);
    }

    @Test
    void sameSeedGivesTheSameHistoryWithStalls() {
        for (long seed = 0; seed < 10; seed++) {
            assertArrayEquals(history(seed), history(seed), "seed " + seed);
        }
    }

    private static byte[] history(long seed) {
        History history = new History();
        SeededScheduler s = new SeededScheduler(seed, new VirtualClock(), history);
        int[] work = {0};
        s.add("a", Parts.acting("a", () -> s.yieldingClock().stall(7_000 + 100L * (work[0] % 13))));
        s.add("b", Parts.acting("b", () -> work[0]++));
        s.add("c", Parts.acting("c", () -> s.yieldingClock().stall(1_000 + work[0] % 7)));
        s.runUntil(() -> work[0] >= 300, Long.MAX_VALUE);
        return history.toByteArray();
    }
}
