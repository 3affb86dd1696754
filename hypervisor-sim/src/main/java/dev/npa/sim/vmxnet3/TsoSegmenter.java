package dev.npa.sim.vmxnet3;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.sim.net.packet.InternetChecksum;
import dev.npa.sim.net.packet.PacketHeaders;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * TCP segmentation offload, om = 3: cuts one large TCP packet into frames of at most MSS payload bytes, with lengths,
 * IPv4 identification, sequence numbers, flags and checksums of their own; vmxnet3 §11. One packet at a time; it can
 * stop between two frames and go on later.
 */
final class TsoSegmenter {

    private static final int HEADROOM = 8;
    private static final int CAPACITY = HEADROOM + 1024 + 16384;
    private static final int TCP_SEQUENCE = 4;
    private static final int TCP_OFFSET = 12;
    private static final int TCP_FLAGS = 13;
    private static final int TCP_CHECKSUM = 16;
    private static final int FIN = 0x01;
    private static final int PSH = 0x08;
    private static final int CWR = 0x80;

    private final PacketHeaders headers;
    private final PacketHeaders segmentHeaders = new PacketHeaders();
    private final ByteBuffer segment = ByteBuffer.allocateDirect(CAPACITY).order(ByteOrder.LITTLE_ENDIAN);
    private ByteBuffer source;
    private int start;
    private int headerLength;
    private int mss;
    private int payload;
    private int done;
    private int index;
    private int tci;
    private int segmentStart;
    private int segmentLength;

    TsoSegmenter(PacketHeaders headers) {
        this.headers = headers;
    }

    /**
     * Takes a packet.
     *
     * @param hlen bytes of all headers, TCP options included
     * @param tag tag to insert into each frame, -1 = none
     * @return false if it is not a TCP packet that can be cut so
     */
    boolean begin(ByteBuffer buffer, int from, int length, int hlen, int segmentBytes, int tag) {
        if (segmentBytes == 0 || hlen > length || !stateLength(buffer, from, length)) {
            return false;
        }
        headers.parse(buffer, from, length);
        if (!headers.isTcp() || hlen != headers.l4() + (headers.octet(headers.l4() + TCP_OFFSET) >>> 4) * 4) {
            return false;
        }
        source = buffer;
        start = from;
        headerLength = hlen;
        mss = segmentBytes;
        payload = length - hlen;
        done = 0;
        index = 0;
        tci = tag;
        segmentLength = 0;
        return true;
    }

    /** Builds the first frame: nobody else cuts the packet. */
    void cut() {
        build();
    }

    /** Whether the packet could be cut by a NIC: untagged, no extension headers, more than one frame. */
    boolean isPlain() {
        return tci < 0 && headers.vlanTci() < 0 && !headers.isExtended() && payload > mss;
    }

    /**
     * Leaves the checksum fields as a NIC that cuts packets wants them.
     *
     * @return the request as flags of a packet
     */
    int request() {
        boolean v4 = headers.ipVersion() == 4;
        if (v4) {
            TxChecksum.putWord(source, start + headers.l3() + 10, 0);
        }
        TxChecksum.putWord(source, start + headers.l4() + TCP_CHECKSUM, headers.pseudoHeaderSum(0));
        return PacketFlags.TX_TSO | PacketFlags.TX_TCP_CHECKSUM
                | (v4 ? PacketFlags.TX_IPV4 | PacketFlags.TX_IP_CHECKSUM : PacketFlags.TX_IPV6);
    }

    /** Header lengths and MSS for {@link #request}. */
    long offload() {
        return PacketBurst.txOffload(headers.l3(), headers.l4() - headers.l3(), headerLength - headers.l4(), mss, 0);
    }

    /** Frames that the packet becomes. */
    int frames() {
        return (payload + mss - 1) / mss;
    }

    /** Bytes of all these frames. */
    int bytes() {
        return payload + frames() * headerLength;
    }

    /** Drivers may zero the IP length of a TSO packet; states what is there, so that it can be parsed. */
    private static boolean stateLength(ByteBuffer buffer, int from, int length) {
        if (length < PacketHeaders.ETHERNET + 40) {
            return false;
        }
        int l3 = PacketHeaders.ETHERNET;
        int type = word(buffer, from + 12);
        if (type == PacketHeaders.TYPE_VLAN) {
            l3 += PacketHeaders.TAG;
            type = word(buffer, from + 16);
        }
        boolean v4 = type == PacketHeaders.TYPE_IPV4;
        int bytes = v4 ? length - l3 : length - l3 - 40;
        if (!v4 && type != PacketHeaders.TYPE_IPV6 || bytes < 0 || bytes > 0xFFFF) {
            return false;
        }
        TxChecksum.putWord(buffer, from + l3 + (v4 ? 2 : 4), bytes);
        return true;
    }

    /** Whether a frame is left; it is in {@link #buffer()}. */
    boolean hasFrame() {
        return segmentLength != 0;
    }

    ByteBuffer buffer() {
        return segment;
    }

    int offset() {
        return segmentStart;
    }

    int length() {
        return segmentLength;
    }

    /** Goes on to the next frame. */
    void next() {
        done += Math.min(mss, payload - done);
        index++;
        if (done >= payload) {
            segmentLength = 0;
        } else {
            build();
        }
    }

    private void build() {
        int piece = Math.min(mss, payload - done);
        int length = headerLength + piece;
        segment.put(HEADROOM, source, start, headerLength);
        segment.put(HEADROOM + headerLength, source, start + headerLength + done, piece);
        int l3 = headers.l3();
        if (headers.ipVersion() == 4) {
            int at = HEADROOM + l3;
            TxChecksum.putWord(segment, at + 2, length - l3);
            TxChecksum.putWord(segment, at + 4, headers.word(l3 + 4) + index);
            TxChecksum.putWord(segment, at + 10, 0);
            int sum = InternetChecksum.sum(segment, at, (headers.octet(l3) & 15) * 4);
            TxChecksum.putWord(segment, at + 10, InternetChecksum.complement(sum));
        } else {
            TxChecksum.putWord(segment, HEADROOM + l3 + 4, length - l3 - 40);
        }
        fixTcp(HEADROOM + headers.l4(), done + piece == payload);
        int tcpLength = length - headers.l4();
        segmentHeaders.parse(segment, HEADROOM, length);
        int sum = InternetChecksum.add(segmentHeaders.pseudoHeaderSum(tcpLength),
                InternetChecksum.sum(segment, HEADROOM + headers.l4(), tcpLength));
        TxChecksum.putWord(segment, HEADROOM + headers.l4() + TCP_CHECKSUM, InternetChecksum.complement(sum));
        segmentStart = tci < 0 ? HEADROOM : VlanTag.insert(segment, HEADROOM, tci);
        segmentLength = tci < 0 ? length : length + VlanTag.LENGTH;
    }

    private void fixTcp(int at, boolean last) {
        int sequence = (headers.word(headers.l4() + TCP_SEQUENCE) << 16 | headers.word(headers.l4() + TCP_SEQUENCE + 2))
                + done;
        TxChecksum.putWord(segment, at + TCP_SEQUENCE, sequence >>> 16);
        TxChecksum.putWord(segment, at + TCP_SEQUENCE + 2, sequence);
        int flags = segment.get(at + TCP_FLAGS) & 0xFF;
        if (!last) {
            flags &= ~(FIN | PSH);
        }
        if (index > 0) {
            flags &= ~CWR;
        }
        segment.put(at + TCP_FLAGS, (byte) flags);
        TxChecksum.putWord(segment, at + TCP_CHECKSUM, 0);
    }

    private static int word(ByteBuffer buffer, int at) {
        return (buffer.get(at) & 0xFF) << 8 | buffer.get(at + 1) & 0xFF;
    }
}
