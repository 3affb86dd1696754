package dev.npa.sim.nic.intel;

/** The interrupt logic as engines and the device's turn to run use it. Under the device's lock. */
public interface Causes {

    /** A receive or transmit descriptor with an interrupt was written back. Sent by the next {@link #deliver}. */
    void queueEvent(int queue, boolean transmit);

    /** The link went up or down. */
    void linkChanged();

    /** Sends what is due. */
    void deliver();

    /** Looks again at causes whose throttle has expired. */
    void tick(long now);

    /** When the next throttle with a waiting cause expires. */
    long nextEvent();
}
