package dev.npa.shell.runtime.stack;

import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.memory.PacketPool;

/**
 * One queue pair of one plugin instance: the only place that calls its queues. Moves the ownership of buffers at the
 * points where the API says that it moves.
 *
 * <p>Small and free of state of others, so that it can be defined afresh for each plugin. Whatever a plugin throws
 * passes through; the caller drops the plugin.
 */
public final class DataPath {

    private final TxQueue tx;
    private final RxQueue rx;
    private final PacketPool pool;
    private final NicStatistics statistics;
    private final int txOwner;
    private final int rxOwner;
    private final PacketBurst done;
    private int inFlight;

    /**
     * Makes a data path.
     *
     * @param instance number of the plugin instance
     * @param burst most packets of a call
     * @param segments most segments of a packet
     */
    public DataPath(TxQueue tx, RxQueue rx, int instance, PacketPool pool, NicStatistics statistics, int burst,
            int segments) {
        this.tx = tx;
        this.rx = rx;
        this.pool = pool;
        this.statistics = statistics;
        this.txOwner = PacketPool.txOwner(instance);
        this.rxOwner = PacketPool.rxOwner(instance);
        this.done = new PacketBurst(burst * segments);
    }

    /**
     * Offers the packets of {@code [from, to)}, whose buffers are the stack's.
     *
     * @return index one past the last entry taken
     */
    public int transmit(PacketBurst burst, int from, int to) {
        // Handed over before the call: if it throws, what was offered is the plugin's and is accounted for as lost.
        int offered = pass(burst, from, to, PacketPool.STACK, txOwner);
        inFlight += offered;
        int taken = tx.transmit(burst, from, to);
        if (burst.size() < to) {
            throw new PluginMisbehaviour("transmit of entries " + from + ".." + to + " left " + burst.size()
                    + " entries in the shell's burst, which is only lent");
        }
        if (taken < from || taken > to || taken > from && (burst.flags(taken - 1) & PacketFlags.EOP) == 0) {
            throw new PluginMisbehaviour("transmit of entries " + from + ".." + to + " returned " + taken
                    + ", which is no end of a packet in this range");
        }
        if (taken < to) {
            inFlight -= pass(burst, taken, to, txOwner, PacketPool.STACK);
        }
        return taken;
    }

    private int pass(PacketBurst burst, int from, int to, int owner, int next) {
        int packets = 0;
        for (int i = from; i < to; i++) {
            pool.pass(burst.handle(i), owner, next);
            packets += burst.flags(i) >>> 1 & 1;
        }
        return packets;
    }

    /**
     * Collects completions and frees their buffers.
     *
     * @return packets completed
     */
    public int reclaim(int budget) {
        if (inFlight == 0) {
            return 0;
        }
        done.clear();
        int packets = tx.reclaim(done, budget);
        free(done, packets);
        inFlight -= packets;
        return packets;
    }

    private void free(PacketBurst burst, int packets) {
        int ends = 0;
        int aborted = 0;
        for (int i = 0; i < burst.size(); i++) {
            int flags = burst.flags(i);
            if (!pool.free(burst.handle(i), txOwner)) {
                throw new PluginMisbehaviour("reclaim returned buffer " + burst.handle(i)
                        + ", which is no transmit buffer of this plugin");
            }
            if ((flags & PacketFlags.EOP) != 0) {
                ends++;
                aborted += (flags & PacketFlags.ABORTED) >>> 2;
            }
        }
        if (ends != packets || packets > inFlight) {
            throw new PluginMisbehaviour("reclaim returned " + packets + " but appended " + ends + " packets of "
                    + inFlight + " in flight");
        }
        statistics.txAborted += aborted;
        statistics.txPackets += packets - aborted;
    }

    /**
     * Receives packets; their buffers become the stack's.
     *
     * @return packets appended to {@code into}
     */
    public int receive(PacketBurst into, int budget) {
        int from = into.size();
        try {
            int packets = rx.receive(into, budget);
            accept(into, from, packets);
            return packets;
        } catch (Throwable t) {
            // What was appended by this call is not trusted; its buffers are still the plugin's and are freed with it.
            into.truncate(Math.min(from, into.size()));
            throw t;
        }
    }

    private void accept(PacketBurst burst, int from, int packets) {
        int expected = PacketFlags.SOP;
        int ends = 0;
        for (int i = from; i < burst.size(); i++) {
            int flags = burst.flags(i);
            int handle = burst.handle(i);
            if ((flags & PacketFlags.SOP) != expected || pool.owner(handle) != rxOwner
                    || !pool.contains(handle, burst.address(i), burst.length(i))) {
                throw misbehaved(burst, i);
            }
            int end = flags >>> 1 & 1;
            ends += end;
            expected = end;
        }
        if (expected == 0 || ends != packets) {
            throw new PluginMisbehaviour("receive returned " + packets + " but appended " + ends + " whole packets");
        }
        for (int i = from; i < burst.size(); i++) {
            if (!pool.pass(burst.handle(i), rxOwner, PacketPool.STACK)) {
                throw misbehaved(burst, i);
            }
        }
    }

    private PluginMisbehaviour misbehaved(PacketBurst burst, int i) {
        return new PluginMisbehaviour("receive indicated buffer " + burst.handle(i) + " with " + burst.length(i)
                + " bytes at 0x" + Long.toHexString(burst.address(i)) + " and flags 0x"
                + Integer.toHexString(burst.flags(i))
                + "; it is not a posted buffer of this plugin, or lies outside of it, or packets are not delimited");
    }

    /** Packets taken by the plugin and not completed yet, by the shell's own count. */
    public int inFlight() {
        return inFlight;
    }

    /** Forgets the packets in flight, after the plugin failed, and counts them as lost. */
    public int abandon() {
        int lost = inFlight;
        inFlight = 0;
        statistics.txLost += lost;
        return lost;
    }
}
