package dev.npa.sim.time;

import java.util.concurrent.locks.LockSupport;

/**
 * The thread of one group: steps the group's components in turn, rests when they are idle, and stands still while a
 * control action runs.
 *
 * <p>The gate costs one volatile read a round: a controller closes the gate and waits until no worker is in
 * {@link Phase#RUNNING}; a worker that goes to RUNNING looks at the gate afterwards. Both sides write, then read,
 * with volatile accesses, so at least one of them sees the other.
 */
final class Worker extends Thread {

    /** What a controller needs to know of a worker. */
    enum Phase {
        /** May be in the middle of a component's step. */
        RUNNING,
        /** Sleeps between two rounds. */
        RESTING,
        /** Waits for the gate to open. */
        STANDING
    }

    static final class Entry {
        private final Component component;
        private volatile boolean removed;

        Entry(Component component) {
            this.component = component;
        }

        Component component() {
            return component;
        }

        void remove() {
            removed = true;
        }
    }

    private static final int BUDGET = 64;
    private static final int SPIN_ROUNDS = 100;
    private static final int YIELD_ROUNDS = 150;

    private final ThreadedScheduler scheduler;
    private final String group;
    private volatile Entry[] entries;
    private volatile Phase phase = Phase.STANDING;
    private volatile boolean sleeping;
    private volatile boolean ending;
    private Component current;

    Worker(ThreadedScheduler scheduler, String group, Entry first) {
        super("npa-" + group);
        this.scheduler = scheduler;
        this.group = group;
        this.entries = new Entry[] {first};
        setDaemon(true);
    }

    String group() {
        return group;
    }

    ThreadedScheduler scheduler() {
        return scheduler;
    }

    Entry[] entries() {
        return entries;
    }

    /** Replaces the components; none ends the thread. Under the scheduler's monitor. */
    void entries(Entry[] newEntries) {
        entries = newEntries;
        if (newEntries.length == 0) {
            ending = true;
        }
        LockSupport.unpark(this);
    }

    boolean mayBeRunning() {
        return phase == Phase.RUNNING && isAlive();
    }

    boolean isStanding() {
        return phase == Phase.STANDING;
    }

    /** Wakes the thread if it sleeps because its components were idle. */
    void wake() {
        if (sleeping) {
            LockSupport.unpark(this);
        }
    }

    @Override
    public void run() {
        enter();
        int idleRounds = 0;
        while (!ending) {
            if (scheduler.isGateClosed()) {
                enter();
            } else if (round()) {
                idleRounds = 0;
            } else {
                rest(idleRounds++);
            }
        }
        phase = Phase.RESTING;
    }

    /** Worker: goes to RUNNING as soon as the gate is open. */
    void enter() {
        while (true) {
            phase = Phase.RUNNING;
            if (!scheduler.isGateClosed() || ending) {
                return;
            }
            stand();
            while (scheduler.isGateClosed() && !ending) {
                LockSupport.park(scheduler);
                Thread.interrupted();
            }
        }
    }

    /** Worker: from now on a control action may run. */
    void stand() {
        phase = Phase.STANDING;
    }

    private boolean round() {
        boolean worked = false;
        for (Entry e : entries) {
            if (!e.removed) {
                worked |= step(e.component);
            }
        }
        return worked;
    }

    private boolean step(Component c) {
        current = c;
        try {
            return c.run(BUDGET) != 0;
        } catch (Throwable t) {
            scheduler.failed(c, t);
            return false;
        }
    }

    private void rest(int idleRounds) {
        if (idleRounds < SPIN_ROUNDS) {
            Thread.onSpinWait();
        } else if (idleRounds < YIELD_ROUNDS) {
            Thread.yield();
        } else {
            int doublings = Math.min(idleRounds - YIELD_ROUNDS, 10);
            doze(Math.min(scheduler.firstRestNanos() << doublings, scheduler.longestRestNanos()));
        }
    }

    private void doze(long limit) {
        // Before asking for events: whoever makes work after the question finds the flag set and wakes this thread.
        sleeping = true;
        long left = Math.min(nextEvent() - scheduler.clock().nanos(), limit);
        if (left > 0) {
            phase = Phase.RESTING;
            LockSupport.parkNanos(scheduler, left);
            Thread.interrupted();
            enter();
        }
        sleeping = false;
    }

    private long nextEvent() {
        long next = Component.NEVER;
        for (Entry e : entries) {
            try {
                next = Math.min(next, e.removed ? Component.NEVER : e.component.nextEvent());
            } catch (Throwable t) {
                scheduler.failed(e.component, t);
            }
        }
        return next;
    }

    /** What the thread is or was last stepping, for messages: read without ordering. */
    String whereabouts() {
        Component c = current;
        return getName() + (c == null ? "" : " in component " + c.name());
    }
}
