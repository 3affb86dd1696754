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

/** What a packet costs when every offload is in force and in use: everything, and the in-memory device by itself. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(PacketCost.PACKETS)
@Fork(2)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 100, timeUnit = TimeUnit.MILLISECONDS)
public class OffloadCost {

    /** A plugin that forwards. */
    @State(Scope.Thread)
    public static class Plugged {

        @Param({Bench.VMXNET3, Bench.NIANTIC, Bench.NIANTIC_1_1, Bench.KAWELA, Bench.BROADCOM})
        String plugin;

        @Param("32")
        int burst;

        private OffloadForward rounds;

        /** Brings the plugin up and has it compiled. */
        @Setup
        public void bringUp() {
            PacketCost.checkBurst(burst);
            rounds = new OffloadForward(Bench.withEverything(plugin));
            WarmUp.run(this::forward);
        }

        void forward() {
            for (int done = 0; done < PacketCost.PACKETS; done += burst) {
                rounds.forward(burst);
            }
        }
    }

    /** Rings that a plugin filled, to be walked again and again. */
    @State(Scope.Thread)
    public static class Filled {

        @Param({Bench.VMXNET3, Bench.NIANTIC, Bench.NIANTIC_1_1, Bench.KAWELA, Bench.BROADCOM})
        String plugin;

        @Param("32")
        int burst;

        private FakeDevice device;
        /** Packets in the transmit ring, and packets for which there are buffers in the receive ring: whole bursts. */
        private int toSend;
        private int toReceive;

        /** Lets the plugin fill both rings and has the device compiled. */
        @Setup
        public void warmUp() {
            fillRings();
            WarmUp.run(this::walk);
        }

        void fillRings() {
            PacketCost.checkBurst(burst);
            Bench bench = Bench.withEverything(plugin);
            OffloadForward rounds = new OffloadForward(bench);
            device = bench.device();
            toSend = 0;
            while (toSend < PacketCost.PACKETS && rounds.arm(burst)) {
                toSend += burst;
            }
            device.save();
            toReceive = 0;
            while (toReceive < PacketCost.PACKETS && device.receiveResults(burst) == burst) {
                toReceive += burst;
            }
            if (toSend == 0 || toReceive == 0) {
                throw new IllegalStateException("the rings of " + plugin + " do not hold a burst of " + burst);
            }
        }

        int walk() {
            int packets = 0;
            for (int done = 0; done < PacketCost.PACKETS; done += burst) {
                if (done % toReceive == 0) {
                    device.rewindReceive();
                }
                packets += device.receiveResults(burst);
                if (done % toSend == 0) {
                    device.rewindTransmit();
                }
                packets += device.transmit(burst);
            }
            if (packets != 2 * PacketCost.PACKETS) {
                throw new IllegalStateException("the device moved " + packets + " packets instead of "
                        + 2 * PacketCost.PACKETS);
            }
            return packets;
        }
    }

    @Benchmark
    public void forward(Plugged plugged) {
        plugged.forward();
    }

    /** Returns the packets received and sent. */
    @Benchmark
    public int device(Filled rings) {
        return rings.walk();
    }
}
