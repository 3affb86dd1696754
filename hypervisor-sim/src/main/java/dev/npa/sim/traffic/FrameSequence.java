package dev.npa.sim.traffic;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Frames that a source sends over and over, ready to go: one direct buffer, columns of primitives, for each frame what
 * the sender asks for with it, and the fields that make it unique. {@link #stamp} writes these fields for the n-th
 * round, so that no two frames of a flow are alike on the wire, in one round or between rounds. {@link SequenceBuilder}
 * says which field is whose.
 *
 * <p>One thread: stamping changes the frame in place.
 */
public final class FrameSequence {

    static final int TRAILER = 4;
    /** The kinds of number in a frame, by column {@code kind}. */
    static final byte NONE = 0;
    static final byte IPV4_ID = 1;
    static final byte IPV6_LABEL = 2;
    static final byte IPV6_FRAGMENT_ID = 3;
    /** 32 bits of payload, big-endian, of a frame whose checksum the NIC inserts. */
    static final byte PAYLOAD = 4;

    private static final int LABEL_MASK = 0xF_FFFF;

    private final ByteBuffer bytes;
    private final int[] offsets;
    private final int[] lengths;
    private final long[] times;
    private final int[] flags;
    private final long[] offloads;
    private final int[] frames;
    private final boolean[] trailer;
    private final byte[] kind;
    private final int[] field;
    private final int[] first;
    private final int[] stride;
    /** IPv4 checksum that follows the identification; 0 = the NIC inserts it, or none. */
    private final int[] ipChecksum;
    /** TCP sequence number that advances from round to round; 0 = none. */
    private final int[] sequence;
    private final int[] sequenceFirst;
    private final int[] sequenceStride;
    /** TCP checksum that follows the sequence number; 0 = the NIC inserts it. */
    private final int[] tcpChecksum;
    private final long period;
    private final int longest;
    private final boolean requests;

    FrameSequence(SequenceBuilder b, long period) {
        int total = 0;
        int max = 0;
        boolean any = false;
        for (SequenceBuilder.Entry e : b.entries) {
            total = Math.addExact(total, e.frame.length + 7 & ~7);
            max = Math.max(max, e.frame.length);
            any |= e.flags != 0;
        }
        int count = b.entries.size();
        this.bytes = ByteBuffer.allocateDirect(total).order(ByteOrder.BIG_ENDIAN);
        this.offsets = new int[count];
        this.lengths = new int[count];
        this.times = new long[count];
        this.flags = new int[count];
        this.offloads = new long[count];
        this.frames = new int[count];
        this.trailer = new boolean[count];
        this.kind = new byte[count];
        this.field = new int[count];
        this.first = new int[count];
        this.stride = new int[count];
        this.ipChecksum = new int[count];
        this.sequence = new int[count];
        this.sequenceFirst = new int[count];
        this.sequenceStride = new int[count];
        this.tcpChecksum = new int[count];
        this.period = period;
        this.longest = max;
        this.requests = any;
        int at = 0;
        for (int i = 0; i < count; i++) {
            SequenceBuilder.Entry e = b.entries.get(i);
            bytes.put(at, e.frame);
            offsets[i] = at;
            lengths[i] = e.frame.length;
            times[i] = e.nanos;
            flags[i] = e.flags;
            offloads[i] = e.offload;
            frames[i] = e.frames;
            trailer[i] = e.trailer;
            kind[i] = e.kind;
            field[i] = at + e.field;
            first[i] = e.number;
            stride[i] = e.stride();
            ipChecksum[i] = e.ipChecksum == 0 ? 0 : at + e.ipChecksum;
            sequence[i] = e.sequence == 0 ? 0 : at + e.sequence;
            sequenceFirst[i] = e.sequence == 0 ? 0 : Net.get32(e.frame, e.sequence);
            sequenceStride[i] = e.sequenceStride();
            tcpChecksum[i] = e.tcpChecksum == 0 ? 0 : at + e.tcpChecksum;
            at += e.frame.length + 7 & ~7;
        }
    }

    /** Frames in one round, as they are handed over. */
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

    /** Whether a frame needs a stack that meets requests. */
    boolean hasRequests() {
        return requests;
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

    /** What is asked for: TX bits of {@link dev.npa.shell.PacketFlags}. */
    int flags(int index) {
        return flags[index];
    }

    /** Transmit word of {@link dev.npa.shell.PacketBurst}. */
    long offload(int index) {
        return offloads[index];
    }

    /** Frames that it is on the wire. */
    int frames(int index) {
        return frames[index];
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
        int at = field[index];
        int number = (int) (first[index] + round * stride[index]);
        switch (kind[index]) {
            case IPV4_ID -> stampIpv4(at, number & 0xFFFF, ipChecksum[index]);
            case IPV6_LABEL -> bytes.putInt(at, bytes.getInt(at) & ~LABEL_MASK | number & LABEL_MASK);
            case IPV6_FRAGMENT_ID -> bytes.putInt(at, number);
            case PAYLOAD -> bytes.putInt(at, (int) (round * lengths.length + index));
            default -> {
                // The trailer or the sequence number alone makes it unique.
            }
        }
        if (sequence[index] != 0) {
            stampSequence(sequence[index], (int) (sequenceFirst[index] + round * sequenceStride[index]),
                    tcpChecksum[index]);
        }
    }

    private void stampIpv4(int at, int id, int checksum) {
        int old = Short.toUnsignedInt(bytes.getShort(at + Ether.IPV4_ID));
        bytes.putShort(at + Ether.IPV4_ID, (short) id);
        if (checksum != 0) {
            follow(checksum, old, id);
        }
    }

    private void stampSequence(int at, int number, int checksum) {
        int old = bytes.getInt(at);
        bytes.putInt(at, number);
        if (checksum != 0) {
            follow(checksum, old >>> 16, number >>> 16);
            follow(checksum, old & 0xFFFF, number & 0xFFFF);
        }
    }

    /** RFC 1624: the new checksum follows from the old one and the word that changes. */
    private void follow(int checksum, int old, int now) {
        int sum = (~bytes.getShort(checksum) & 0xFFFF) + (~old & 0xFFFF) + now;
        sum = (sum & 0xFFFF) + (sum >>> 16);
        sum = (sum & 0xFFFF) + (sum >>> 16);
        bytes.putShort(checksum, (short) ~sum);
    }
}
