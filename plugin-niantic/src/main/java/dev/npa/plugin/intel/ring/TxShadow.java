package dev.npa.plugin.intel.ring;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/**
 * What a transmit ring remembers of the segments it took, in their order: the shell's handle and flags, and for the
 * last segment of a packet its length and last descriptor. Kept apart from the descriptors, because a refused packet
 * has none and a large segment has several.
 *
 * <p>Positions run freely; an index is a position masked. Columns are dense, so that completing a packet touches no
 * line of the packet itself.
 */
public final class TxShadow {

    /** Last descriptor of a packet that has none. */
    public static final int NO_DESCRIPTOR = -1;

    private long[] tag;
    private long[] end;
    private int mask;
    private int head;
    private int tail;

    /** Creates an empty shadow for at least {@code segments} segments. */
    TxShadow(int segments) {
        int capacity = Integer.highestOneBit(Math.max(2, segments) * 2 - 1);
        tag = new long[capacity];
        end = new long[capacity];
        mask = capacity - 1;
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
        return mask + 1 - (tail - head);
    }

    /** Adds a segment that does not end its packet. */
    void add(int handle, int flags) {
        tag[tail++ & mask] = (long) handle << 32 | flags & 0xFFFF_FFFFL;
    }

    /** Adds the last segment of a packet. */
    void addLast(int handle, int flags, int packetBytes, int lastDescriptor) {
        int i = tail++ & mask;
        tag[i] = (long) handle << 32 | flags & 0xFFFF_FFFFL;
        end[i] = (long) packetBytes << 32 | lastDescriptor & 0xFFFF_FFFFL;
    }

    /** Position of the last segment of the packet that begins at {@code position}. */
    public int lastOf(int position) {
        int p = position;
        while ((tag[p & mask] & PacketFlags.EOP) == 0) {
            p++;
        }
        return p;
    }

    /**
     * Last descriptor of the packet whose last segment is at {@code position}; {@link #NO_DESCRIPTOR} if it has none.
     */
    public int descriptor(int position) {
        return (int) end[position & mask];
    }

    int bytes(int position) {
        return (int) (end[position & mask] >>> 32);
    }

    int flags(int position) {
        return (int) tag[position & mask];
    }

    /** Hands the oldest segments up to and including {@code last} over to {@code done}. */
    void take(int last, PacketBurst done) {
        int p = head;
        do {
            long t = tag[p & mask];
            done.add(0, (int) (t >>> 32), 0, (int) t);
        } while (p++ != last);
        head = p;
    }

    /** Detaches a packet from its descriptors, as complete, or as aborted. */
    void settle(int first, int last, boolean aborted) {
        for (int p = first; p - last <= 0; p++) {
            if (aborted) {
                tag[p & mask] |= PacketFlags.ABORTED;
            }
        }
        end[last & mask] |= NO_DESCRIPTOR & 0xFFFF_FFFFL;
    }

    /** Makes room for {@code segments} more. For packets far beyond the limits only; it allocates. */
    void grow(int segments) {
        TxShadow larger = new TxShadow(tail - head + segments);
        for (int p = head; p != tail; p++) {
            larger.tag[p & larger.mask] = tag[p & mask];
            larger.end[p & larger.mask] = end[p & mask];
        }
        tag = larger.tag;
        end = larger.end;
        mask = larger.mask;
    }
}
