package dev.npa.plugin.support;

import dev.npa.plugin.TxQueue;

/**
 * The packets that a transmit ring took and has not reported to the shell, as runs: neighbours that the device reports
 * together, because only the last asks it to, and that share one fate. First in, first out.
 *
 * <p>A run bears a <em>mark</em> of the ring's own, such as its last descriptor. The ring asks for the {@link #mark} of
 * the oldest run that the device has not reported, and calls {@link #report} when it finds it done; refused packets
 * need no device and are passed over. {@link #take} is {@link TxQueue#reclaim}.
 *
 * <p>Ends of runs count to {@link QueueCounts#packets} and {@link QueueCounts#bytes} when the device reports them.
 */
public final class TxRuns {

    /** Answer of {@link #mark}: the device has reported everything. */
    public static final int NONE = -1;

    private static final int REFUSED = -2;
    private static final int ABORTED = -3;
    private static final int SENT = -4;

    private final QueueCounts counts;
    private final int[] packets;
    private final int[] marks;
    private final long[] bytes;
    // Free-running positions; an index is a position masked by a column's length, which costs no check of bounds.
    private int head;
    private int reported;
    private int tail;
    private int outstanding;

    /**
     * Creates an empty queue of runs.
     *
     * @param runs how many must fit; as many as the ring has descriptors always suffice for what the device holds
     * @param counts where sent and refused packets are counted
     */
    public TxRuns(int runs, QueueCounts counts) {
        int capacity = Integer.highestOneBit(Math.max(2, runs) * 2 - 1);
        this.counts = counts;
        packets = new int[capacity];
        marks = new int[capacity];
        bytes = new long[capacity];
    }

    /** Runs that can be added. */
    public int room() {
        return packets.length - (tail - head);
    }

    /** Packets taken and not yet returned by {@link #take}. */
    public int outstanding() {
        return outstanding;
    }

    /**
     * Adds a run that the device was given; there must be room.
     *
     * @param count packets, at least 1
     * @param size their bytes
     * @param mark what {@link #mark} returns for this run, 0 or more
     */
    public void add(int count, long size, int mark) {
        int i = tail++ & packets.length - 1;
        packets[i] = count;
        marks[i & marks.length - 1] = mark;
        bytes[i & bytes.length - 1] = size;
        outstanding += count;
    }

    /** Adds a packet that broke a limit; there must be room. It is reported as not sent when its turn comes. */
    public void addRefused() {
        add(1, 0, REFUSED);
        counts.refused++;
    }

    /** Mark of the oldest run that the device holds; {@link #NONE} if there is no such run. */
    public int mark() {
        while (reported != tail) {
            int mark = marks[reported & marks.length - 1];
            if (mark != REFUSED) {
                return mark;
            }
            reported++;
        }
        return NONE;
    }

    /** Packets of the run whose {@link #mark} was asked for. */
    public int packets() {
        return packets[reported & packets.length - 1];
    }

    /** The device has sent the run whose {@link #mark} was asked for. */
    public void report() {
        int i = reported++ & packets.length - 1;
        marks[i & marks.length - 1] = SENT;
        counts.packets += packets[i];
        counts.bytes += bytes[i & bytes.length - 1];
    }

    /** The device will not send what it holds, or will not say so. */
    public void abort() {
        while (mark() != NONE) {
            marks[reported++ & marks.length - 1] = ABORTED;
        }
    }

    /**
     * Takes the oldest packets of one fate, as {@link TxQueue#reclaim} returns them.
     *
     * @param budget most packets
     * @return packets that were sent, or minus packets that were not; 0 = the oldest is still with the device
     */
    public int take(int budget) {
        mark(); // refused packets at the front wait for nobody
        int left = budget;
        boolean sent = marks[head & marks.length - 1] == SENT;
        while (left > 0 && head != reported && sent == (marks[head & marks.length - 1] == SENT)) {
            int i = head & packets.length - 1;
            int count = Math.min(left, packets[i]);
            packets[i] -= count;
            left -= count;
            if (packets[i] == 0) {
                head++;
            }
        }
        int taken = budget - left;
        outstanding -= taken;
        return sent ? taken : -taken;
    }
}
