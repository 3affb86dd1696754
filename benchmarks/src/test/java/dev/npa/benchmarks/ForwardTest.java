package dev.npa.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.benchmarks.device.FakeDevice;
import dev.npa.shell.runtime.memory.PacketPool;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is measured really happens: frames arrive, are changed and leave, byte for byte and in their order. */
class ForwardTest {

    private static final long SEED = 82599;
    /** Several laps of rings of 512, and of 544 completions. */
    private static final int FRAMES = 2304;

    static Stream<Arguments> pluginsAndBursts() {
        return Bench.PLUGINS.stream().flatMap(p -> Stream.of(1, 8, 32, 128).map(b -> Arguments.of(p, b)));
    }

    static Stream<String> plugins() {
        return Bench.PLUGINS.stream();
    }

    @ParameterizedTest
    @MethodSource("pluginsAndBursts")
    void framesLeaveAsTheyCameButForTheTouchedBytes(String plugin, int burst) {
        Bench bench = new Bench(plugin);
        Rounds rounds = new Rounds(bench);
        FakeDevice device = bench.device();
        Random random = new Random(SEED);
        for (int done = 0; done < FRAMES; done += burst) {
            byte[][] frames = new byte[burst][FakeDevice.FRAME];
            assertEquals(burst, device.receive(burst));
            for (int i = 0; i < burst; i++) {
                random.nextBytes(frames[i]);
                bench.memory().copyFrom(device.filledAddress(i), frames[i], 0, FakeDevice.FRAME);
            }
            rounds.pass(burst);
            for (int i = 0; i < burst; i++) {
                assertEquals(FakeDevice.FRAME, device.sentLength(i));
                byte[] sent = new byte[FakeDevice.FRAME];
                bench.memory().copyTo(device.sentAddress(i), sent, 0, sent.length);
                assertArrayEquals(touched(frames[i]), sent, "frame " + (done + i) + ", seed " + SEED);
            }
        }
        assertEquals(FRAMES, bench.packets());
        assertEquals(0, bench.close(), "buffers that did not come back");
    }

    private static byte[] touched(byte[] frame) {
        byte[] changed = frame.clone();
        ByteBuffer view = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        view.putLong(0, Rounds.touched(view.getLong(0)));
        return changed;
    }

    @ParameterizedTest
    @MethodSource("plugins")
    void framesOfTheTransmitLoopReachTheDeviceInTheirBuffers(String plugin) {
        Bench bench = new Bench(plugin);
        Rounds rounds = new Rounds(bench);
        for (int done = 0; done < FRAMES; done += 32) {
            rounds.tx(32);
            for (int i = 0; i < 32; i++) {
                assertEquals(FakeDevice.FRAME, bench.device().sentLength(i));
                long offset = bench.device().sentAddress(i) - bench.pool().address(0);
                assertEquals(0, offset % PacketPool.STRIDE, "a buffer begins where a frame does");
                assertTrue(offset >= 0 && offset / PacketPool.STRIDE < bench.pool().size());
            }
        }
        assertEquals(FRAMES, bench.packets());
        assertEquals(0, bench.close(), "buffers that did not come back");
    }

    @ParameterizedTest
    @MethodSource("plugins")
    void receivedFramesGiveTheirBuffersBackToTheRing(String plugin) {
        Bench bench = new Bench(plugin);
        Rounds rounds = new Rounds(bench);
        int free = bench.pool().available();
        for (int done = 0; done < FRAMES; done += 32) {
            rounds.rx(32);
        }
        assertEquals(free, bench.pool().available());
        assertEquals(FRAMES, bench.packets());
        assertEquals(0, bench.close(), "buffers that did not come back");
    }

    @ParameterizedTest
    @MethodSource("plugins")
    void aRoundThatMovesNothingThrows(String plugin) {
        Bench bench = new Bench(plugin);
        Rounds rounds = new Rounds(bench);
        assertThrows(IllegalStateException.class, () -> rounds.pass(32), "nothing was received before");
    }

    @ParameterizedTest
    @MethodSource("plugins")
    void theDeviceAloneWalksTheSameRingsAgainAndAgain(String plugin) {
        DeviceOnly only = new DeviceOnly();
        only.plugin = plugin;
        only.burst = 32;
        only.fillRings();
        for (int i = 0; i < 5; i++) {
            assertEquals(PacketCost.PACKETS, only.tx());
            assertEquals(PacketCost.PACKETS, only.rx());
        }
    }
}
