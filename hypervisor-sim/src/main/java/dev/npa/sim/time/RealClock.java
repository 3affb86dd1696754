package dev.npa.sim.time;

import dev.npa.hw.Clock;
import java.util.concurrent.locks.LockSupport;

/** Machine time that passes as real time does, from this object's creation on. */
public final class RealClock implements Clock {

    /** A timed park returns some 60 us late; shorter stalls spin. */
    private static final long SPIN_BELOW_NANOS = 100_000;

    private final long origin = System.nanoTime();

    @Override
    public long nanos() {
        return System.nanoTime() - origin;
    }

    @Override
    public void stall(long duration) {
        if (duration < 0) {
            throw new IllegalArgumentException("time does not go back: " + duration + " ns");
        }
        long end = nanos() + duration;
        for (long left = duration; left > 0; left = end - nanos()) {
            if (left > SPIN_BELOW_NANOS) {
                LockSupport.parkNanos(left - SPIN_BELOW_NANOS / 2);
            } else {
                Thread.onSpinWait();
            }
        }
    }
}
