package dev.npa.pf.broadcom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Waits for a device whose engine may have to wait for a CPU. */
class WaitsTest {

    private static final class Stalls implements Clock {
        final List<Long> stalls = new ArrayList<>();
        private long now = 5;

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void stall(long nanos) {
            stalls.add(nanos);
            now += nanos;
        }
    }

    private final Stalls clock = new Stalls();

    @Test
    void whatIsDoneIsNotWaitedFor() {
        assertTrue(Waits.until(clock, () -> true));
        assertEquals(List.of(), clock.stalls);
    }

    @Test
    void stallsDoubleUntilTheyGiveTheCpuUp() {
        assertTrue(Waits.until(clock, () -> clock.nanos() > 1_000_000));
        assertEquals(List.of(1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 64_000L, 128_000L, 200_000L),
                clock.stalls.subList(0, 9));
        assertEquals(200_000L, clock.stalls.get(10));
    }

    @Test
    void aDeviceThatIsLateByTwentyMillisecondsIsNotGivenUpAndASilentOneIs() {
        assertTrue(Waits.until(clock, () -> clock.nanos() > 150_000_000));
        long before = clock.nanos();
        assertFalse(Waits.until(clock, () -> false));
        assertTrue(clock.nanos() - before >= 200_000_000 && clock.nanos() - before < 201_000_000);
    }
}
