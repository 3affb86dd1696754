package dev.npa.sim.time;

import dev.npa.hw.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * One thread, the caller's, and a virtual clock: the same seed gives the same history.
 *
 * <p>A round steps every component once, in an order and each with a budget (1..{@value #MAX_BUDGET}) drawn from the
 * seed. If anything was done, time advances by a drawn quantum of {@value #MIN_QUANTUM} ns to {@value #MAX_QUANTUM} ns;
 * if nothing was, it moves to the earliest {@link Component#nextEvent()}. If that is {@link Component#NEVER}, nothing
 * can ever happen again, and {@link #runUntil} returns false at once.
 *
 * <p>A stall on {@link #yieldingClock()} runs rounds of the same kind inside the stalled step, without the components
 * whose {@link Component#stallDomain()} stalls already, until its time is over. Stalls nest. A stall of a thread that
 * is neither in a step nor in a control action runs such rounds of all components.
 *
 * <p>Numbers come from {@link SeededRandom}, so a seed means the same on every JDK. The history repeats as long as all
 * components depend on nothing but the clock and each other, and are added, removed and controlled from the thread
 * that calls {@link #runUntil}.
 */
public final class SeededScheduler implements Scheduler {

    /** Largest budget of a step. */
    static final int MAX_BUDGET = 64;
    /** Shortest time of a round in which something was done. */
    static final int MIN_QUANTUM = 500;
    /** Longest time of such a round. */
    static final int MAX_QUANTUM = 4000;

    private static final class Entry {
        private final Component component;
        private final int index;
        private final Object domain;
        private boolean removed;

        Entry(Component component, int index) {
            this.component = component;
            this.index = index;
            this.domain = component.stallDomain();
        }
    }

    /**
     * Held for rounds, until another thread wants it, and for a control action; fair, so that a control thread gets in
     * between two rounds.
     */
    private final ReentrantLock turn = new ReentrantLock(true);
    private final VirtualClock clock;
    private final SeededRandom random;
    private final History recorder;
    private final List<Entry> entries = new ArrayList<>();
    private Entry[] order = new Entry[0];
    /** Components in the middle of a step: the last one is the caller of a stall, the others stall. */
    private Entry[] stepping = new Entry[4];
    private int depth;
    private final Clock yielding = new YieldingClock();
    private boolean changed;
    private boolean closed;
    private int added;
    private long hash;
    private SimulationFailure failure;
    private volatile String verdict = "";

    public SeededScheduler(long seed, VirtualClock clock) {
        this(seed, clock, null);
    }

    /**
     * Makes a scheduler that records its history.
     *
     * @param recorder gets every step that does work; null records nothing
     */
    public SeededScheduler(long seed, VirtualClock clock, History recorder) {
        this.clock = clock;
        this.random = new SeededRandom(seed);
        this.recorder = recorder;
        this.hash = seed;
    }

    @Override
    public VirtualClock clock() {
        return clock;
    }

    @Override
    public Clock yieldingClock() {
        return yielding;
    }

    /** Hash over all steps so far, idle ones included, and over who was added and removed when. */
    public long historyHash() {
        turn.lock();
        try {
            return hash;
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void add(String group, Component component) {
        turn.lock();
        try {
            if (closed) {
                throw new IllegalStateException("component " + component.name() + ": the scheduler is closed");
            }
            for (Entry e : entries) {
                if (e.component == component) {
                    throw new IllegalStateException("component " + component.name() + " was added already");
                }
            }
            entries.add(new Entry(component, added));
            changed = true;
            mix(component.name().hashCode(), added++, -1);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void remove(Component component) {
        turn.lock();
        try {
            for (int i = 0; i < entries.size(); i++) {
                Entry e = entries.get(i);
                if (e.component == component) {
                    entries.remove(i);
                    e.removed = true;
                    changed = true;
                    mix(clock.nanos(), e.index, -2);
                    return;
                }
            }
        } finally {
            turn.unlock();
        }
    }

    @Override
    public boolean runUntil(BooleanSupplier condition, long limitNanos) {
        long start = clock.nanos();
        long deadline = limitNanos > Long.MAX_VALUE - start ? Long.MAX_VALUE : start + limitNanos;
        verdict = "";
        while (true) {
            turn.lock();
            try {
                refuseNesting();
                do {
                    if (failure != null) {
                        throw failure;
                    }
                    if (condition.getAsBoolean()) {
                        return true;
                    }
                    if (closed) {
                        verdict = "the scheduler is closed";
                        return false;
                    }
                    if (clock.nanos() >= deadline) {
                        verdict = "the limit of " + limitNanos + " ns passed at " + clock.nanos() + " ns";
                        return false;
                    }
                    if (!round(deadline)) {
                        // The last component to step may have made the condition true without having work left.
                        return condition.getAsBoolean();
                    }
                } while (!turn.hasQueuedThreads());
            } finally {
                turn.unlock();
            }
        }
    }

    private void refuseNesting() {
        if (turn.getHoldCount() > 1) {
            throw new IllegalStateException("runUntil was called from inside a component or a control action");
        }
    }

    private boolean round(long deadline) {
        if (changed) {
            order = entries.toArray(new Entry[0]);
            changed = false;
        }
        if (stepAll(order)) {
            clock.advance(quantum());
            return true;
        }
        if (changed || jump(order, deadline)) {
            return true;
        }
        verdict = "nothing can happen any more: at " + clock.nanos() + " ns all " + order.length
                + " components are idle and none expects an event";
        return false;
    }

    /** Steps each once in an order drawn from the seed. */
    private boolean stepAll(Entry[] list) {
        boolean worked = false;
        for (int i = 0; i < list.length; i++) {
            int other = i + random.below(list.length - i);
            Entry e = list[other];
            list[other] = list[i];
            list[i] = e;
            int budget = 1 + random.below(MAX_BUDGET);
            worked |= !e.removed && step(e, budget);
        }
        return worked;
    }

    private boolean step(Entry e, int budget) {
        long now = clock.nanos();
        int work;
        if (depth == stepping.length) {
            stepping = Arrays.copyOf(stepping, 2 * depth);
        }
        stepping[depth++] = e;
        try {
            work = e.component.run(budget);
        } catch (Throwable t) {
            throw fail(e, t);
        } finally {
            stepping[--depth] = null;
        }
        if (failure != null) {
            throw failure; // of a component that ran while this one stalled
        }
        mix(now, e.index, work);
        if (work != 0 && recorder != null) {
            recorder.record(now, e.index, work);
        }
        return work != 0;
    }

    /** Nobody had work: moves to the next event; false if there is none. */
    private boolean jump(Entry[] order, long deadline) {
        long next = Component.NEVER;
        for (Entry e : order) {
            try {
                next = Math.min(next, e.removed ? Component.NEVER : e.component.nextEvent());
            } catch (Throwable t) {
                throw fail(e, t);
            }
        }
        if (next == Component.NEVER) {
            return false;
        }
        if (next <= clock.nanos()) {
            // Somebody claims to have work and does none: time passes, so that the limit ends it.
            clock.moveTo(Math.min(clock.nanos() + quantum(), deadline));
        } else {
            clock.moveTo(Math.min(next, deadline));
        }
        return true;
    }

    /** Gives {@code duration} to all components but those that stall. */
    private void yieldFor(long duration) {
        long end = clock.nanos() + duration;
        while (clock.nanos() < end && failure == null) {
            Entry[] others = others();
            try {
                if (stepAll(others)) {
                    clock.moveTo(Math.min(clock.nanos() + quantum(), end));
                } else if (!jump(others, end)) {
                    break;
                }
            } catch (SimulationFailure f) {
                break; // recorded: it ends the run as soon as the stalled step is over, without passing through guests
            }
        }
        clock.moveTo(end);
    }

    private Entry[] others() {
        List<Entry> others = new ArrayList<>(entries);
        others.removeIf(this::stalls);
        return others.toArray(new Entry[0]);
    }

    private boolean stalls(Entry e) {
        for (int i = 0; i < depth; i++) {
            if (stepping[i] == e || stepping[i].domain == e.domain) {
                return true;
            }
        }
        return false;
    }

    private final class YieldingClock implements Clock {
        @Override
        public long nanos() {
            return clock.nanos();
        }

        @Override
        public void stall(long duration) {
            int held = turn.getHoldCount();
            if (duration > 0 && held == 0) {
                // A thread outside of all steps, as the one that ends a guest: its own round, as any step's.
                turn.lock();
                try {
                    yieldFor(duration);
                } finally {
                    turn.unlock();
                }
            } else if (duration > 0 && held == 1 && depth > 0) {
                // A count of 1: the lock of the round alone, thus not inside a control action.
                yieldFor(duration);
            } else {
                clock.stall(duration);
            }
        }
    }

    private int quantum() {
        return MIN_QUANTUM + random.below(MAX_QUANTUM - MIN_QUANTUM + 1);
    }

    private SimulationFailure fail(Entry e, Throwable t) {
        if (failure == null) {
            failure = new SimulationFailure(e.component.name(), clock.nanos(), t);
        }
        return failure;
    }

    private void mix(long nanos, int component, int work) {
        long x = nanos * 31 + component;
        hash = Long.rotateLeft(hash ^ x, 29) * 0x9E37_79B9_7F4A_7C15L;
        hash = Long.rotateLeft(hash ^ work, 31) * 0xC2B2_AE3D_27D4_EB4FL;
    }

    @Override
    public String verdict() {
        return verdict;
    }

    @Override
    public void control(Runnable action) {
        turn.lock();
        try {
            action.run();
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            for (Entry e : entries) {
                e.removed = true;
            }
            entries.clear();
            changed = true;
        } finally {
            turn.unlock();
        }
    }
}
