package dev.npa.shell.runtime.netdev;

/**
 * Counters of one queue pair as the operating system uses it. Written on the guest's first virtual CPU, never go back;
 * a reader on another thread sees a recent value. A packet with TSO, and a merged one, is one packet.
 */
public final class QueueStatistics {

    /** What is counted. */
    public enum Counter {
        /** Packets sent. */
        TX_PACKETS,
        /** Bytes of these packets, without FCS. */
        TX_BYTES,
        /** Packets completed as not sent. */
        TX_ABORTED,
        /** Packets that a failed plugin held: nobody knows whether they were sent. */
        TX_LOST,
        /** Packets refused: longer than the MTU allows, too short, or with a request that makes no sense. */
        TX_REFUSED,
        /** Packets whose requests were met in software, wholly or in part. */
        TX_SOFTWARE,
        /** Packets that software made of them. */
        TX_SOFTWARE_PIECES,
        /** Calls of transmit that took less than they were offered. */
        TX_BUSY,
        /** Packets received. */
        RX_PACKETS,
        /** Bytes of these packets, without FCS, after merging and stripping. */
        RX_BYTES,
        /** Packets among them that were hashed, stripped or steered in software. */
        RX_SOFTWARE,
        /** Group frames dropped because the old path of a switchover had delivered them already. */
        RX_DROPPED_DUPLICATES,
        /** Frames of the guest's own dropped that a flooding network sent back during a switchover. */
        RX_DROPPED_ECHOES,
        /** Packets that the operating system dropped, by {@link QueueStatistics#add}. */
        RX_DROPPED_OS
    }

    private static final int COUNT = Counter.values().length;

    private final long[] values = new long[COUNT];

    /** Adds; on the guest's first virtual CPU only. */
    public void add(Counter counter, long amount) {
        values[counter.ordinal()] += amount;
    }

    public long get(Counter counter) {
        return values[counter.ordinal()];
    }
}
