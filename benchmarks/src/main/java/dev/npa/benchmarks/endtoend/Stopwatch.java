package dev.npa.benchmarks.endtoend;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * Splits the CPU time of one thread among stages. Reading a thread's CPU clock takes more than a microsecond, so each
 * stage is timed by the wall clock, and its share of all stages is applied to the CPU time of the whole window. A lap in
 * which the thread was taken off the CPU shows as a lap of a millisecond or more and counts for no stage.
 */
final class Stopwatch {

    private static final long INTERRUPTED = 500_000;
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final long[] nanos;
    private long last;
    private long cpuBegin;
    private long cpu;
    private long allocatedBegin;
    private long allocated;

    Stopwatch(int stages) {
        nanos = new long[stages];
    }

    void begin() {
        Arrays.fill(nanos, 0);
        allocatedBegin = THREADS.getCurrentThreadAllocatedBytes();
        cpuBegin = THREADS.getCurrentThreadCpuTime();
        last = System.nanoTime();
    }

    /** What was done since the last lap belongs to a stage. */
    void lap(int stage) {
        long now = System.nanoTime();
        long lap = now - last;
        last = now;
        if (lap < INTERRUPTED) {
            nanos[stage] += lap;
        }
    }

    void end() {
        cpu = THREADS.getCurrentThreadCpuTime() - cpuBegin;
        allocated = THREADS.getCurrentThreadAllocatedBytes() - allocatedBegin;
    }

    /** CPU time from begin to end. */
    long cpuNanos() {
        return cpu;
    }

    /** CPU time of a stage. */
    double cpuNanos(int stage) {
        long all = 0;
        for (long n : nanos) {
            all += n;
        }
        return all == 0 ? 0 : (double) cpu * nanos[stage] / all;
    }

    /** Heap bytes that the thread allocated from begin to end. */
    long allocatedBytes() {
        return allocated;
    }
}
