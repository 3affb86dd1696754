package dev.npa.shell;

/**
 * A burst of packet segments as columns of primitives: the one container in which packets, empty buffers and
 * completions pass between shell and plugin.
 *
 * <p>Each entry is one contiguous segment. Consecutive entries from one with {@link PacketFlags#SOP} to the next with
 * {@link PacketFlags#EOP} form a packet. Offload requests and results are in the columns of the packet's first entry.
 *
 * <p>Layout of the offload word:
 * <pre>
 *  transmit  63..56 | 55..40    | 39..24  | 23..16     | 15..7      | 6..0
 *            0      | VLAN TCI  | MSS     | L4 header  | L3 header  | L2 header   (lengths in bytes)
 *  receive   63..48           | 47..32    | 31..0
 *            0                | VLAN TCI  | RSS hash
 * </pre>
 *
 * <p>A burst is a plain container: whoever passes it to a call lends it for the duration of the call. It is not
 * thread-safe. Entries are reused and {@link #add} sets every column that has no flag of its own. A
 * packet that is sent on after it was received needs its flags and its offload word set anew: what a receive queue
 * reported there is not a request.
 */
public final class PacketBurst {

    /** log2 of the words of an entry. */
    private static final int SHIFT = 2;
    private static final int OFFLOAD = 1;
    private static final int SEGMENT = 2;
    private static final int PACKET = 3;
    private static final long LOW = 0xFFFF_FFFFL;

    /**
     * Four words an entry: address, offload word, length and handle, packet length and flags. One array and not one a
     * column: appending an entry then costs four stores to one cache line and, to the JIT, one check of bounds.
     */
    private final long[] words;
    private final int[] lro;
    private int size;

    /**
     * Creates an empty burst.
     *
     * @param capacity entries, 1..65536
     */
    public PacketBurst(int capacity) {
        if (capacity < 1 || capacity > 65536) {
            throw new IllegalArgumentException("capacity " + capacity + " is not in 1..65536");
        }
        words = new long[capacity << SHIFT];
        lro = new int[capacity];
    }

    public int capacity() {
        return lro.length;
    }

    /** Number of entries (segments). */
    public int size() {
        return size;
    }

    /** Entries that can still be added. */
    public int room() {
        return lro.length - size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public void clear() {
        size = 0;
    }

    /** Drops the entries from {@code newSize} on. */
    public void truncate(int newSize) {
        if (newSize < 0 || newSize > size) {
            throw new IndexOutOfBoundsException("truncate to " + newSize + " of " + size + " entries");
        }
        size = newSize;
    }

    /**
     * Appends an entry; offload word, packet length and LRO columns are those of a packet without requests whose length
     * is {@code length}.
     *
     * @param address address of the segment's first byte as the device sees it
     * @param handle the shell's name for the buffer; a plugin carries it and never interprets it
     * @param length bytes
     * @param flags see {@link PacketFlags}
     * @return index of the entry
     * @throws ArrayIndexOutOfBoundsException if the burst is full
     */
    public int add(long address, int handle, int length, int flags) {
        int i = size;
        put(i, address, handle, length, flags, 0);
        size = i + 1;
        return i;
    }

    /**
     * Writes an entry as {@link #add} does, with an offload word and without a change of size. For loops that append
     * many entries: they keep the index themselves and call {@link #size(int)} once, where {@code add} has each entry
     * wait for the size that the last one left in memory.
     *
     * @param i index of the entry, which may be behind the last one
     * @throws ArrayIndexOutOfBoundsException if it is not below the capacity
     */
    public void put(int i, long address, int handle, int length, int flags, long offload) {
        int at = i << SHIFT;
        words[at] = address;
        words[at + OFFLOAD] = offload;
        words[at + SEGMENT] = (long) length << 32 | handle & LOW;
        words[at + PACKET] = (long) length << 32 | flags & LOW;
    }

    /**
     * Sets the number of entries: those behind the last one must have been {@link #put}.
     *
     * @throws IndexOutOfBoundsException if it is not in 0..{@link #capacity}
     */
    public void size(int entries) {
        if (entries < 0 || entries > lro.length) {
            throw new IndexOutOfBoundsException(entries + " entries in a burst for " + lro.length);
        }
        size = entries;
    }

    /** Appends a copy of an entry of another burst. */
    public int addFrom(PacketBurst other, int index) {
        int i = size;
        int to = i << SHIFT;
        int from = index << SHIFT;
        words[to] = other.words[from];
        words[to + OFFLOAD] = other.words[from + OFFLOAD];
        words[to + SEGMENT] = other.words[from + SEGMENT];
        words[to + PACKET] = other.words[from + PACKET];
        size = i + 1;
        lro[i] = other.lro[index];
        return i;
    }

    public long address(int i) {
        return words[i << SHIFT];
    }

    public int handle(int i) {
        return (int) words[(i << SHIFT) + SEGMENT];
    }

    /** Bytes in this segment. */
    public int length(int i) {
        return (int) (words[(i << SHIFT) + SEGMENT] >>> 32);
    }

    public void length(int i, int value) {
        set(i, SEGMENT, value);
    }

    public int flags(int i) {
        return (int) words[(i << SHIFT) + PACKET];
    }

    public void flags(int i, int value) {
        int at = (i << SHIFT) + PACKET;
        words[at] = words[at] & ~LOW | value & LOW;
    }

    /** Bytes of the whole packet; valid on its first entry. */
    public int packetLength(int i) {
        return (int) (words[(i << SHIFT) + PACKET] >>> 32);
    }

    public void packetLength(int i, int value) {
        set(i, PACKET, value);
    }

    /** The raw offload word, see the layout above; valid on a packet's first entry. */
    public long offload(int i) {
        return words[(i << SHIFT) + OFFLOAD];
    }

    public void offload(int i, long value) {
        words[(i << SHIFT) + OFFLOAD] = value;
    }

    private void set(int i, int word, int high) {
        int at = (i << SHIFT) + word;
        words[at] = words[at] & LOW | (long) high << 32;
    }

    /** Packs a transmit offload word; arguments beyond their field's width are cut off. */
    public static long txOffload(int l2Length, int l3Length, int l4Length, int mss, int vlanTci) {
        return (vlanTci & 0xFFFFL) << 40 | (mss & 0xFFFFL) << 24 | (l4Length & 0xFFL) << 16
                | (l3Length & 0x1FFL) << 7 | (l2Length & 0x7FL);
    }

    /** Packs a receive offload word. */
    public static long rxOffload(int hash, int vlanTci) {
        return (vlanTci & 0xFFFFL) << 32 | Integer.toUnsignedLong(hash);
    }

    /** Transmit: length of the L2 header. */
    public int l2Length(int i) {
        return (int) words[(i << SHIFT) + OFFLOAD] & 0x7F;
    }

    /** Transmit: length of the L3 header with options or extension headers. */
    public int l3Length(int i) {
        return (int) (words[(i << SHIFT) + OFFLOAD] >>> 7) & 0x1FF;
    }

    /** Transmit: length of the TCP or UDP header. */
    public int l4Length(int i) {
        return (int) (words[(i << SHIFT) + OFFLOAD] >>> 16) & 0xFF;
    }

    /** Transmit: TCP payload bytes a segment, with {@link PacketFlags#TX_TSO}. */
    public int txMss(int i) {
        return (int) (words[(i << SHIFT) + OFFLOAD] >>> 24) & 0xFFFF;
    }

    /** Transmit: tag to insert, with {@link PacketFlags#TX_VLAN}: PCP, DEI and VID. */
    public int txVlan(int i) {
        return (int) (words[(i << SHIFT) + OFFLOAD] >>> 40) & 0xFFFF;
    }

    /** Receive: stripped tag, with {@link PacketFlags#RX_VLAN}: PCP, DEI and VID. */
    public int rxVlan(int i) {
        return (int) (words[(i << SHIFT) + OFFLOAD] >>> 32) & 0xFFFF;
    }

    /** Receive: RSS hash, with {@link PacketFlags#RX_HASH}. */
    public int rxHash(int i) {
        return (int) words[(i << SHIFT) + OFFLOAD];
    }

    /** Receive: records how many segments of what size were merged, with {@link PacketFlags#RX_LRO}. */
    public void lro(int i, int segments, int mss) {
        lro[i] = segments << 16 | mss & 0xFFFF;
    }

    /** Receive: merged segments, with {@link PacketFlags#RX_LRO}. */
    public int segments(int i) {
        return lro[i] >>> 16;
    }

    /** Receive: payload bytes of a merged segment, with {@link PacketFlags#RX_LRO}. */
    public int mss(int i) {
        return lro[i] & 0xFFFF;
    }
}
