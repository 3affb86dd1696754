package dev.npa.shell.runtime.stack;

import dev.npa.shell.runtime.memory.PacketPool;

/**
 * The guest's network stack: moves records between the workload channel and the data paths that currently carry
 * transmit and receive. During a switchover these are two different ones.
 *
 * <p>Whatever a plugin throws ends up in {@link #fault()}; the stack touches that path no more until it is told what to
 * use instead.
 */
public final class GuestStack {

    private final WorkloadChannel channel;
    private final TransmitSide transmit;
    private final ReceiveSide receive;
    private final int burst;
    private DataPath tx;
    private DataPath rx;
    private int maxFrame;
    private boolean held = true;
    private boolean idle;
    private DataPath faulty;
    private Throwable fault;

    /**
     * Makes a stack without a data path.
     *
     * @param channel the applications; null = there are none
     * @param burst most packets of a queue call
     * @param segments most segments of a packet
     */
    public GuestStack(WorkloadChannel channel, PacketPool pool, NicStatistics statistics, int burst, int segments) {
        this.channel = channel;
        this.burst = burst;
        this.transmit = new TransmitSide(pool, statistics, burst, segments);
        this.receive = new ReceiveSide(pool, statistics, burst, segments);
    }

    /**
     * Transmits on this path from now on.
     *
     * @param path null = nowhere
     * @param minFrame shortest frame that its plugin takes
     * @param mtu largest payload
     */
    public void transmitOn(DataPath path, int minFrame, int mtu) {
        tx = path;
        maxFrame = mtu + 18;
        transmit.minFrame(minFrame);
    }

    /** Receives from this path from now on; null = from nowhere. */
    public void receiveOn(DataPath path) {
        rx = path;
    }

    /** Holds transmit, or releases it. While it is held, records stay in the channel and completions are collected. */
    public void hold(boolean hold) {
        held = hold;
    }

    /** Packets that the transmit path has not completed. */
    public int outstanding() {
        return tx == null ? 0 : tx.inFlight();
    }

    /**
     * Does a round: deliver, receive, reclaim, transmit.
     *
     * @param budget most packets each way
     * @return packets moved
     */
    public int run(int budget) {
        int most = Math.min(budget, burst);
        int work = receive.deliver(channel);
        int received = receive(most);
        int reclaimed = reclaim(most);
        work += received > 0 ? receive.deliver(channel) : 0;
        idle = received == 0 && reclaimed == 0;
        work += Math.max(received, 0) + reclaimed + transmit(most);
        if (channel != null) {
            channel.ring();
        }
        return work;
    }

    /** Whether the last round found nothing received and nothing completed, so that the interrupt may be unmasked. */
    public boolean isIdle() {
        return idle;
    }

    /**
     * Receives once from the receive path.
     *
     * @return packets received; -1 if the path was not asked, since earlier packets still wait to be delivered
     */
    public int receive(int budget) {
        if (rx == null || rx == faulty || receive.hasBacklog()) {
            return -1;
        }
        try {
            return receive.receive(rx, Math.min(budget, burst));
        } catch (Throwable t) {
            faulted(rx, t);
            return -1;
        }
    }

    /**
     * Serves a path that carries nothing any more while it comes to rest: packets that still are in its ring are
     * delivered, completions collected.
     */
    public void serve(DataPath path, int budget) {
        path.reclaim(Math.min(budget, burst));
        if (!receive.hasBacklog()) {
            receive.receive(path, Math.min(budget, burst));
            receive.deliver(channel);
        }
    }

    private int reclaim(int budget) {
        if (tx == null || tx == faulty) {
            return 0;
        }
        try {
            return tx.reclaim(budget);
        } catch (Throwable t) {
            faulted(tx, t);
            return 0;
        }
    }

    private int transmit(int budget) {
        if (held || tx == null || tx == faulty) {
            return 0;
        }
        int taken = channel == null ? 0 : transmit.fill(channel, maxFrame, budget);
        if (!transmit.hasPending()) {
            return taken;
        }
        try {
            return taken + transmit.send(tx);
        } catch (Throwable t) {
            faulted(tx, t);
            return taken;
        }
    }

    /** Records that a path's plugin failed in a call, here or elsewhere. The first one counts. */
    public void faulted(DataPath path, Throwable cause) {
        if (fault == null) {
            faulty = path;
            fault = cause;
        }
    }

    /** The path whose plugin failed; null if {@link #fault()} is or if it failed outside of a path. */
    public DataPath faultyPath() {
        return faulty;
    }

    /** What a plugin threw and nobody has dealt with yet; null when all is well. */
    public Throwable fault() {
        return fault;
    }

    /** The failed plugin was dealt with. Forgets what it threw, which may hold its class loader. */
    public void faultCleared() {
        fault = null;
        faulty = null;
    }

    /** Frees what the stack holds, and the channel. */
    public void close() {
        transmit.close();
        receive.close();
        tx = null;
        rx = null;
        if (channel != null) {
            channel.close();
        }
    }
}
