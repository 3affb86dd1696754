package dev.npa.sim.time;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * CPU time of short pieces of work of one thread. The CPU clock costs a microsecond to read and the wall clock some
 * nanoseconds, so that short pieces are taken by the wall clock: nobody loses a processor for less than
 * {@value #DOUBTFUL_NANOS} ns. A longer piece is held against the CPU clock since it was read last.
 */
final class StepTimer {

    private static final long DOUBTFUL_NANOS = 60_000;
    private static final long FRESH_NANOS = 100_000;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    /** When both clocks were read last. */
    private long cpu;
    private long wall = Long.MIN_VALUE;
    /** Pieces since then. */
    private long measured;

    /** Begins a piece; pieces may lie inside of others. */
    long begin() {
        long now = System.nanoTime();
        if (now - FRESH_NANOS > wall) { // what happens between pieces must not be taken for the next long one's
            look(threads.getCurrentThreadCpuTime());
            now = wall;
        }
        return now;
    }

    private void look(long cpuNow) {
        cpu = cpuNow;
        wall = System.nanoTime();
        measured = 0;
    }

    /**
     * Ends a piece.
     *
     * @param begun what {@link #begin} returned
     * @return its CPU time in ns
     */
    long end(long begun) {
        long took = System.nanoTime() - begun;
        if (took < DOUBTFUL_NANOS) {
            measured += took;
            return took;
        }
        long now = threads.getCurrentThreadCpuTime();
        long used = Math.max(0, Math.min(took, now - cpu - measured));
        look(now);
        return used;
    }
}
