package dev.npa.shell.runtime.stack;

/**
 * Counters of the guest's network device. They never go back, whatever plugin carries the data path. Written by the
 * guest's first virtual CPU; a reader on another thread sees a recent value.
 */
public final class NicStatistics {

    /** Packets that plugins reported as sent. */
    long txPackets;
    long txBytes;
    /** Packets that plugins completed as not sent. */
    long txAborted;
    /** Packets that a failed plugin held when it was dropped: nobody knows whether they were sent. */
    long txLost;
    /** Records that were dropped because they were longer than the MTU allows, or empty. */
    long txRefused;
    long rxPackets;
    long rxBytes;
    /** Received packets that were dropped because they do not fit a slot of the workload channel. */
    long rxDropped;

    public long txPackets() {
        return txPackets;
    }

    public long txBytes() {
        return txBytes;
    }

    public long txAborted() {
        return txAborted;
    }

    public long txLost() {
        return txLost;
    }

    public long txRefused() {
        return txRefused;
    }

    public long rxPackets() {
        return rxPackets;
    }

    public long rxBytes() {
        return rxBytes;
    }

    public long rxDropped() {
        return rxDropped;
    }

    @Override
    public String toString() {
        return "sent " + txPackets + " packets, " + txBytes + " bytes, aborted " + txAborted + ", lost " + txLost
                + ", refused " + txRefused + "; received " + rxPackets + " packets, " + rxBytes + " bytes, dropped "
                + rxDropped;
    }
}
