package dev.npa.sim.traffic;

/**
 * Where the headers of a captured frame are. Made while a capture is prepared. A frame whose IP header does not fit its
 * bytes is opaque: it is carried, but not understood.
 *
 * <p>Not {@link dev.npa.sim.net.packet.PacketHeaders}, which sees frames as a device does: captures hold stacked tags,
 * and lengths that segmentation offload left at zero; and rewriting needs to know which datagram a fragment is of.
 */
final class Headers {

    private static final int MAX_EXTENSIONS = 8;

    /** Ethernet type behind VLAN tags. */
    final int type;
    /** Offset of what follows the Ethernet header and tags. */
    final int network;
    /** 4, 6, or 0 when opaque. */
    final int ipVersion;
    /** Transport protocol; -1 when opaque. */
    final int protocol;
    /** Offset of the transport header, or of the fragment's data; -1 when opaque. */
    final int transport;
    /** Offset behind the IP datagram; the frame's length when opaque. */
    final int end;
    /** Whether this is a fragment. */
    final boolean fragment;
    /** Offset of the fragment's identification field; -1 if it is none. */
    final int fragmentId;
    /** Position of the fragment in its datagram, in the field's own coding. */
    final int fragmentOffset;

    private Headers(int type, int network, int end) {
        this.type = type;
        this.network = network;
        this.ipVersion = 0;
        this.protocol = -1;
        this.transport = -1;
        this.end = end;
        this.fragment = false;
        this.fragmentId = -1;
        this.fragmentOffset = 0;
    }

    private Headers(int type, int network, int protocol, int transport, int end, int fragmentId, int fragmentOffset) {
        this.type = type;
        this.network = network;
        this.ipVersion = type == Ether.TYPE_IPV4 ? 4 : 6;
        this.protocol = protocol;
        this.transport = transport;
        this.end = end;
        this.fragment = fragmentId >= 0;
        this.fragmentId = fragmentId;
        this.fragmentOffset = fragmentOffset;
    }

    /** Parses a frame of at least 14 bytes. */
    static Headers parse(byte[] f) {
        int type = Net.u16(f, Ether.TYPE);
        int at = Ether.HEADER;
        while (Ether.isTag(type) && f.length - at >= Ether.VLAN_TAG) {
            type = Net.u16(f, at + 2);
            at += Ether.VLAN_TAG;
        }
        Headers ip = null;
        if (type == Ether.TYPE_IPV4 && f.length - at >= Ether.IPV4_HEADER) {
            ip = ipv4(f, at);
        } else if (type == Ether.TYPE_IPV6 && f.length - at >= Ether.IPV6_HEADER) {
            ip = ipv6(f, at);
        }
        return ip != null ? ip : new Headers(type, at, f.length);
    }

    private static Headers ipv4(byte[] f, int at) {
        int header = 4 * (f[at] & 0xF);
        int total = Net.u16(f, at + Ether.IPV4_TOTAL_LENGTH);
        int protocol = Net.u8(f, at + Ether.IPV4_PROTOCOL);
        // Segmentation offload beyond 64 KiB leaves the length field zero.
        if (total == 0 && protocol == Ether.TCP && f.length - at > 0xFFFF) {
            total = f.length - at;
        }
        if (f[at] >>> 4 != 4 || header < Ether.IPV4_HEADER || total < header || total > f.length - at) {
            return null;
        }
        int fragment = Net.u16(f, at + Ether.IPV4_FRAGMENT) & Ether.IPV4_FRAGMENT_MASK;
        return new Headers(Ether.TYPE_IPV4, at, protocol, at + header, at + total,
                fragment != 0 ? at + Ether.IPV4_ID : -1, fragment);
    }

    private static Headers ipv6(byte[] f, int at) {
        int payload = Net.u16(f, at + Ether.IPV6_PAYLOAD_LENGTH);
        int next = Net.u8(f, at + Ether.IPV6_NEXT_HEADER);
        int header = at + Ether.IPV6_HEADER;
        // A zero length is a jumbogram or segmentation offload beyond 64 KiB.
        int end = payload == 0 && next != 59 ? f.length : header + payload;
        if ((f[at] & 0xF0) != 0x60 || end > f.length) {
            return null;
        }
        for (int i = 0; i < MAX_EXTENSIONS && end - header >= Ether.FRAGMENT_HEADER; i++) {
            if (next == Ether.FRAGMENT) {
                return new Headers(Ether.TYPE_IPV6, at, Net.u8(f, header), header + Ether.FRAGMENT_HEADER, end,
                        header + Ether.FRAGMENT_ID, Net.u16(f, header + 2));
            }
            if (!Ether.isExtension(next)) {
                break;
            }
            next = Net.u8(f, header);
            header += Ether.extensionLength(Net.u8(f, header + 1));
        }
        return header > end ? null : new Headers(Ether.TYPE_IPV6, at, next, header, end, -1, 0);
    }

    /** Whether a whole TCP header, options included, is there and the datagram is not a fragment. */
    boolean isTcp(byte[] f) {
        return protocol == Ether.TCP && !fragment && end - transport >= Ether.TCP_HEADER
                && tcpHeader(f) >= Ether.TCP_HEADER && tcpHeader(f) <= end - transport;
    }

    /** Length of the TCP header. */
    int tcpHeader(byte[] f) {
        return Net.u8(f, transport + 12) >>> 4 << 2;
    }
}
