package dev.npa.shell.runtime.path;

import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.TxQueue;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.memory.PacketPool;

/**
 * One queue pair of one plugin instance: the only place that calls its queues. Moves the ownership of buffers at the
 * points where the API says that it moves, and keeps a ledger of what is in flight.
 *
 * <p>Small and free of state of others, so that it can be defined afresh for each plugin. Whatever a plugin throws
 * passes through; the caller drops the plugin.
 */
public final class DataPath {

    /** Tag: a packet that software made; its buffers are not the operating system's. */
    public static final int PIECE = 1 << 20;
    /** Tag: the last piece of the packet that it was made of. */
    public static final int LAST = 1 << 21;
    private static final int LANE_SHIFT = 17;

    private final TxQueue tx;
    private final RxQueue rx;
    private final PacketPool pool;
    private final int txOwner;
    private final int rxOwner;
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
    public DataPath(TxQueue tx, RxQueue rx, int instance, PacketPool pool, int ring) {
        this.tx = tx;
        this.rx = rx;
        this.pool = pool;
        this.txOwner = PacketPool.txOwner(instance);
        this.rxOwner = PacketPool.rxOwner(instance);
        this.ledger = new TxLedger(2 * ring + 128);
    }

    /** The tag of packets of one of the operating system's queues, 0..7. */
    public static int tag(int lane) {
        return lane << LANE_SHIFT;
    }

    /** The queue that a tag names. */
    public static int lane(int tag) {
        return tag >>> LANE_SHIFT & 7;
    }

    /**
     * Offers the packets of {@code [from, to)}, whose buffers are the stack's.
     *
     * @param tag what completions of these packets bear
     * @return index one past the last entry taken
     */
    public int transmit(PacketBurst burst, int from, int to, int tag) {
        int end = to - from <= ledger.room() ? to : fitting(burst, from, to);
        // Handed over before the call: if it throws, what was offered is the plugin's and is accounted for as lost.
        int offered = hand(burst, from, end, tag);
        count(offered, tag);
        offeredTo = end;
        int size = burst.size();
        int taken = tx.transmit(burst, from, end);
        if (burst.size() != size) {
            int left = burst.size();
            restore(burst, size);
            throw new PluginMisbehaviour("transmit of entries " + from + ".." + end + " left " + left
                    + " entries of " + size + " in the shell's burst, which is only lent");
        }
        if (taken < from || taken > end || taken > from && (burst.flags(taken - 1) & PacketFlags.EOP) == 0) {
            throw new PluginMisbehaviour("transmit of entries " + from + ".." + end + " returned " + taken
                    + ", which is no end of a packet in this range");
        }
        if (taken < end) {
            count(-takeBack(burst, taken, end), tag);
        }
        return taken;
    }

    /** Gives a burst its size back: what waits in it still has to go out, by another plugin. */
    private static void restore(PacketBurst burst, int size) {
        burst.truncate(Math.min(burst.size(), size));
        for (int i = burst.size(); i < size; i++) {
            long offload = burst.offload(i);
            int packetLength = burst.packetLength(i);
            burst.add(burst.address(i), burst.handle(i), burst.length(i), burst.flags(i));
            burst.offload(i, offload);
            burst.packetLength(i, packetLength);
        }
    }

    /** One past the last entry that the last {@link #transmit} handed to the plugin, also if it threw. */
    public int offeredTo() {
        return offeredTo;
    }

    private void count(int packets, int tag) {
        inFlight += packets;
        pieces += (tag & PIECE) != 0 ? packets : 0;
    }

    /** The last end of a packet that the ledger has room for. */
    private int fitting(PacketBurst burst, int from, int to) {
        int end = from + Math.min(to - from, ledger.room());
        while (end > from && (burst.flags(end - 1) & PacketFlags.EOP) == 0) {
            end--;
        }
        return end;
    }

    private int hand(PacketBurst burst, int from, int to, int tag) {
        int packets = 0;
        long bytes = 0;
        int at = ledger.tail();
        for (int i = from; i < to; i++) {
            int handle = burst.handle(i);
            pool.pass(handle, PacketPool.STACK, txOwner);
            int end = burst.flags(i) >>> 1 & 1;
            bytes += burst.length(i);
            ledger.set(at++, (bytes & -end) << 32 | tag | end << 16 | handle);
            bytes &= end - 1L;
            packets += end;
        }
        ledger.tail(at);
        return packets;
    }

    private int takeBack(PacketBurst burst, int from, int to) {
        int packets = 0;
        for (int i = from; i < to; i++) {
            pool.pass(burst.handle(i), txOwner, PacketPool.STACK);
            packets += burst.flags(i) >>> 1 & 1;
        }
        ledger.tail(ledger.tail() - (to - from));
        return packets;
    }

    /** Marks the newest packet in flight as the last piece. */
    public void markLast() {
        ledger.mark(LAST);
    }

    /**
     * Collects completions; their buffers become the stack's. Each entry's offload word is the tag of its packet, the
     * packet length of a packet's last entry its bytes.
     *
     * @param done burst to append to
     * @return packets completed
     */
    public int reclaim(PacketBurst done, int budget) {
        sentBytes = 0;
        aborted = 0;
        if (inFlight == 0) {
            return 0;
        }
        int from = done.size();
        int packets = tx.reclaim(done, budget);
        settle(done, from, packets);
        inFlight -= packets;
        return packets;
    }

    /** The ledger is told at the end: what is settled before a misbehaviour is found comes back by {@link #abandon}. */
    private void settle(PacketBurst done, int from, int packets) {
        int ends = 0;
        int unsent = 0;
        int piecesDone = 0;
        long bytes = 0;
        int at = ledger.head();
        int newest = ledger.tail();
        for (int i = from; i < done.size(); i++) {
            int flags = done.flags(i);
            int handle = done.handle(i);
            int end = flags >>> 1 & 1;
            long entry = ledger.get(at);
            if (at == newest || (int) (entry & (TxLedger.HANDLE | TxLedger.END)) != (handle | end << 16)
                    || !pool.pass(handle, txOwner, PacketPool.STACK)) {
                throw unknown(handle, flags);
            }
            at++;
            done.offload(i, (int) entry);
            done.packetLength(i, (int) (entry >>> 32));
            int failed = end & flags >>> 2;
            unsent += failed;
            bytes += entry >>> 32 & failed - 1L;
            piecesDone += end & (int) entry >>> 20;
            ends += end;
        }
        if (ends != packets || packets > inFlight) {
            throw new PluginMisbehaviour("reclaim returned " + packets + " but appended " + ends + " packets of "
                    + inFlight + " in flight");
        }
        ledger.head(at);
        aborted = unsent;
        sentBytes = bytes;
        pieces -= piecesDone;
    }

    private static PluginMisbehaviour unknown(int handle, int flags) {
        return new PluginMisbehaviour("reclaim returned buffer " + handle + " with flags 0x"
                + Integer.toHexString(flags) + ", which is not the oldest segment in flight of this plugin");
    }

    /** Bytes of the packets that the last {@link #reclaim} found sent. */
    public long sentBytes() {
        return sentBytes;
    }

    /** Packets that the last {@link #reclaim} found not sent. */
    public int aborted() {
        return aborted;
    }

    /** Pieces in flight. */
    public int pieces() {
        return pieces;
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
        long bytes = 0;
        for (int i = from; i < burst.size(); i++) {
            int flags = burst.flags(i);
            int handle = burst.handle(i);
            // Passed on in the same go; a buffer that is indicated twice is not the plugin's the second time.
            if ((flags & PacketFlags.SOP) != expected || !pool.contains(handle, burst.address(i), burst.length(i))
                    || !pool.pass(handle, rxOwner, PacketPool.STACK)) {
                undo(burst, from, i);
                throw misbehaved(burst, i);
            }
            int end = flags >>> 1 & 1;
            ends += end;
            expected = end;
            bytes += burst.length(i);
        }
        if (expected == 0 || ends != packets) {
            undo(burst, from, burst.size());
            throw new PluginMisbehaviour("receive returned " + packets + " but appended " + ends + " whole packets");
        }
        receivedBytes = bytes;
    }

    /** What one call appended is trusted as a whole or not at all. */
    private void undo(PacketBurst burst, int from, int to) {
        for (int i = from; i < to; i++) {
            pool.pass(burst.handle(i), PacketPool.STACK, rxOwner);
        }
    }

    private PluginMisbehaviour misbehaved(PacketBurst burst, int i) {
        return new PluginMisbehaviour("receive indicated buffer " + burst.handle(i) + " with " + burst.length(i)
                + " bytes at 0x" + Long.toHexString(burst.address(i)) + " and flags 0x"
                + Integer.toHexString(burst.flags(i))
                + "; it is not a posted buffer of this plugin, or lies outside of it, or packets are not delimited");
    }

    /** Bytes that the last {@link #receive} appended. */
    public long receivedBytes() {
        return receivedBytes;
    }

    /** Packets taken by the plugin and not completed yet, by the shell's own count. */
    public int inFlight() {
        return inFlight;
    }

    /**
     * Takes what is in flight back from a plugin that is gone, as packets that were aborted; entries as those of
     * {@link #reclaim}. Its device must do no DMA any more.
     *
     * @param done appended to as far as there is room
     * @return packets; 0 = none are left
     */
    public int abandon(PacketBurst done) {
        int packets = 0;
        int flags = PacketFlags.SOP;
        while (!ledger.isEmpty() && done.room() > 0) {
            long entry = ledger.pop();
            int handle = (int) entry & TxLedger.HANDLE;
            int end = (int) (entry >>> 16) & 1;
            pool.pass(handle, txOwner, PacketPool.STACK);
            int i = done.add(0, handle, 0, flags | end << 1 | PacketFlags.ABORTED);
            done.offload(i, (int) entry);
            done.packetLength(i, (int) (entry >>> 32));
            flags = end == 0 ? 0 : PacketFlags.SOP;
            packets += end;
            pieces -= end == 0 ? 0 : (int) (entry >>> 20) & 1;
        }
        inFlight -= packets;
        return packets;
    }

    /** Reads a counter of the transmit queue. */
    public long txCounter(QueueCounter counter) {
        return tx.counter(counter);
    }

    /** Reads a counter of the receive queue. */
    public long rxCounter(QueueCounter counter) {
        return rx.counter(counter);
    }
}
