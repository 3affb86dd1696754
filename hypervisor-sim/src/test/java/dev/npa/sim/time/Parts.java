package dev.npa.sim.time;

import java.util.function.LongSupplier;

/** Components for tests of schedulers. */
final class Parts {

    private Parts() {}

    /** Does nothing by itself; work is put in from outside. */
    static class Worklist implements Wakeable {
        final String name;
        volatile long todo;
        volatile long done;
        volatile Thread ranOn;
        private volatile Runnable hook;

        Worklist(String name) {
            this.name = name;
        }

        /** Adds one unit from another thread. */
        synchronized void put() {
            todo++;
            Runnable h = hook;
            if (h != null) {
                h.run();
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public synchronized int run(int budget) {
            if (todo == 0) {
                return 0;
            }
            ranOn = Thread.currentThread();
            todo--;
            done++;
            return 1;
        }

        @Override
        public long nextEvent() {
            return todo > 0 ? 0 : NEVER;
        }

        @Override
        public void wakeHook(Runnable newHook) {
            hook = newHook;
        }
    }

    /** Works once a period of machine time. */
    static final class Periodic implements Component {
        final String name;
        private final LongSupplier clock;
        private final long period;
        private long next;
        long ticks;
        long latest;

        Periodic(String name, LongSupplier clock, long period) {
            this.name = name;
            this.clock = clock;
            this.period = period;
            this.next = period;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public int run(int budget) {
            if (clock.getAsLong() < next) {
                return 0;
            }
            latest = clock.getAsLong();
            next += period;
            ticks++;
            return 1;
        }

        @Override
        public long nextEvent() {
            return next;
        }
    }

    /** Calls an action each step. */
    static Component acting(String name, Runnable action) {
        return new Component() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public int run(int budget) {
                action.run();
                return 1;
            }

            @Override
            public long nextEvent() {
                return 0;
            }
        };
    }
}
