package dev.npa.sim.traffic;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Frames that a source sends over and over, ready to go: one direct buffer, columns of primitives, and for each frame
 * the fields that make it unique. {@link #stamp} writes these fields for the n-th round, so that no two frames of a
 * flow are alike, in one round or between rounds.
 *
 * <p>A frame with four bytes to spare carries a 32-bit number as a trailer behind its datagram, where no protocol
 * looks: the frame's number counted over all rounds, big-endian. A frame without carries a number of its flow in the
 * IPv4 identification (header checksum kept right) or in the IPv6 flow label; it recurs after 2^16 or 2^20 such frames
 * of the flow. Fragments of one datagram share a new identification.
 *
 * <p>One thread: stamping changes the frame in place.
 */
public final class FrameSequence {

    static final int TRAILER = 4;
    /** The kinds of number in a header, by column {@code kind}. */
    static final byte NONE = 0;
    static final byte IPV4_ID = 1;
    static final byte IPV6_LABEL = 2;
    static final byte IPV6_FRAGMENT_ID = 3;

    private static final int LABEL_MASK = 0xF_FFFF;

    private final ByteBuffer bytes;
    private final int[] offsets;
    private final int[] lengths;
    private final long[] times;
    private final boolean[] trailer;
    private final byte[] kind;
    private final int[] network;
    private final int[] first;
    private final int[] stride;
    private final long period;
    private final int longest;

    FrameSequence(SequenceBuilder b, long period) {
        int total = 0;
        int max = 0;
        for (byte[] f : b.frames) {
            total = Math.addExact(total, f.length + 7 & ~7);
            max = Math.max(max, f.length);
        }
        int count = b.frames.size();
        this.bytes = ByteBuffer.allocateDirect(total).order(ByteOrder.BIG_ENDIAN);
        this.offsets = new int[count];
        this.lengths = new int[count];
        this.times = new long[count];
        this.trailer = new boolean[count];
        this.kind = new byte[count];
        this.network = new int[count];
        this.first = new int[count];
        this.stride = new int[count];
        this.period = period;
        this.longest = max;
        int at = 0;
        for (int i = 0; i < count; i++) {
            SequenceBuilder.Entry e = b.entries.get(i);
            byte[] f = b.frames.get(i);
            bytes.put(at, f);
            offsets[i] = at;
            lengths[i] = f.length;
            times[i] = e.nanos();
            trailer[i] = e.trailer();
            kind[i] = e.kind();
            network[i] = at + e.field();
            first[i] = e.number();
            stride[i] = b.stride(e);
            at += f.length + 7 & ~7;
        }
    }

    /** Frames in one round. */
    public int size() {
        return lengths.length;
    }

    /** Machine time of one round at the capture's own speed. */
    public long periodNanos() {
        return period;
    }

    /** Length of the longest frame. */
    public int longest() {
        return longest;
    }

    /** Time of a frame from the start of its round at the capture's own speed. */
    long nanos(int index) {
        return times[index];
    }

    int length(int index) {
        return lengths[index];
    }

    int offset(int index) {
        return offsets[index];
    }

    /** Holds the frames at their offsets. */
    ByteBuffer buffer() {
        return bytes;
    }

    /** Makes a frame unique: writes its numbers for this round, from 0. */
    void stamp(int index, long round) {
        if (trailer[index]) {
            bytes.putInt(offsets[index] + lengths[index] - TRAILER, (int) (round * lengths.length + index));
        }
        int number = (int) (first[index] + round * stride[index]);
        switch (kind[index]) {
            case IPV4_ID -> stampIpv4(network[index], number & 0xFFFF);
            case IPV6_LABEL -> {
                int at = network[index];
                bytes.putInt(at, bytes.getInt(at) & ~LABEL_MASK | number & LABEL_MASK);
            }
            case IPV6_FRAGMENT_ID -> bytes.putInt(network[index], number);
            default -> {
                // The trailer alone makes it unique.
            }
        }
    }

    /** RFC 1624: the new checksum follows from the old one and the words that change. */
    private void stampIpv4(int at, int id) {
        int old = Short.toUnsignedInt(bytes.getShort(at + Ether.IPV4_ID));
        int checksum = Short.toUnsignedInt(bytes.getShort(at + Ether.IPV4_CHECKSUM));
        int sum = (~checksum & 0xFFFF) + (~old & 0xFFFF) + id;
        sum = (sum & 0xFFFF) + (sum >>> 16);
        sum = (sum & 0xFFFF) + (sum >>> 16);
        bytes.putShort(at + Ether.IPV4_ID, (short) id);
        bytes.putShort(at + Ether.IPV4_CHECKSUM, (short) ~sum);
    }
}
