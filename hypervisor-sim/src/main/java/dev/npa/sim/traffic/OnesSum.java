package dev.npa.sim.traffic;

import java.nio.ByteBuffer;

/** One's complement sums of RFC 1071 over big-endian buffers, for the account's reference only. */
final class OnesSum {

    private OnesSum() {}

    /** Folded sum, 0..0xFFFF, of {@code length} bytes and {@code more}; an odd last byte is the high half of a word. */
    static int of(ByteBuffer b, int offset, int length, long more) {
        long sum = more;
        int at = offset;
        int end = offset + length;
        for (; end - at >= 4; at += 4) {
            sum += Integer.toUnsignedLong(b.getInt(at));
        }
        if (end - at >= 2) {
            sum += Short.toUnsignedInt(b.getShort(at));
            at += 2;
        }
        if (at < end) {
            sum += (b.get(at) & 0xFFL) << 8;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return (int) sum;
    }

    /** Sum of the pseudo-header of RFC 793 and RFC 8200 section 8.1 with this upper-layer length. */
    static int pseudo(ByteBuffer b, FrameLayout at, int upperLength) {
        return at.ipVersion == 4 ? of(b, at.network + Ether.IPV4_SOURCE, 8, at.protocol + upperLength)
                : of(b, at.network + Ether.IPV6_SOURCE, 32, at.protocol + upperLength);
    }

    /** Sum of pseudo-header and transport: 0xFFFF when the checksum in it is right. */
    static int transport(ByteBuffer b, FrameLayout at) {
        int length = at.end - at.transport;
        return of(b, at.transport, length, pseudo(b, at, length));
    }

    /** One sentence about the first wrong checksum of a frame; null if all are right or cannot be judged. */
    static String wrong(ByteBuffer b, FrameLayout at) {
        if (at.ipVersion == 4 && of(b, at.network, at.transport - at.network, 0) != 0xFFFF) {
            return "its IPv4 header checksum is wrong";
        }
        boolean udp = at.protocol == Ether.UDP && !at.fragment && at.end - at.transport >= Ether.UDP_HEADER
                && (at.ipVersion == 6 || b.getShort(at.transport + Ether.UDP_CHECKSUM) != 0);
        if ((at.tcp || udp) && transport(b, at) != 0xFFFF) {
            return "its " + (udp ? "UDP" : "TCP") + " checksum is wrong";
        }
        return null;
    }
}
