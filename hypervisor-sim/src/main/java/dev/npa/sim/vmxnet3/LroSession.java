package dev.npa.sim.vmxnet3;

import dev.npa.sim.net.packet.InternetChecksum;
import dev.npa.sim.net.packet.PacketHeaders;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * TCP segments of one flow that become one packet for the guest; vmxnet3 §9, RxCompDescExt. A segment is taken when its
 * headers are those of the packet but for what changes from segment to segment, when it is the next in sequence, and
 * when it is as long as the first; a shorter one, or PSH, ends the packet.
 *
 * <p>Reused; under the device's lock.
 */
final class LroSession {

    /** segCnt has eight bits. */
    private static final int MOST_SEGMENTS = 255;
    private static final int LONGEST_DATAGRAM = 65_535;
    private static final int HEADROOM = 8;
    private static final int TCP_SEQUENCE = 4;
    private static final int TCP_ACK = 8;
    private static final int TCP_OFFSET = 12;
    private static final int TCP_FLAGS = 13;
    private static final int TCP_WINDOW = 14;
    private static final int TCP_CHECKSUM = 16;
    private static final int TCP_HEADER = 20;
    private static final int TIMESTAMP_OPTIONS = 12;
    private static final int NOP_NOP_TIMESTAMP = 0x0101_080A;
    private static final int ACK = 0x10;
    private static final int PSH = 0x08;

    private final ByteBuffer bytes =
            ByteBuffer.allocateDirect(HEADROOM + 64 + LONGEST_DATAGRAM + 64).order(ByteOrder.LITTLE_ENDIAN);
    private int alone;
    private int length;
    private int l3;
    private int l4;
    private int payload;
    private int mss;
    private int segments;
    private int nextSequence;
    private int lastId;
    private int firstTimestamp;
    private int lastTimestamp;
    /** Sum of all payload, from the segments' checksums, which are right: nothing is summed twice. */
    private int payloadSum;
    private boolean closed;
    private boolean used;

    /** Whether segments wait here for their packet's end. */
    boolean isOpen() {
        return used;
    }

    /** Offset of the payload of a frame that may be merged; -1 if it may not. The frame's checksums are right. */
    static int payload(PacketHeaders h) {
        if (!h.isTcp() || h.isExtended()) {
            return -1;
        }
        int header = (h.octet(h.l4() + TCP_OFFSET) >>> 4) * 4;
        int options = header - TCP_HEADER;
        boolean known = options == 0 || options == TIMESTAMP_OPTIONS && h.l4() + header <= h.ipEnd()
                && word32(h, h.l4() + TCP_HEADER) == NOP_NOP_TIMESTAMP;
        int at = h.l4() + header;
        return known && at < h.ipEnd() && (h.octet(h.l4() + TCP_FLAGS) & ~PSH) == ACK ? at : -1;
    }

    private static int word32(PacketHeaders h, int at) {
        return h.word(at) << 16 | h.word(at + 2);
    }

    /** Begins a packet with the frame at {@code from}. */
    void begin(ByteBuffer frame, int from, int frameLength, PacketHeaders h, int payloadAt) {
        // Alone it stays as it came, padding included; segments are merged without.
        alone = frameLength;
        length = h.ipEnd();
        bytes.put(HEADROOM, frame, from, frameLength);
        l3 = h.l3();
        l4 = h.l4();
        payload = payloadAt;
        mss = length - payloadAt;
        segments = 1;
        payloadSum = payloadSum(frame, from, h, payloadAt);
        nextSequence = word32(h, l4 + TCP_SEQUENCE) + mss;
        lastId = h.word(l3 + 4);
        firstTimestamp = timestamp(h);
        lastTimestamp = firstTimestamp;
        closed = (h.octet(l4 + TCP_FLAGS) & PSH) != 0;
        used = true;
    }

    /** With a right checksum, pseudo-header, header and payload add up to all ones. */
    private static int payloadSum(ByteBuffer frame, int from, PacketHeaders h, int payloadAt) {
        int headers = InternetChecksum.add(h.pseudoHeaderSum(h.ipEnd() - h.l4()),
                InternetChecksum.sum(frame, from + h.l4(), payloadAt - h.l4()));
        return InternetChecksum.complement(headers);
    }

    private int timestamp(PacketHeaders h) {
        return payload - l4 == TCP_HEADER ? 0 : word32(h, l4 + TCP_HEADER + 4);
    }

    /** Whether a frame is of the flow whose segments wait here: nothing of it may overtake them. */
    boolean isFlow(ByteBuffer frame, int from, PacketHeaders h) {
        if (!h.isTcp() || h.l3() != l3 || h.ipVersion() != version()) {
            return false;
        }
        // A frame with IP options is of the flow as well and must not overtake it: its ports are further back.
        int addresses = l3 + (version() == 4 ? 12 : 8);
        return same(frame, from, addresses, addresses + (version() == 4 ? 8 : 32))
                && same(frame, from + h.l4() - l4, l4, l4 + 4);
    }

    private int version() {
        return bytes.get(HEADROOM + l3) >>> 4 & 15;
    }

    private boolean same(ByteBuffer frame, int from, int begin, int end) {
        int i = begin;
        if (frame.order() == bytes.order()) {
            for (; i + 4 <= end; i += 4) {
                if (bytes.getInt(HEADROOM + i) != frame.getInt(from + i)) {
                    return false;
                }
            }
        }
        for (; i < end; i++) {
            if (bytes.get(HEADROOM + i) != frame.get(from + i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a frame of this flow is the next segment of the packet. */
    boolean fits(ByteBuffer frame, int from, PacketHeaders h, int payloadAt) {
        int piece = h.ipEnd() - payloadAt;
        return !closed && payloadAt == payload && h.l4() == l4 && piece <= mss && segments < MOST_SEGMENTS
                && length + piece - l3 <= LONGEST_DATAGRAM && word32(h, l4 + TCP_SEQUENCE) == nextSequence
                && same(frame, from, 0, l3) && sameNetwork(frame, from, h)
                && same(frame, from, l4 + TCP_OFFSET, l4 + TCP_OFFSET + 1);
    }

    private boolean sameNetwork(ByteBuffer frame, int from, PacketHeaders h) {
        if (version() == 4) {
            return same(frame, from, l3, l3 + 2) && h.word(l3 + 4) == (lastId + 1 & 0xFFFF)
                    && same(frame, from, l3 + 6, l3 + 10);
        }
        return same(frame, from, l3, l3 + 4) && same(frame, from, l3 + 6, l4);
    }

    /** Length of the packet with this frame. */
    int lengthWith(PacketHeaders h, int payloadAt) {
        return length + h.ipEnd() - payloadAt;
    }

    /** Appends a frame that {@link #fits}. */
    void append(ByteBuffer frame, int from, PacketHeaders h, int payloadAt) {
        int piece = h.ipEnd() - payloadAt;
        bytes.put(HEADROOM + length, frame, from + payloadAt, piece);
        int sum = payloadSum(frame, from, h, payloadAt);
        // Behind an odd number of bytes the halves of all words change places, and so do those of their sum.
        payloadSum = InternetChecksum.add(payloadSum,
                (length - payload & 1) == 0 ? sum : Integer.reverseBytes(sum << 16) & 0xFFFF);
        length += piece;
        segments++;
        nextSequence += piece;
        lastId = h.word(l3 + 4);
        lastTimestamp = timestamp(h);
        int tcp = HEADROOM + l4;
        bytes.put(tcp + TCP_ACK, frame, from + l4 + TCP_ACK, 4);
        bytes.put(tcp + TCP_WINDOW, frame, from + l4 + TCP_WINDOW, 2);
        bytes.put(tcp + TCP_HEADER, frame, from + l4 + TCP_HEADER, payload - l4 - TCP_HEADER);
        int flags = h.octet(l4 + TCP_FLAGS);
        bytes.put(tcp + TCP_FLAGS, (byte) (bytes.get(tcp + TCP_FLAGS) | flags));
        closed = piece < mss || (flags & PSH) != 0;
    }

    /** Makes the packet's headers those of one packet of its length. */
    void finish(PacketHeaders headers) {
        if (segments == 1) {
            return;
        }
        int ip = HEADROOM + l3;
        if (version() == 4) {
            TxChecksum.putWord(bytes, ip + 2, length - l3);
            TxChecksum.putWord(bytes, ip + 10, 0);
            TxChecksum.putWord(bytes, ip + 10,
                    InternetChecksum.complement(InternetChecksum.sum(bytes, ip, l4 - l3)));
        } else {
            TxChecksum.putWord(bytes, ip + 4, length - l3 - 40);
        }
        headers.parse(bytes, HEADROOM, length);
        TxChecksum.putWord(bytes, HEADROOM + l4 + TCP_CHECKSUM, 0);
        int sum = InternetChecksum.add(InternetChecksum.add(headers.pseudoHeaderSum(length - l4),
                InternetChecksum.sum(bytes, HEADROOM + l4, payload - l4)), payloadSum);
        TxChecksum.putWord(bytes, HEADROOM + l4 + TCP_CHECKSUM, InternetChecksum.complement(sum));
    }

    void close() {
        used = false;
    }

    ByteBuffer buffer() {
        return bytes;
    }

    int start() {
        return HEADROOM;
    }

    int length() {
        return segments == 1 ? alone : length;
    }

    /** Check bits of the completion: everything in the packet was verified. */
    int checks() {
        return RxDescriptor.TCP | RxDescriptor.TUC
                | (version() == 4 ? RxDescriptor.V4 | RxDescriptor.IPC : RxDescriptor.V6);
    }

    int segments() {
        return segments;
    }

    int mss() {
        return mss;
    }

    /** By how much the TCP timestamp grew over the packet, at most 65,535. */
    int timestampDelta() {
        return Math.min(lastTimestamp - firstTimestamp, 0xFFFF) & 0xFFFF;
    }
}
