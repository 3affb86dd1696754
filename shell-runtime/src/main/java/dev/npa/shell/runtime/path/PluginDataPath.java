package dev.npa.shell.runtime.path;

import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.memory.PacketPool;

/**
 * The data path. Moves the ownership of receive buffers at the points where the API says that it moves, and keeps a
 * ledger of what is in flight: a plugin only counts.
 *
 * <p>Small and free of state of others: {@link FreshDataPaths} defines a copy of this class for each plugin. Whatever a
 * plugin throws passes through; the caller drops the plugin.
 */
final class PluginDataPath extends DataPath {

    private final TxQueue tx;
    private final RxQueue rx;
    private final PacketPool pool;
    private final int owner;
    private final TxLedger ledger;
    private int inFlight;
    private int pieces;
    private long sentBytes;
    private int aborted;
    private long receivedBytes;
    private int offeredTo;

    /**
     * Makes a data path.
     *
     * @param instance number of the plugin instance
     * @param ring size of the transmit ring
     */
    PluginDataPath(TxQueue tx, RxQueue rx, int instance, PacketPool pool, int ring) {
        this.tx = tx;
        this.rx = rx;
        this.pool = pool;
        this.owner = PacketPool.ownerOf(instance);
        this.ledger = new TxLedger(2 * ring + 128);
    }

    @Override
    public int transmit(PacketBurst burst, int from, int to, int tag) {
        int end = to - from <= ledger.room() ? to : lastEnd(burst, from, to);
        // Handed over before the call: if it throws, what was offered is the plugin's and is accounted for as lost.
        int offered = hand(burst, from, end, tag);
        count(offered, tag);
        offeredTo = end;
        int size = burst.size();
        int taken = tx.transmit(burst, from, end);
        if (burst.size() != size) {
            int left = burst.size();
            burst.size(size); // what waits in it still has to go out, by another plugin
            throw new PluginMisbehaviour("transmit of entries " + from + ".." + end + " left " + left
                    + " entries of " + size + " in the shell's burst, which is only lent");
        }
        if (taken < from || taken > end || taken > from && (burst.flags(taken - 1) & PacketFlags.EOP) == 0) {
            throw new PluginMisbehaviour("transmit of entries " + from + ".." + end + " returned " + taken
                    + ", which is no end of a packet in this range");
        }
        if (taken < end) {
            int tail = ledger.tail();
            count(-ledger.count(0, tail - (end - taken), tail), tag);
            ledger.tail(tail - (end - taken));
        }
        return taken;
    }

    @Override
    public int offeredTo() {
        return offeredTo;
    }

    private void count(int packets, int tag) {
        inFlight += packets;
        pieces += (tag & PIECE) != 0 ? packets : 0;
    }

    /** The last end of a packet that the ledger has room for. */
    private int lastEnd(PacketBurst burst, int from, int to) {
        int end = from + Math.min(to - from, ledger.room());
        while (end > from && (burst.flags(end - 1) & PacketFlags.EOP) == 0) {
            end--;
        }
        return end;
    }

    private int hand(PacketBurst burst, int from, int to, int tag) {
        int packets = 0;
        int carried = 0;
        int at = ledger.tail();
        int end = tag | TxLedger.END;
        for (int i = from; i < to; i++) {
            int handle = burst.handle(i);
            int bytes = carried + burst.length(i);
            if ((burst.flags(i) & PacketFlags.EOP) != 0) {
                ledger.set(at++, (long) bytes << 32 | end | handle);
                carried = 0;
                packets++;
            } else {
                ledger.set(at++, tag | handle);
                carried = bytes;
            }
        }
        ledger.tail(at);
        return packets;
    }

    @Override
    public void markLast() {
        ledger.mark(LAST);
    }

    @Override
    public int reclaim(PacketBurst done, int budget) {
        sentBytes = 0;
        aborted = 0;
        int most = fitting(budget, done.room());
        int packets = 0;
        int at = ledger.head();
        while (packets < most) {
            int fate = tx.reclaim(most - packets);
            if (fate == 0) {
                break;
            }
            int count = fate < 0 ? -fate : fate;
            if (count > most - packets || count < 0) {
                throw new PluginMisbehaviour("reclaim(" + (most - packets) + ") returned " + fate
                        + ", which is more packets than it was asked for");
            }
            at = settle(done, at, count, fate < 0 ? PacketFlags.ABORTED : 0);
            packets += count;
        }
        if (packets != 0) {
            // Told at the end: what was settled before a misbehaviour is found comes back by abandon.
            check(packets);
            conclude(at, packets);
        }
        return packets;
    }

    /** Packets in flight, up to a budget, whose segments fit into so much room. */
    private int fitting(int budget, int room) {
        int most = Math.min(budget, inFlight);
        // Sure without looking at them if the longest were the oldest.
        return most + ledger.size() - inFlight <= room ? most : Math.min(most, ledger.packetsWithin(room));
    }

    /** Appends the oldest packets, which share a fate; returns the position behind them. */
    private int settle(PacketBurst done, int from, int packets, int fate) {
        int at = from;
        int left = packets;
        long bytes = 0;
        int start = PacketFlags.SOP;
        int to = done.size();
        while (left > 0) {
            long entry = ledger.get(at++);
            int size = (int) (entry >>> 32);
            int flags = fate | start;
            start = 0;
            if (((int) entry & TxLedger.END) != 0) {
                flags |= PacketFlags.EOP;
                start = PacketFlags.SOP;
                left--;
            }
            done.put(to++, 0, (int) entry & TxLedger.HANDLE, size, flags, (int) entry);
            bytes += size;
        }
        done.size(to);
        if (fate == 0) {
            sentBytes += bytes;
        } else {
            aborted += packets;
        }
        return at;
    }

    /** The plugin's own count must agree: without it a wrong number of completions would only be seen at the last. */
    private void check(int packets) {
        int outstanding = tx.outstanding();
        if (outstanding != inFlight - packets) {
            throw new PluginMisbehaviour("reclaim reported " + packets + " of " + inFlight
                    + " packets in flight, but outstanding is " + outstanding + " now");
        }
    }

    private void conclude(int head, int packets) {
        if (pieces != 0) {
            pieces -= ledger.count(PIECE, ledger.head(), head);
        }
        ledger.head(head);
        inFlight -= packets;
    }

    @Override
    public long sentBytes() {
        return sentBytes;
    }

    @Override
    public int aborted() {
        return aborted;
    }

    @Override
    public int pieces() {
        return pieces;
    }

    @Override
    public int receive(PacketBurst into, int budget) {
        int from = into.size();
        try {
            int packets = rx.receive(into, budget);
            accept(into, from, packets);
            return packets;
        } catch (Throwable t) {
            // What was appended by this call is not trusted; its buffers are still the plugin's and are freed with it.
            into.size(from);
            throw t;
        }
    }

    private void accept(PacketBurst burst, int from, int packets) {
        int to = burst.size();
        int inner = 0; // entries that end no packet
        boolean open = false;
        long bytes = 0;
        for (int i = from; i < to; i++) {
            int flags = burst.flags(i);
            if (open || (flags & PacketFlags.WHOLE) != PacketFlags.WHOLE) {
                if (open == ((flags & PacketFlags.SOP) != 0)) {
                    throw misbehaved(burst, from, i);
                }
                open = (flags & PacketFlags.EOP) == 0;
                inner += open ? 1 : 0;
            }
            int handle = burst.handle(i);
            int length = burst.length(i);
            // Passed on in the same go; a buffer that is indicated twice is not the plugin's the second time.
            if (!pool.accept(handle, burst.address(i), length, owner)) {
                throw misbehaved(burst, from, i);
            }
            bytes += length;
        }
        if (open || to < from || to - from - inner != packets) {
            undo(burst, from, to);
            throw new PluginMisbehaviour("receive returned " + packets + " but appended " + (to - from - inner)
                    + " whole packets");
        }
        receivedBytes = bytes;
    }

    /** What one call appended is trusted as a whole or not at all. */
    private void undo(PacketBurst burst, int from, int to) {
        for (int i = from; i < to; i++) {
            pool.pass(burst.handle(i), PacketPool.STACK, owner);
        }
    }

    private PluginMisbehaviour misbehaved(PacketBurst burst, int from, int i) {
        undo(burst, from, i);
        return new PluginMisbehaviour("receive indicated buffer " + burst.handle(i) + " with " + burst.length(i)
                + " bytes at 0x" + Long.toHexString(burst.address(i)) + " and flags 0x"
                + Integer.toHexString(burst.flags(i))
                + "; it is not a posted buffer of this plugin, or lies outside of it, or packets are not delimited");
    }

    @Override
    public long receivedBytes() {
        return receivedBytes;
    }

    @Override
    public int inFlight() {
        return inFlight;
    }

    @Override
    public int abandon(PacketBurst done) {
        int packets = fitting(Integer.MAX_VALUE, done.room());
        conclude(settle(done, ledger.head(), packets, PacketFlags.ABORTED), packets);
        return packets;
    }

    @Override
    public long txCounter(QueueCounter counter) {
        return tx.counter(counter);
    }

    @Override
    public long rxCounter(QueueCounter counter) {
        return rx.counter(counter);
    }
}
