package dev.npa.sim.traffic;

import java.util.concurrent.atomic.AtomicLongArray;

/** Counters of one phase of one direction. Each counter has one writing thread; any thread may read. */
final class PhaseCounts {

    static final int SENT = 0;
    static final int SENT_BYTES = 1;
    /** A cache line between the sender's counters and the judge's. */
    static final int RECEIVED = 16;
    static final int RECEIVED_BYTES = 17;
    static final int DUPLICATED = 18;
    static final int REORDERED = 19;
    static final int FOREIGN = 20;
    static final int OVERDUE = 21;
    static final int GAP = 22;
    static final int GAP_REAL = 23;
    private static final int SIZE = 40;

    final String label;
    private final AtomicLongArray values = new AtomicLongArray(SIZE);

    PhaseCounts(String label) {
        this.label = label;
    }

    void add(int counter, long amount) {
        // Release is enough: one writer, and readers only want a value that was true.
        values.lazySet(counter, values.getPlain(counter) + amount);
    }

    void raise(int counter, long value) {
        if (value > values.getPlain(counter)) {
            values.lazySet(counter, value);
        }
    }

    long get(int counter) {
        return values.get(counter);
    }
}
