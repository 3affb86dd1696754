package dev.npa.plugin.support;

import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.PacketBurst;

/**
 * A transmit queue less what its chip has of its own: what a call posts becomes runs of {@link TxRuns}, refused packets
 * keep their place between them, and the device is told once a call. A vendor writes descriptors and looks at what the
 * device reports.
 *
 * <p>Concurrency: one thread drives the queue; {@link #counter} may be read by others and then is a recent value.
 * {@link #prepare}, {@link #begin}, {@link #refuseAll} and {@link #end} are called while no thread drives it.
 */
public abstract class AbstractTxQueue implements TxQueue {

    /** Packets after which a run ends: a longer one would hold back what it has sent. */
    private static final int RUN = 32;

    protected final QueueCounts counts = new QueueCounts();
    protected final TxRuns runs;
    /** Packets in runs that the device was given since {@link #prepare}. */
    private int given;
    /** The run that the current call posts. */
    private int runPackets;
    private long runBytes;
    private boolean accepting;
    private boolean live;

    /**
     * Creates a queue at rest.
     *
     * @param runs most runs in flight, see {@link TxRuns}
     */
    protected AbstractTxQueue(int runs) {
        this.runs = new TxRuns(runs, counts);
    }

    /**
     * Posts packets of the common kind and tells {@link #posted}. Ends before one that needs a closer look, or room.
     *
     * @return the entry after the last one that was posted
     */
    protected abstract int postPlain(PacketBurst burst, int from, int to);

    /**
     * Posts a packet of any kind and tells {@link #posted}, or calls {@link #refuse}.
     *
     * @return the entry after the packet; {@code at} if the ring has no room for it
     */
    protected abstract int postAny(PacketBurst burst, int at, int to);

    /** Ends a run with the descriptor posted last, and says what marks it in {@link TxRuns}. */
    protected abstract int endRun();

    /** Gives the device what was posted: the doorbell. */
    protected abstract void publish();

    /** Reports to {@link #runs} what the device has sent, with acquire semantics. */
    protected abstract void report();

    /** Packets were posted: they belong to the current run. */
    protected final void posted(int packets, long bytes) {
        runPackets += packets;
        runBytes += bytes;
    }

    /** The packet breaks a limit: it is taken, and reported as not sent when its turn comes. */
    protected final void refuse() {
        closeRun();
        runs.addRefused();
    }

    /** Packets that the device was given since {@link #prepare}; runs freely. */
    protected final int given() {
        return given;
    }

    /** Whether the device works for the queue, from {@link #begin} to {@link #end}. */
    protected final boolean isLive() {
        return live;
    }

    @Override
    public final int transmit(PacketBurst burst, int from, int to) {
        if (!accepting) {
            return from;
        }
        int before = given;
        int at = from;
        while (at < to && runs.room() >= 2) { // for a run, and for a refused packet behind it
            int next = postPlain(burst, at, Math.min(to, at + RUN - runPackets));
            if (next == at) {
                next = postAny(burst, at, to);
            }
            if (next == at) {
                break;
            }
            at = next;
            if (runPackets == RUN) {
                closeRun();
            }
        }
        closeRun();
        if (given != before) {
            publish();
            counts.doorbells++;
        }
        return at;
    }

    private void closeRun() {
        if (runPackets > 0) {
            runs.add(runPackets, runBytes, endRun());
            given += runPackets;
            runPackets = 0;
            runBytes = 0;
        }
    }

    @Override
    public final int reclaim(int budget) {
        if (runs.outstanding() == 0) {
            return 0;
        }
        if (live) {
            report();
        }
        return runs.take(budget);
    }

    @Override
    public final int outstanding() {
        return runs.outstanding();
    }

    @Override
    public final long counter(QueueCounter counter) {
        return counts.get(counter);
    }

    /** Empties the ring for a queue that is about to be set up; packets still to be reclaimed stay. */
    public void prepare() {
        given = 0;
    }

    /** The device works for the queue: packets are accepted from now on. */
    public final void begin() {
        live = true;
        accepting = true;
    }

    /** Accepts no more packets. */
    public final void refuseAll() {
        accepting = false;
    }

    /** The queue is gone: what the device had not reported is aborted, with all of a run of which some was sent. */
    public final void end() {
        accepting = false;
        if (live) {
            report();
            live = false;
            runs.abort();
        }
    }
}
