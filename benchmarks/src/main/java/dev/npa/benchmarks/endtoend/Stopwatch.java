package dev.npa.benchmarks.endtoend;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * Splits the CPU time of one thread among stages. Reading a thread's CPU clock takes more than a microsecond, so each
 * stage is timed by the wall clock, less what a reading of that clock takes, and its share of all stages is applied to
 * the CPU time of the whole window. A lap in which the thread was taken off the CPU shows as a very long one and counts
 * for no stage.
 */
final class Stopwatch {

    private static final long INTERRUPTED = 500_000;
    private static final int READINGS = 1 << 16;
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long[] nanos = new long[Stage.COUNT];
    private final long[] laps = new long[Stage.COUNT];
    private int stage;
    private long last;
    private long cpuBegin;
    private long cpu;
    private long allocatedBegin;
    private long allocated;
    private double reading;

    void begin(Stage first) {
        reading = reading();
        Arrays.fill(nanos, 0);
        Arrays.fill(laps, 0);
        stage = first.ordinal();
        allocatedBegin = THREADS.getCurrentThreadAllocatedBytes();
        cpuBegin = THREADS.getCurrentThreadCpuTime();
        last = System.nanoTime();
    }

    /** What a reading of the clock takes now, the best of several runs of some. */
    private static double reading() {
        long best = Long.MAX_VALUE;
        for (int run = 0; run < 4; run++) {
            long begin = System.nanoTime();
            long now = begin;
            for (int i = 0; i < READINGS / 16; i++) {
                now = System.nanoTime();
            }
            best = Math.min(best, now - begin);
        }
        return best / (READINGS / 16.0);
    }

    /**
     * Begins another stage.
     *
     * @return the stage that ends, to be passed to {@link #back}
     */
    int enter(Stage next) {
        int before = stage;
        back(next.ordinal());
        return before;
    }

    /** Goes back to the stage that {@link #enter} returned. */
    void back(int before) {
        long now = System.nanoTime();
        long lap = now - last;
        last = now;
        if (lap < INTERRUPTED) {
            nanos[stage] += lap;
            laps[stage]++;
        }
        stage = before;
    }

    /** Whether the thread has had so much CPU time since {@link #begin}; takes a microsecond to find out. */
    boolean hasRun(int millis) {
        return THREADS.getCurrentThreadCpuTime() - cpuBegin >= millis * 1_000_000L;
    }

    void end() {
        back(stage);
        cpu = THREADS.getCurrentThreadCpuTime() - cpuBegin;
        allocated = THREADS.getCurrentThreadAllocatedBytes() - allocatedBegin;
    }

    /** CPU time from begin to end, readings included. */
    long cpuNanos() {
        return cpu;
    }

    /** CPU time of a stage. */
    double cpuNanos(Stage of) {
        double all = 0;
        for (long n : nanos) {
            all += n;
        }
        double own = nanos[of.ordinal()] - reading * laps[of.ordinal()];
        return all == 0 ? 0 : cpu * Math.max(0, own) / all;
    }

    /** Heap bytes that the thread allocated from begin to end. */
    long allocatedBytes() {
        return allocated;
    }
}
