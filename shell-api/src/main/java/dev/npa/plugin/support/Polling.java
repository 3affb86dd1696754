package dev.npa.plugin.support;

import dev.npa.hw.Clock;
import java.util.function.BooleanSupplier;

/** Waiting for a device or a PF driver in a control call. */
public final class Polling {

    /** Stalls double up to one that is long enough for a shell to let others run, the PF driver among them. */
    private static final long FIRST_NANOS = 10_000;
    private static final long LAST_NANOS = 200_000;

    private Polling() {}

    /**
     * Looks until something has happened or the clock shows {@code deadline}; looks once at least.
     *
     * @param deadline in nanoseconds of the clock
     * @return whether it has happened
     */
    public static boolean await(Clock clock, long deadline, BooleanSupplier happened) {
        long stall = FIRST_NANOS;
        while (!happened.getAsBoolean()) {
            if (clock.nanos() >= deadline) {
                return false;
            }
            clock.stall(stall);
            stall = Math.min(LAST_NANOS, 2 * stall);
        }
        return true;
    }
}
