package dev.npa.sim.traffic;

import java.nio.ByteBuffer;

/**
 * Where the headers of one frame in a buffer are; offsets are the buffer's. A frame whose IP header does not fit its
 * bytes is opaque. Written for the account alone and shared with no device. Reused from frame to frame; one thread at a
 * time; big-endian buffers only.
 */
final class FrameLayout {

    private static final int MAX_EXTENSIONS = 8;

    /** Bytes of the tags between the addresses and the type. */
    int tags;
    /** 4, 6, or 0 when opaque. */
    int ipVersion;
    int network;
    /** Transport protocol; -1 when opaque. */
    int protocol;
    int transport;
    /** Behind the IP datagram; behind the frame when opaque. */
    int end;
    boolean fragment;
    /** Whether it is a whole TCP segment. */
    boolean tcp;
    /** TCP: the first byte behind the header; the segment's data ends at {@link #end}. */
    int payload;

    /**
     * Finds the headers of the frame in {@code [offset, offset + length)}, at least 14 bytes.
     *
     * @param whole the IP datagram ends with the frame, whatever its length field says
     */
    void parse(ByteBuffer b, int offset, int length, boolean whole) {
        int limit = offset + length;
        int at = offset + Ether.HEADER;
        int type = u16(b, offset + Ether.TYPE);
        while (Ether.isTag(type) && limit - at >= Ether.VLAN_TAG) {
            type = u16(b, at + 2);
            at += Ether.VLAN_TAG;
        }
        tags = at - offset - Ether.HEADER;
        ipVersion = 0;
        network = at;
        protocol = -1;
        transport = limit;
        end = limit;
        fragment = false;
        tcp = false;
        payload = limit;
        if (type == Ether.TYPE_IPV4 && limit - at >= Ether.IPV4_HEADER && (b.get(at) & 0xF0) == 0x40) {
            ipv4(b, at, limit, whole);
        } else if (type == Ether.TYPE_IPV6 && limit - at >= Ether.IPV6_HEADER && (b.get(at) & 0xF0) == 0x60) {
            ipv6(b, at, limit, whole);
        }
        if (protocol == Ether.TCP && !fragment && end - transport >= Ether.TCP_HEADER) {
            int header = 4 * (b.get(transport + 12) >>> 4 & 0xF);
            tcp = header >= Ether.TCP_HEADER && transport + header <= end;
            payload = tcp ? transport + header : limit;
        }
    }

    private void ipv4(ByteBuffer b, int at, int limit, boolean whole) {
        int header = 4 * (b.get(at) & 0xF);
        int total = whole ? limit - at : u16(b, at + Ether.IPV4_TOTAL_LENGTH);
        if (header < Ether.IPV4_HEADER || total < header || total > limit - at) {
            return;
        }
        ipVersion = 4;
        protocol = b.get(at + Ether.IPV4_PROTOCOL) & 0xFF;
        transport = at + header;
        end = at + total;
        fragment = (u16(b, at + Ether.IPV4_FRAGMENT) & Ether.IPV4_FRAGMENT_MASK) != 0;
    }

    private void ipv6(ByteBuffer b, int at, int limit, boolean whole) {
        int header = at + Ether.IPV6_HEADER;
        int stop = whole ? limit : header + u16(b, at + Ether.IPV6_PAYLOAD_LENGTH);
        if (stop > limit) {
            return;
        }
        int next = b.get(at + Ether.IPV6_NEXT_HEADER) & 0xFF;
        for (int i = 0; i < MAX_EXTENSIONS && stop - header >= 8; i++) {
            boolean split = next == Ether.FRAGMENT;
            if (!split && !Ether.isExtension(next)) {
                break;
            }
            fragment |= split;
            next = b.get(header) & 0xFF;
            header += split ? Ether.FRAGMENT_HEADER : Ether.extensionLength(b.get(header + 1) & 0xFF);
        }
        if (header > stop) {
            fragment = false;
            return;
        }
        ipVersion = 6;
        protocol = next;
        transport = header;
        end = stop;
    }

    /** Sequence number of a TCP segment. */
    int sequence(ByteBuffer b) {
        return b.getInt(transport + Ether.TCP_SEQUENCE);
    }

    int tcpFlags(ByteBuffer b) {
        return b.get(transport + Ether.TCP_FLAGS) & 0xFF;
    }

    static int u16(ByteBuffer b, int at) {
        return Short.toUnsignedInt(b.getShort(at));
    }
}
