package dev.npa.sim.bench;

import dev.npa.hw.Clock;
import dev.npa.sim.time.Component;
import dev.npa.sim.time.Scheduler;
import dev.npa.sim.time.SeededScheduler;
import dev.npa.sim.time.VirtualClock;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A seeded scheduler that knows how much of its time virtual CPUs take: the guests' side, without devices, switches and
 * the other ends. Turns in which a CPU did nothing do not count, as a halted CPU costs nothing. One thread.
 */
final class TimedScheduler implements Scheduler {

    private static final String VCPU = "/vcpu";
    /** No turn takes so long, however cold: this thread was not running meanwhile. */
    private static final long INTERRUPTED_NANOS = 250_000;

    private final SeededScheduler scheduler;
    private final Map<Component, Component> timed = new IdentityHashMap<>();
    private long nanos;
    private long turns;
    private long interrupted;

    TimedScheduler(long seed) {
        scheduler = new SeededScheduler(seed, new VirtualClock());
    }

    /** Time of virtual CPUs since {@link #reset}; turns in which the thread was interrupted count as the mean of the others. */
    double guestNanos() {
        return turns == 0 ? 0 : nanos * (double) (turns + interrupted) / turns;
    }

    void reset() {
        nanos = 0;
        turns = 0;
        interrupted = 0;
    }

    private void count(long duration) {
        if (duration > INTERRUPTED_NANOS) {
            interrupted++;
        } else {
            turns++;
            nanos += duration;
        }
    }

    @Override
    public Clock clock() {
        return scheduler.clock();
    }

    @Override
    public Clock yieldingClock() {
        return scheduler.yieldingClock();
    }

    @Override
    public void add(String group, Component component) {
        Component added = component;
        if (group.contains(VCPU)) {
            added = new Timed(component);
            timed.put(component, added);
        }
        scheduler.add(group, added);
    }

    @Override
    public void remove(Component component) {
        Component added = timed.remove(component);
        scheduler.remove(added == null ? component : added);
    }

    @Override
    public boolean runUntil(BooleanSupplier condition, long limitNanos) {
        return scheduler.runUntil(condition, limitNanos);
    }

    @Override
    public String verdict() {
        return scheduler.verdict();
    }

    @Override
    public void control(Runnable action) {
        scheduler.control(action);
    }

    @Override
    public void close() {
        scheduler.close();
    }

    private final class Timed implements Component {
        private final Component cpu;

        Timed(Component cpu) {
            this.cpu = cpu;
        }

        @Override
        public String name() {
            return cpu.name();
        }

        @Override
        public long nextEvent() {
            return cpu.nextEvent();
        }

        @Override
        public Object stallDomain() {
            return cpu.stallDomain();
        }

        @Override
        public int run(int budget) {
            long start = System.nanoTime();
            int work = cpu.run(budget);
            if (work != 0) {
                count(System.nanoTime() - start);
            }
            return work;
        }
    }
}
