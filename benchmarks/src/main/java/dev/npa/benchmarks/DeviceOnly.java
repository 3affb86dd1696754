package dev.npa.benchmarks;

import dev.npa.benchmarks.device.FakeDevice;
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

/**
 * What the in-memory device costs by itself, to be subtracted from {@link PacketCost}. Rings that a real plugin filled
 * are walked again and again. Putting them back sets positions, and for receive on the Intel devices copies 8 KiB for
 * {@value PacketCost#PACKETS} packets.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(PacketCost.PACKETS)
@Fork(2)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
public class DeviceOnly {

    @Param({Bench.VMXNET3, Bench.NIANTIC, Bench.NIANTIC_1_1, Bench.KAWELA, Bench.BROADCOM})
    String plugin;

    @Param("32")
    int burst;

    private FakeDevice device;
    /** Frames in the transmit ring, whole bursts. */
    private int armed;

    /** Lets the plugin fill both rings and has the device compiled. */
    @Setup
    public void warmUp(BenchmarkParams params) {
        fillRings();
        String method = WarmUp.method(params);
        WarmUp.run(method.equals("tx") ? this::tx : method.equals("rx") ? this::rx : this::forward);
    }

    void fillRings() {
        PacketCost.checkBurst(burst);
        Bench bench = Bench.forBursts(plugin, burst);
        Rounds rounds = new Rounds(bench);
        armed = 0;
        while (armed < PacketCost.PACKETS && rounds.arm(burst) == burst) {
            armed += burst;
        }
        device = bench.device();
        device.save();
    }

    /** Returns the frames taken. */
    @Benchmark
    public int tx() {
        int frames = 0;
        for (int done = 0; done < PacketCost.PACKETS; done += burst) {
            if (done % armed == 0) {
                device.rewindTransmit(); // a ring with several descriptors a frame holds fewer frames
            }
            frames += device.transmit(burst);
        }
        return check(frames);
    }

    /** Returns the frames received. */
    @Benchmark
    public int rx() {
        device.rewindReceive();
        int frames = 0;
        for (int done = 0; done < PacketCost.PACKETS; done += burst) {
            frames += device.receive(burst);
        }
        return check(frames);
    }

    /** Both by turns, as when frames are forwarded; returns the frames received and taken. */
    @Benchmark
    public int forward() {
        device.rewindReceive();
        int received = 0;
        int sent = 0;
        for (int done = 0; done < PacketCost.PACKETS; done += burst) {
            received += device.receive(burst);
            if (done % armed == 0) {
                device.rewindTransmit();
            }
            sent += device.transmit(burst);
        }
        return check(received) + check(sent);
    }

    private static int check(int frames) {
        if (frames != PacketCost.PACKETS) {
            throw new IllegalStateException("the device moved " + frames + " of " + PacketCost.PACKETS + " frames");
        }
        return frames;
    }
}
