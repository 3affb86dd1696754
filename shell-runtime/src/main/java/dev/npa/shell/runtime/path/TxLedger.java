package dev.npa.shell.runtime.path;

/**
 * Segments that a transmit queue holds, in their order. An entry is one word, so that a segment costs one store:
 *
 * <pre>
 *  63..32 bytes of the packet, on its last segment   21 LAST   20 PIECE   19..17 lane   16 end of packet   15..0 handle
 * </pre>
 */
final class TxLedger {

    static final int HANDLE = 0xFFFF;
    static final int END = 1 << 16;

    private final long[] entries;
    private int head;
    private int tail;

    /** Makes an empty ledger for at least so many segments. */
    TxLedger(int segments) {
        entries = new long[Integer.highestOneBit(Math.max(2, segments) - 1) << 1];
    }

    int room() {
        return entries.length - (tail - head);
    }

    int size() {
        return tail - head;
    }

    /** Position of the oldest entry. Positions run freely; loops keep them in a local and tell the ledger once. */
    int head() {
        return head;
    }

    /** Position behind the newest entry. */
    int tail() {
        return tail;
    }

    /** Drops the entries before a position. */
    void head(int position) {
        head = position;
    }

    /** Makes the entries before a position part of the ledger, or drops those from it on. */
    void tail(int position) {
        tail = position;
    }

    /** Writes an entry, for which there must be room. */
    void set(int position, long entry) {
        entries[position & entries.length - 1] = entry;
    }

    long get(int position) {
        return entries[position & entries.length - 1];
    }

    /** Ends of packets in the entries {@code [from, to)} that have all of some bits. */
    int count(int bits, int from, int to) {
        int packets = 0;
        int wanted = bits | END;
        for (int at = from; at != to; at++) {
            packets += ((int) get(at) & wanted) == wanted ? 1 : 0;
        }
        return packets;
    }

    /** Packets in the oldest {@code segments} entries, or in all if there are fewer. */
    int packetsWithin(int segments) {
        return count(0, head, head + Math.min(segments, size()));
    }

    /** Adds bits to the newest entry. */
    void mark(int bits) {
        set(tail - 1, get(tail - 1) | bits);
    }
}
