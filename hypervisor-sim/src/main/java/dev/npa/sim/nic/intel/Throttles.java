package dev.npa.sim.nic.intel;

import dev.npa.sim.time.Component;
import java.util.Arrays;

/** The counters behind the EITR registers: when each vector may send its next message. Under the device's lock. */
public final class Throttles {

    private final long[] notBefore;
    private long nextExpiry = Component.NEVER;

    public Throttles(int count) {
        notBefore = new long[count];
    }

    /**
     * Asks for a message of a vector now.
     *
     * @param interval nanoseconds to the next message if this one may go
     * @return true if the message has to wait; {@link #nextExpiry} says for how long
     */
    public boolean waits(int vector, long now, long interval) {
        if (now < notBefore[vector]) {
            nextExpiry = Math.min(nextExpiry, notBefore[vector]);
            return true;
        }
        notBefore[vector] = now + interval;
        return false;
    }

    /** Nanoseconds until a vector may send. */
    public long left(int vector, long now) {
        return Math.max(0, notBefore[vector] - now);
    }

    /** Sets a counter: no message before this time. */
    public void set(int vector, long at) {
        notBefore[vector] = at;
    }

    /** Whether a throttle with a waiting cause has expired; asks once. */
    public boolean expired(long now) {
        if (now < nextExpiry) {
            return false;
        }
        nextExpiry = Component.NEVER;
        return true;
    }

    /** When the next throttle with a waiting cause expires, or {@link Component#NEVER}. */
    public long nextExpiry() {
        return nextExpiry;
    }

    /** All counters to zero, nobody waits. */
    public void reset() {
        Arrays.fill(notBefore, 0);
        nextExpiry = Component.NEVER;
    }
}
