package dev.npa.sim.vmxnet3;

import java.nio.ByteBuffer;

/** Puts 802.1Q tags into frames and takes them out by moving the two addresses in front. */
final class VlanTag {

    static final int LENGTH = 4;
    private static final int MACS = 12;

    private VlanTag() {}

    /**
     * Inserts a tag behind the addresses. The buffer needs {@link #LENGTH} bytes of room before the frame.
     *
     * @return new start of the frame, {@link #LENGTH} lower
     */
    static int insert(ByteBuffer buffer, int start, int tci) {
        int to = start - LENGTH;
        move(buffer, start, to);
        buffer.put(to + MACS, (byte) 0x81);
        buffer.put(to + MACS + 1, (byte) 0);
        TxChecksum.putWord(buffer, to + MACS + 2, tci);
        return to;
    }

    /** Removes the tag; returns the new start of the frame, {@link #LENGTH} higher. */
    static int strip(ByteBuffer buffer, int start) {
        move(buffer, start, start + LENGTH);
        return start + LENGTH;
    }

    private static void move(ByteBuffer buffer, int from, int to) {
        long first = buffer.getLong(from);
        int rest = buffer.getInt(from + 8);
        buffer.putLong(to, first);
        buffer.putInt(to + 8, rest);
    }
}
