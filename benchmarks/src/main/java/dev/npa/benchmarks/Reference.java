package dev.npa.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.BenchmarkParams;

/** The yardstick: what a packet costs in {@link MinimalDriver}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(PacketCost.PACKETS)
@Fork(2)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
public class Reference {

    @Param("32")
    int burst;

    private MinimalDriver driver;

    /** Makes the driver and has it compiled. */
    @Setup
    public void make(BenchmarkParams params) {
        PacketCost.checkBurst(burst);
        driver = new MinimalDriver();
        String method = WarmUp.method(params);
        WarmUp.run(method.equals("tx") ? this::tx : method.equals("rx") ? this::rx : this::forward);
    }

    /** Returns what was read, so that nothing is optimised away. */
    @Benchmark
    public long tx() {
        long seen = 0;
        for (int done = 0; done < PacketCost.PACKETS; done += burst) {
            seen += driver.tx(burst);
        }
        return seen;
    }

    /** Returns what was read. */
    @Benchmark
    public long rx() {
        long seen = 0;
        for (int done = 0; done < PacketCost.PACKETS; done += burst) {
            seen += driver.rx(burst);
        }
        return seen;
    }

    /** Returns what was read. */
    @Benchmark
    public long forward() {
        long seen = 0;
        for (int done = 0; done < PacketCost.PACKETS; done += burst) {
            seen += driver.forward(burst);
        }
        return seen;
    }
}
