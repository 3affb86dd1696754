package dev.npa.shell.runtime.netdev;

import dev.npa.hw.LinkState;

/**
 * What the network device tells the operating system. Called on the guest's first virtual CPU, from within
 * {@code run} or from within a call of {@link NetDevice}; an implementation takes a note and does the work later.
 */
public interface DeviceEvents {

    /**
     * A queue has received packets or completions, or may have: poll it with {@link NetDevice#reclaim} and
     * {@link NetDevice#receive}, then call {@link NetDevice#enableInterrupt}.
     */
    void interrupt(int queue);

    /** Transmit stops, for a switchover: until {@link #transmitReady} nothing is taken. */
    void transmitStopped();

    /** Transmit on this queue is worth another try. */
    void transmitReady(int queue);

    /** State or speed of the link changed. */
    void linkChanged(LinkState link);
}
