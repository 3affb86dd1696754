package dev.npa.plugin.intel.ring;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/**
 * What a transmit ring remembers of the segments it took, in their order: the shell's handle and flags, and for the
 * last segment of a packet its length and last descriptor. Kept apart from the descriptors, because a refused packet
 * has none and a large segment has several.
 *
 * <p>Positions run freely; an index is a position masked by the length of its column, as the JIT likes it: without a
 * check of bounds. Columns are dense, so that completing a packet touches no
 * line of the packet itself.
 */
public final class TxShadow {

    /** Last descriptor of a packet that has none. */
    public static final int NO_DESCRIPTOR = -1;

    private long[] tag;
    private long[] end;
    private int head;
    private int tail;

    /** Creates an empty shadow for at least {@code segments} segments. */
    TxShadow(int segments) {
        int capacity = Integer.highestOneBit(Math.max(2, segments) * 2 - 1);
        tag = new long[capacity];
        end = new long[capacity];
    }

    /** Position of the oldest segment. */
    public int head() {
        return head;
    }

    /** Position after the youngest segment. */
    public int tail() {
        return tail;
    }

    boolean isEmpty() {
        return head == tail;
    }

    int free() {
        return tag.length - (tail - head);
    }

    /** Adds a segment that does not end its packet. */
    void add(int handle, int flags) {
        tag[tail++ & tag.length - 1] = (long) handle << 32 | flags & 0xFFFF_FFFFL;
    }

    /** Adds the last segment of a packet. */
    void addLast(int handle, int flags, int packetBytes, int lastDescriptor) {
        int i = tail++ & tag.length - 1;
        tag[i] = (long) handle << 32 | flags & 0xFFFF_FFFFL;
        end[i & end.length - 1] = (long) packetBytes << 32 | lastDescriptor & 0xFFFF_FFFFL;
    }

    /** Position of the last segment of the packet that begins at {@code position}. */
    public int lastOf(int position) {
        int p = position;
        while ((tag[p & tag.length - 1] & PacketFlags.EOP) == 0) {
            p++;
        }
        return p;
    }

    /**
     * Last descriptor of the packet whose last segment is at {@code position}; {@link #NO_DESCRIPTOR} if it has none.
     */
    public int descriptor(int position) {
        return (int) end[position & end.length - 1];
    }

    int bytes(int position) {
        return (int) (end[position & end.length - 1] >>> 32);
    }

    int flags(int position) {
        return (int) tag[position & tag.length - 1];
    }

    /** Hands the oldest segments up to and including {@code last} over to {@code done}. */
    void take(int last, PacketBurst done) {
        int p = head;
        do {
            long t = tag[p & tag.length - 1];
            done.add(0, (int) (t >>> 32), 0, (int) t);
        } while (p++ != last);
        head = p;
    }

    /** Detaches a packet from its descriptors, as complete, or as aborted. */
    void settle(int first, int last, boolean aborted) {
        for (int p = first; p - last <= 0; p++) {
            if (aborted) {
                tag[p & tag.length - 1] |= PacketFlags.ABORTED;
            }
        }
        end[last & end.length - 1] |= NO_DESCRIPTOR & 0xFFFF_FFFFL;
    }

    /** Makes room for {@code segments} more. For packets far beyond the limits only; it allocates. */
    void grow(int segments) {
        TxShadow larger = new TxShadow(tail - head + segments);
        for (int p = head; p != tail; p++) {
            larger.tag[p & larger.tag.length - 1] = tag[p & tag.length - 1];
            larger.end[p & larger.end.length - 1] = end[p & end.length - 1];
        }
        tag = larger.tag;
        end = larger.end;
    }
}
