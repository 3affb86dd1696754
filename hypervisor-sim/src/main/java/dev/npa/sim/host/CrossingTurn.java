package dev.npa.sim.host;

import dev.npa.hw.MacAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the switchovers between NICs of a simulation share: one at a time is under way, and each marker has a number of
 * its own. Any thread.
 *
 * <p>Why one at a time: between the opening of the new carrier and the cut, frames for the VM wait in the new carrier,
 * and when it is full its NIC waits. Two switchovers in opposite directions would each wait for a marker that stands
 * behind such frames of the other.
 */
final class CrossingTurn {

    /** Probe addresses are 02:4E:50:42:xx:xx ("NPB"), locally administered. */
    private static final long FIRST_PROBE = 0x024E_5042_0001L;

    private final AtomicReference<Object> holder = new AtomicReference<>();
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicInteger probes = new AtomicInteger();

    /** Takes the turn unless somebody else has it. */
    boolean take(Object who) {
        return holder.get() == who || holder.compareAndSet(null, who);
    }

    /** Gives it back; does nothing if {@code who} does not have it. */
    void give(Object who) {
        holder.compareAndSet(who, null);
    }

    /** Number of a new marker, from 1. */
    long nextSequence() {
        return sequence.incrementAndGet();
    }

    /** A probe address for a NIC. */
    MacAddress nextProbe() {
        return new MacAddress(FIRST_PROBE + probes.getAndIncrement());
    }
}
