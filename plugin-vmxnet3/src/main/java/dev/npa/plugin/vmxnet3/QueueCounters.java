package dev.npa.plugin.vmxnet3;

import dev.npa.plugin.QueueCounter;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counters of one queue: one writer (the queue's caller), readers on any thread. */
final class QueueCounters {

    private static final int COUNT = QueueCounter.values().length;

    private final AtomicLongArray values = new AtomicLongArray(COUNT);

    /** Adds; a plain load and an ordered store, since nobody else writes. */
    void add(QueueCounter counter, long amount) {
        int i = counter.ordinal();
        values.lazySet(i, values.getPlain(i) + amount);
    }

    long get(QueueCounter counter) {
        return values.get(counter.ordinal());
    }
}
