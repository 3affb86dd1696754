package dev.npa.hw;

import org.osgi.annotation.versioning.ProviderType;

/** The machine's clock: virtual time under a seeded scheduler, real time under a threaded one. Thread-safe. */
@ProviderType
public interface Clock {

    /** Monotonic nanoseconds since the machine's start. */
    long nanos();

    /**
     * Lets {@code nanos} pass on the calling CPU without giving it up, as a calibrated delay loop does. For bounded
     * waits on hardware, never on a data path.
     */
    void stall(long nanos);
}
