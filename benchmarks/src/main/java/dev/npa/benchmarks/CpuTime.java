package dev.npa.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * A JMH profiler: CPU time and allocation of the measuring thread for each operation. Unlike elapsed time CPU time does
 * not grow when another program has the CPU.
 */
public final class CpuTime implements InternalProfiler {

    /** Name of the result in ns of CPU time for each operation. */
    public static final String TIME = "cpu.time.norm";
    /** Name of the result in bytes allocated for each operation. */
    public static final String ALLOCATION = "cpu.alloc.norm";

    private static final String WORKER = "-jmh-worker-";

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long nanosBefore;
    private long bytesBefore;

    @Override
    public String getDescription() {
        return "CPU time and allocation of the measuring thread for each operation";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        long[] workers = workers();
        bytesBefore = bytes(workers);
        nanosBefore = nanos(workers);
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(BenchmarkParams benchmark, IterationParams iteration,
            IterationResult result) {
        long operations = result.getMetadata().getAllOps();
        if (operations == 0) {
            return List.of();
        }
        long[] workers = workers();
        double nanos = (double) (nanos(workers) - nanosBefore) / operations;
        double bytes = (double) (bytes(workers) - bytesBefore) / operations;
        return List.of(new ScalarResult(TIME, nanos, "ns/op", AggregationPolicy.AVG),
                new ScalarResult(ALLOCATION, bytes, "B/op", AggregationPolicy.AVG));
    }

    /** JMH's measuring threads, which live as long as the fork. */
    private long[] workers() {
        long[] ids = threads.getAllThreadIds();
        int count = 0;
        for (ThreadInfo thread : threads.getThreadInfo(ids)) {
            if (thread != null && thread.getThreadName().contains(WORKER)) {
                ids[count++] = thread.getThreadId();
            }
        }
        return Arrays.copyOf(ids, count);
    }

    private long nanos(long[] workers) {
        long nanos = 0;
        for (long id : workers) {
            nanos += Math.max(0, threads.getThreadCpuTime(id));
        }
        return nanos;
    }

    private long bytes(long[] workers) {
        long bytes = 0;
        for (long id : workers) {
            bytes += Math.max(0, threads.getThreadAllocatedBytes(id));
        }
        return bytes;
    }
}
