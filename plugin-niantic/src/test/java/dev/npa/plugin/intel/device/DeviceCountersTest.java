package dev.npa.plugin.intel.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.DeviceCounter;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 11.03 while the device counts on between any two reads of its registers. */
class DeviceCountersTest {

    private static final int FRAMES = 0x1C;
    private static final int OCTETS = 0x20;
    private static final int FCS = 4;

    /** A busy device: maybe a frame before each read. */
    private static final class Busy implements RegisterWindow {
        private final Random random;
        private final long mask;
        private long frames;
        private long octets;
        private boolean still;

        Busy(long seed, int bits, long octets) {
            random = new Random(seed);
            mask = (1L << bits) - 1;
            this.octets = octets;
            frames = 0xFFFF_FFF0L;
        }

        @Override
        public int length() {
            return 0x100;
        }

        @Override
        public int read32(int offset) {
            if (!still && random.nextInt(3) == 0) {
                frames++;
                octets += 64 + random.nextInt(1_455);
            }
            return switch (offset) {
                case FRAMES -> (int) frames;
                case OCTETS -> (int) octets;
                case OCTETS + 4 -> (int) ((octets & mask) >>> 32);
                default -> 0;
            };
        }

        @Override
        public void write32(int offset, int value) {
            throw new IllegalStateException("counters are read-only");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 36})
    void bytesNeverGoBackAndNeverRunAhead(int bits) {
        for (long seed = 0; seed < 300; seed++) {
            long near = (bits == 36 && seed % 2 == 0 ? 1L << 36 : 1L << 32) - 5_000; // wraps, or carries
            Busy device = new Busy(seed, bits, near);
            device.still = true;
            DeviceCounters counters = new DeviceCounters(device, new CounterRegisters(FRAMES, OCTETS, 0x34, 0x40, 0x44,
                    bits));
            long firstFrames = device.frames;
            device.still = false;
            long last = 0;
            for (int i = 0; i < 100; i++) {
                long now = counters.read(DeviceCounter.RX_BYTES);
                long truth = device.octets - near - FCS * (device.frames - firstFrames);
                long before = last;
                assertTrue(now >= before, "seed " + seed + ": from " + before + " back to " + now);
                assertTrue(now <= truth, "seed " + seed + ": " + now + " of " + truth);
                last = now;
            }
            device.still = true;
            assertEquals(device.octets - near - FCS * (device.frames - firstFrames),
                    counters.read(DeviceCounter.RX_BYTES), "seed " + seed);
            assertEquals(device.frames - firstFrames, counters.read(DeviceCounter.RX_FRAMES), "seed " + seed);
        }
    }
}
