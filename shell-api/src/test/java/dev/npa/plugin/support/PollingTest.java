package dev.npa.plugin.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PollingTest {

    private final List<Long> stalls = new ArrayList<>();
    private long now;

    private final Clock clock = new Clock() {
        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void stall(long nanos) {
            stalls.add(nanos);
            now += nanos;
        }
    };

    @Test
    void stallsGrowUpToABound() {
        assertTrue(Polling.await(clock, 10_000_000, () -> now >= 500_000));
        assertEquals(List.of(10_000L, 20_000L, 40_000L, 80_000L, 160_000L, 200_000L), stalls);
    }

    @Test
    void theDeadlineEndsTheWait() {
        assertFalse(Polling.await(clock, 100_000, () -> false));
        assertEquals(150_000, now, "the stall under way is not cut");
    }

    @Test
    void whatHasHappenedIsSeenEvenAfterTheDeadline() {
        now = 5;
        assertTrue(Polling.await(clock, 0, () -> true));
        assertTrue(stalls.isEmpty());
    }
}
