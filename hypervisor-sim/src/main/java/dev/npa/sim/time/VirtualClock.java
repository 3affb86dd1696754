package dev.npa.sim.time;

import dev.npa.hw.Clock;
import java.util.concurrent.atomic.AtomicLong;

/** Machine time that passes only when a scheduler, or a CPU that stalls, says so. Starts at 0 and never goes back. */
public final class VirtualClock implements Clock {

    private final AtomicLong nanos = new AtomicLong();

    @Override
    public long nanos() {
        return nanos.get();
    }

    /** Lets the time pass at once: the calling CPU burns it. */
    @Override
    public void stall(long duration) {
        advance(duration);
    }

    /** Moves the clock on by {@code duration} nanoseconds. */
    void advance(long duration) {
        if (duration < 0) {
            throw new IllegalArgumentException("time does not go back: " + duration + " ns");
        }
        nanos.addAndGet(duration);
    }

    /** Moves the clock on to {@code time}; an earlier time changes nothing. */
    void moveTo(long time) {
        nanos.accumulateAndGet(time, Math::max);
    }
}
