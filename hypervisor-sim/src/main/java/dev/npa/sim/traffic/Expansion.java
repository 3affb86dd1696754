package dev.npa.sim.traffic;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.nio.ByteBuffer;

/**
 * What a frame with requests is on the wire: the reference by which the account judges every device and stack. Written
 * from the meaning of the requests ({@link PacketFlags}) and of the protocols alone; it shares no code with devices,
 * plugins and shells, and looks at the frame's own headers, not at the header lengths in the offload word.
 *
 * <p>With TX_TSO a TCP frame becomes segments of MSS payload bytes: the IPv4 identification counts up, the sequence
 * number advances, FIN and PSH stay on the last and CWR on the first, lengths and checksums are each segment's own.
 * With a checksum request the checksum is made right. With TX_VLAN the tag stands behind the addresses.
 *
 * <p>One record at a time; one thread; allocates nothing. Buffers are big-endian.
 */
final class Expansion {

    private static final int LONGEST = 1 << 17;
    private static final int L4_REQUESTS = PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_UDP_CHECKSUM;

    private final ByteBuffer out = ByteBuffer.allocateDirect(LONGEST);
    private final FrameLayout layout = new FrameLayout();
    private final FrameLayout built = new FrameLayout();
    private ByteBuffer source;
    private int start;
    private int length;
    private int flags;
    private int mss;
    private int tci;
    private int outLength;

    /** Takes a record; returns how many frames it is on the wire, at least 1. */
    int begin(ByteBuffer frame, int offset, int bytes, int requests, long offload) {
        source = frame;
        start = offset;
        length = bytes;
        flags = requests;
        mss = (int) (offload >>> 24) & 0xFFFF;
        tci = (int) (offload >>> 40) & 0xFFFF;
        layout.parse(frame, offset, bytes, isTso());
        if (!isTso()) {
            return 1;
        }
        if (!layout.tcp || mss == 0) {
            throw new IllegalArgumentException("a TSO request for a frame of " + bytes
                    + " bytes that is not TCP, or has MSS 0");
        }
        return count(layout.end - layout.payload, mss);
    }

    /** Segments of so many payload bytes; a segment without payload is one. */
    static int count(int payload, int mss) {
        return Math.max(1, (payload + mss - 1) / mss);
    }

    /** The MSS in a transmit word. */
    static int mss(long offload) {
        return (int) (offload >>> 24) & 0xFFFF;
    }

    private boolean isTso() {
        return (flags & PacketFlags.TX_TSO) != 0;
    }

    /** Makes the frame of this index; it is in {@link #buffer()} from 0 to {@link #length()}. */
    void frame(int index) {
        int tag = (flags & PacketFlags.TX_VLAN) != 0 ? Ether.VLAN_TAG : 0;
        out.put(0, source, start, Ether.TYPE);
        if (tag != 0) {
            out.putShort(Ether.TYPE, (short) Ether.TYPE_VLAN);
            out.putShort(Ether.TYPE + 2, (short) tci);
        }
        int header = (isTso() ? layout.payload - start : length) - Ether.TYPE;
        out.put(Ether.TYPE + tag, source, start + Ether.TYPE, header);
        outLength = Ether.TYPE + tag + header;
        if (isTso()) {
            int from = index * mss;
            int piece = Math.min(mss, layout.end - layout.payload - from);
            out.put(outLength, source, layout.payload + from, piece);
            outLength += piece;
            segment(index, from, layout.payload + from + piece == layout.end);
        } else if ((flags & (L4_REQUESTS | PacketFlags.TX_IP_CHECKSUM)) != 0) {
            built.parse(out, 0, outLength, false);
            if ((flags & PacketFlags.TX_IP_CHECKSUM) != 0 && built.ipVersion == 4) {
                ipv4Checksum();
            }
            if ((flags & L4_REQUESTS) != 0) {
                transportChecksum();
            }
        }
    }

    ByteBuffer buffer() {
        return out;
    }

    int length() {
        return outLength;
    }

    private void segment(int index, int advanced, boolean last) {
        built.parse(out, 0, outLength, true);
        int ip = built.network;
        if (built.ipVersion == 4) {
            out.putShort(ip + Ether.IPV4_TOTAL_LENGTH, (short) (outLength - ip));
            out.putShort(ip + Ether.IPV4_ID, (short) (out.getShort(ip + Ether.IPV4_ID) + index));
            ipv4Checksum();
        } else {
            out.putShort(ip + Ether.IPV6_PAYLOAD_LENGTH, (short) (outLength - ip - Ether.IPV6_HEADER));
        }
        int tcp = built.transport;
        out.putInt(tcp + Ether.TCP_SEQUENCE, out.getInt(tcp + Ether.TCP_SEQUENCE) + advanced);
        int off = (index > 0 ? Ether.TCP_CWR : 0) | (last ? 0 : Ether.TCP_FIN | Ether.TCP_PSH);
        out.put(tcp + Ether.TCP_FLAGS, (byte) (out.get(tcp + Ether.TCP_FLAGS) & ~off));
        transportChecksum();
    }

    private void ipv4Checksum() {
        int ip = built.network;
        out.putShort(ip + Ether.IPV4_CHECKSUM, (short) 0);
        out.putShort(ip + Ether.IPV4_CHECKSUM, (short) ~OnesSum.of(out, ip, built.transport - ip, 0));
    }

    private void transportChecksum() {
        boolean udp = built.protocol == Ether.UDP;
        int field = built.transport + (udp ? Ether.UDP_CHECKSUM : Ether.TCP_CHECKSUM);
        out.putShort(field, (short) 0);
        int value = ~OnesSum.transport(out, built) & 0xFFFF;
        out.putShort(field, (short) (udp && value == 0 ? 0xFFFF : value));
    }

    /** Transmit word for a frame of which the header lengths are these. */
    static long word(int l2, int l3, int l4, int mss, int tci) {
        return PacketBurst.txOffload(l2, l3, l4, mss, tci);
    }
}
