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
    private final int mask;
    private int head;
    private int tail;

    /** Makes an empty ledger for at least so many segments. */
    TxLedger(int segments) {
        int size = Integer.highestOneBit(Math.max(2, segments) - 1) << 1;
        entries = new long[size];
        mask = size - 1;
    }

    int room() {
        return entries.length - (tail - head);
    }

    boolean isEmpty() {
        return head == tail;
    }

    void push(long entry) {
        entries[tail++ & mask] = entry;
    }

    /** Takes the oldest entry. */
    long pop() {
        return entries[head++ & mask];
    }

    /** Takes the newest {@code count} entries back. */
    void unpush(int count) {
        tail -= count;
    }

    /** Adds bits to the newest entry. */
    void mark(int bits) {
        entries[tail - 1 & mask] |= bits;
    }
}
