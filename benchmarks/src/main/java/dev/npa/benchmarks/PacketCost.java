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

/** What a packet costs in plugin, shell and in-memory device. An operation is a packet. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(PacketCost.PACKETS)
@Fork(2)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
public class PacketCost {

    /** Packets of a call: whole bursts of any power of two up to it, and fewer than a ring has descriptors. */
    static final int PACKETS = 256;

    @Param({Bench.VMXNET3, Bench.NIANTIC, Bench.NIANTIC_1_1, Bench.KAWELA, Bench.BROADCOM})
    String plugin;

    @Param("32")
    int burst;

    private Rounds rounds;

    /** Brings the plugin up and has it compiled. */
    @Setup
    public void bringUp(BenchmarkParams params) {
        checkBurst(burst);
        rounds = new Rounds(Bench.forBursts(plugin, burst));
        String method = WarmUp.method(params);
        WarmUp.run(method.equals("tx") ? this::tx : method.equals("rx") ? this::rx : this::forward);
    }

    static void checkBurst(int burst) {
        if (burst < 1 || burst > PACKETS || PACKETS % burst != 0) {
            throw new IllegalArgumentException("burst " + burst + " does not divide " + PACKETS
                    + ", the packets of a call; use 1, 8, 32, 128 or 256");
        }
    }

    @Benchmark
    public void tx() {
        for (int done = 0; done < PACKETS; done += burst) {
            rounds.tx(burst);
        }
    }

    @Benchmark
    public void rx() {
        for (int done = 0; done < PACKETS; done += burst) {
            rounds.rx(burst);
        }
    }

    @Benchmark
    public void forward() {
        for (int done = 0; done < PACKETS; done += burst) {
            rounds.forward(burst);
        }
    }
}
