package dev.npa.sim.time;

import dev.npa.hw.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Every group of components on a processor of its own, measured on the one thread that calls {@link #runUntil}: each
 * group has a time of its own, a step takes as much of it as the step took CPU time, and the group that is furthest
 * behind is next. So the machine that runs this needs no more than one processor, and neither its other work nor its
 * scheduler shows in what is measured: time is what a threaded run would take if every group always had a processor.
 *
 * <p>What a step does is seen by other groups at the time at which it began, thus early by no more than the step took.
 * Caches are shared more than on several processors, and nothing waits for a cache line of another. Compilers and
 * collectors run on threads that are not measured.
 *
 * <p>A group without work looks again when another has done something, at the end of that step, or at its own next event.
 */
public final class MeasuredScheduler implements Scheduler {

    private static final int BUDGET = 64;

    private static final class Group {
        private final String name;
        private final List<Component> components = new ArrayList<>();
        private long time;
        /** Had nothing to do and waits for what others do. */
        private boolean idle;

        Group(String name, long time) {
            this.name = name;
            this.time = time;
        }
    }

    /** Held for a turn, and for a control action. */
    private final ReentrantLock turn = new ReentrantLock(true);
    private final List<Group> groups = new ArrayList<>();
    private final StepTimer timer = new StepTimer();
    private final List<Group> stepping = new ArrayList<>();
    private final Clock clock = new LocalClock(false);
    private final Clock yielding = new LocalClock(true);
    /** CPU time of steps that ran inside of others' stalls. */
    private long nested;
    private volatile long outside;
    private SimulationFailure failure;
    private boolean closed;
    private volatile String verdict = "";

    /** What a component reads: the time of the group that is stepping; outside of steps that of the last group. */
    private final class LocalClock implements Clock {
        private final boolean yields;

        LocalClock(boolean yields) {
            this.yields = yields;
        }

        @Override
        public long nanos() {
            Group current = current();
            return current == null ? outside : current.time;
        }

        @Override
        public void stall(long duration) {
            Group current = current();
            if (duration <= 0 || current == null) {
                return;
            }
            long end = current.time + duration;
            if (yields && turn.getHoldCount() == 1) { // not inside a control action
                others(end);
            }
            current.time = Math.max(current.time, end);
        }

        private Group current() {
            return turn.isHeldByCurrentThread() && !stepping.isEmpty() ? stepping.get(stepping.size() - 1) : null;
        }
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Clock yieldingClock() {
        return yielding;
    }

    @Override
    public void add(String group, Component component) {
        turn.lock();
        try {
            if (closed) {
                throw new IllegalStateException("component " + component.name() + ": the scheduler is closed");
            }
            Group mine = null;
            for (Group g : groups) {
                if (g.components.contains(component)) {
                    throw new IllegalStateException("component " + component.name() + " was added already");
                }
                if (g.name.equals(group)) {
                    mine = g;
                }
            }
            if (mine == null) {
                mine = new Group(group, clock.nanos());
                groups.add(mine);
            }
            mine.components.add(component);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void remove(Component component) {
        turn.lock();
        try {
            for (Group g : groups) {
                g.components.remove(component);
            }
            groups.removeIf(g -> g.components.isEmpty() && !stepping.contains(g));
        } finally {
            turn.unlock();
        }
    }

    @Override
    public boolean runUntil(BooleanSupplier condition, long limitNanos) {
        verdict = "";
        long start = outside;
        long deadline = limitNanos > Long.MAX_VALUE - start ? Long.MAX_VALUE : start + limitNanos;
        while (true) {
            turn.lock();
            try {
                if (turn.getHoldCount() > 1) {
                    throw new IllegalStateException("runUntil was called from inside a component or a control action");
                }
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
                Group next = next();
                if (next == null || next.time >= deadline) {
                    outside = next == null ? outside : Math.max(outside, Math.min(deadline, next.time));
                    verdict = "the limit of " + limitNanos + " ns passed at " + outside + " ns";
                    return false;
                }
                outside = Math.max(outside, next.time);
                step(next, deadline);
            } finally {
                turn.unlock();
            }
        }
    }

    /** The group that is furthest behind, none that stands in a step or shares what does; null if there is none. */
    private Group next() {
        Group next = null;
        for (Group g : groups) {
            if ((next == null || g.time < next.time) && (stepping.isEmpty() || !stands(g))) {
                next = g;
            }
        }
        return next;
    }

    private boolean stands(Group group) {
        return stepping.contains(group) || group.components.stream().anyMatch(c -> stepping.stream().anyMatch(
                s -> s.components.stream().anyMatch(other -> other.stallDomain() == c.stallDomain())));
    }

    private void step(Group group, long deadline) {
        stepping.add(group);
        int work = 0;
        long nestedBefore = nested;
        long before = timer.begin();
        try {
            // Indices: a step may add or remove components.
            for (int i = 0; i < group.components.size(); i++) {
                Component component = group.components.get(i);
                try {
                    work += component.run(BUDGET);
                } catch (Throwable t) {
                    throw fail(component, t);
                }
            }
        } finally {
            stepping.remove(stepping.size() - 1);
        }
        if (failure != null) {
            throw failure; // of a component that ran while this one stalled
        }
        group.idle = work == 0;
        if (work == 0) {
            group.time = Math.max(group.time + 1, event(group, deadline));
            return;
        }
        group.time += Math.max(1, timer.end(before) - (nested - nestedBefore));
        for (Group g : groups) {
            if (g.idle && g.time > group.time) {
                g.time = group.time;
            }
        }
    }

    private static long event(Group group, long deadline) {
        long event = deadline;
        for (Component component : group.components) {
            event = Math.min(event, component.nextEvent());
        }
        return event;
    }

    /** Gives the others their turns while a group stalls until {@code end}: one of them may have to answer it. */
    private void others(long end) {
        long nestedBefore = nested;
        long before = timer.begin();
        try {
            Group next = next();
            while (failure == null && next != null && next.time < end) {
                step(next, end);
                next = next();
            }
        } catch (SimulationFailure f) {
            return; // recorded: it ends the run as soon as the stalled step is over
        } finally {
            nested = nestedBefore + timer.end(before);
        }
    }

    private SimulationFailure fail(Component component, Throwable t) {
        if (failure == null) {
            failure = new SimulationFailure(component.name(), clock.nanos(), t);
        }
        return failure;
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
            groups.clear();
        } finally {
            turn.unlock();
        }
    }
}
