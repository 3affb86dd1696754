package dev.npa.sim.time;

import dev.npa.hw.Steppable;

/** A part of the simulation that a scheduler gives time to. */
public interface Component extends Steppable {

    /** {@link #nextEvent()} of a component that waits for others only. */
    long NEVER = Long.MAX_VALUE;

    /** Name, unique within a simulation, as {@code host0/nic0}. */
    String name();

    /**
     * Machine time in nanoseconds at which this component has work even if nobody else does anything: a frame arrives,
     * a throttle expires, a source sends. A value in the past means now; {@link #NEVER} means no such time. A scheduler
     * with a virtual clock moves it there when all components are idle.
     */
    long nextEvent();

    /**
     * What stands still as a whole while one of its components stalls on {@link Scheduler#yieldingClock()}: components
     * that answer the same object are not run during each other's stalls. A machine's CPUs share locks, which on one
     * thread would not keep them apart.
     */
    default Object stallDomain() {
        return this;
    }
}
