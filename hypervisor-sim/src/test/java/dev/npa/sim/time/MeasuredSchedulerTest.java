package dev.npa.sim.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class MeasuredSchedulerTest {

    private final MeasuredScheduler scheduler = new MeasuredScheduler();

    private static final class Part implements Component {
        private final String name;
        private final IntUnaryOperator code;
        private long event = NEVER;
        private Object domain = this;
        private int steps;

        Part(String name, IntUnaryOperator code) {
            this.name = name;
            this.code = code;
        }

        @Override
        public int run(int budget) {
            steps++;
            return code.applyAsInt(budget);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long nextEvent() {
            return event;
        }

        @Override
        public Object stallDomain() {
            return domain;
        }
    }

    @Test
    void aStallTakesTimeFromItsOwnGroupOnly() {
        Clock clock = scheduler.clock();
        List<Long> seen = new ArrayList<>();
        Part slow = new Part("slow", b -> {
            clock.stall(1_000_000_000L);
            return 1;
        });
        Part quick = new Part("quick", b -> {
            clock.stall(100_000_000L);
            seen.add(clock.nanos());
            return 1;
        });
        scheduler.add("a", slow);
        scheduler.add("b", quick);
        assertTrue(scheduler.runUntil(() -> seen.size() >= 15, Long.MAX_VALUE));
        assertEquals(2, slow.steps, "ten steps of the quick one fit into one of the slow one");
        assertTrue(seen.get(14) >= 1_500_000_000L && seen.get(14) < 1_600_000_000L, seen.toString());
    }

    @Test
    void componentsOfAGroupShareItsTime() {
        Clock clock = scheduler.clock();
        long[] at = new long[1];
        scheduler.add("a", new Part("first", b -> {
            clock.stall(1_000_000_000L);
            return 1;
        }));
        scheduler.add("a", new Part("second", b -> {
            at[0] = clock.nanos();
            return 1;
        }));
        assertTrue(scheduler.runUntil(() -> at[0] != 0, Long.MAX_VALUE));
        assertTrue(at[0] >= 1_000_000_000L);
    }

    @Test
    void whoStallsOnTheYieldingClockIsAnswered() {
        boolean[] answered = new boolean[2];
        Clock waiting = scheduler.yieldingClock();
        Clock plain = scheduler.clock();
        scheduler.add("asks", new Part("asks", b -> {
            plain.stall(100_000);
            assertFalse(answered[0], "a stall on the plain clock lets nobody else run");
            waiting.stall(100_000);
            answered[1] = answered[0];
            return 1;
        }));
        scheduler.add("answers", new Part("answers", b -> {
            if (plain.nanos() > 0 || answered[0]) {
                return 0;
            }
            answered[0] = true;
            return 1;
        }));
        assertTrue(scheduler.runUntil(() -> answered[1], 1_000_000_000L));
    }

    @Test
    void nobodyOfTheSameDomainRunsDuringAStall() {
        Clock waiting = scheduler.yieldingClock();
        boolean[] stalling = new boolean[1];
        Object machine = new Object();
        Part other = new Part("cpu1", b -> {
            assertFalse(stalling[0]);
            return 0;
        });
        other.domain = machine;
        Part mine = new Part("cpu0", b -> {
            stalling[0] = true;
            waiting.stall(1_000_000);
            stalling[0] = false;
            return 1;
        });
        mine.domain = machine;
        scheduler.add("cpu0", mine);
        scheduler.add("cpu1", other);
        assertTrue(scheduler.runUntil(() -> mine.steps == 3, Long.MAX_VALUE));
        assertTrue(other.steps > 0);
    }

    @Test
    void workTakesTheCpuTimeThatItTook() {
        long[] sink = new long[1];
        Part busy = new Part("busy", b -> {
            for (int i = 0; i < 3_000_000; i++) {
                sink[0] = sink[0] * 31 + i;
            }
            return 1;
        });
        scheduler.add("a", busy);
        assertTrue(scheduler.runUntil(() -> busy.steps == 20, Long.MAX_VALUE));
        // 60 million dependent multiplications: no processor does them in a millisecond.
        assertTrue(scheduler.clock().nanos() > 1_000_000, scheduler.clock().nanos() + " ns, " + sink[0]);
    }

    @Test
    void idleGroupsSleepUntilTheNextEventOfAny() {
        Part sleeper = new Part("sleeper", b -> 0);
        sleeper.event = 5_000_000_000L;
        scheduler.add("a", sleeper);
        assertFalse(scheduler.runUntil(() -> false, 4_000_000_000L));
        assertTrue(sleeper.steps < 10, sleeper.steps + " steps in 4 s without work");
        assertEquals("the limit of 4000000000 ns passed at 4000000000 ns", scheduler.verdict());
    }

    @Test
    void aFailureNamesItsComponentAndEndsTheRun() {
        IllegalStateException cause = new IllegalStateException("broken");
        scheduler.add("a", new Part("bad", b -> {
            throw cause;
        }));
        SimulationFailure failure = assertThrows(SimulationFailure.class, () -> scheduler.runUntil(() -> false, 1_000));
        assertSame(cause, failure.getCause());
        assertTrue(failure.getMessage().contains("bad"));
        assertThrows(SimulationFailure.class, () -> scheduler.runUntil(() -> true, 1_000));
    }

    @Test
    void aRemovedComponentGetsNoTurn() {
        Part one = new Part("one", b -> 1);
        scheduler.add("a", one);
        assertTrue(scheduler.runUntil(() -> one.steps == 3, Long.MAX_VALUE));
        scheduler.remove(one);
        assertFalse(scheduler.runUntil(() -> one.steps > 3, 1_000_000));
        scheduler.close();
        assertThrows(IllegalStateException.class, () -> scheduler.add("a", one));
    }
}
