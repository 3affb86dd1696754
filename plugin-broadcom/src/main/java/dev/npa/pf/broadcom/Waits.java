package dev.npa.pf.broadcom;

import dev.npa.hw.Clock;
import java.util.function.BooleanSupplier;

/**
 * Waits for the device. It answers within microseconds, unless its engine has to wait for a CPU that busy guests hold:
 * so stalls double, from short ones to ones that are long enough to give a CPU up.
 */
final class Waits {

    /** The bound, for messages. */
    static final String LIMIT = "200 ms";

    private static final long LIMIT_NANOS = 200_000_000;
    private static final long FIRST_NANOS = 1_000;
    private static final long LAST_NANOS = 200_000;

    private Waits() {}

    /** Polls until {@code done}, at least once; false if it is not within the bound. */
    static boolean until(Clock clock, BooleanSupplier done) {
        long deadline = clock.nanos() + LIMIT_NANOS;
        long stall = FIRST_NANOS;
        while (!done.getAsBoolean()) {
            if (clock.nanos() >= deadline) {
                return false;
            }
            clock.stall(stall);
            stall = Math.min(LAST_NANOS, 2 * stall);
        }
        return true;
    }
}
