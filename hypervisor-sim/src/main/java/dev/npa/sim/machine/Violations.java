package dev.npa.sim.machine;

import java.util.ArrayList;
import java.util.List;

/**
 * What software or a device did that hardware forbids: unknown registers, DMA outside the IOMMU domain, malformed
 * descriptors, spoofed frames. A run without violations is part of every scenario's expectation. Thread-safe; keeps the
 * first {@link #KEPT} texts and counts all.
 */
public final class Violations {

    /** How many are kept in full. */
    public static final int KEPT = 1000;

    /**
     * One violation.
     *
     * @param nanos machine time
     * @param where device and function, as {@code nic0/vf3}
     * @param what one sentence: register, address or descriptor, and the rule or section it breaks
     */
    public record Violation(long nanos, String where, String what) {
        @Override
        public String toString() {
            return nanos + " ns " + where + ": " + what;
        }
    }

    private final List<Violation> kept = new ArrayList<>();
    private final java.util.function.LongSupplier clock;
    private long count;

    public Violations(java.util.function.LongSupplier nanos) {
        this.clock = nanos;
    }

    public synchronized void record(String where, String what) {
        count++;
        if (kept.size() < KEPT) {
            kept.add(new Violation(clock.getAsLong(), where, what));
        }
    }

    public synchronized long count() {
        return count;
    }

    public synchronized List<Violation> list() {
        return List.copyOf(kept);
    }
}
