package dev.npa.sim.net.packet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where the headers of one frame are. Parses Ethernet II, one 802.1Q tag, IPv4, IPv6 with extension headers, TCP, UDP
 * and SCTP. The object is reused from frame to frame; one thread at a time.
 *
 * <p>Give it direct buffers only: with two kinds of buffer, each access on the data path would become a virtual call.
 */
public final class PacketHeaders {

    /** Length of an Ethernet header without tag. */
    public static final int ETHERNET = 14;
    /** Length of an 802.1Q tag. */
    public static final int TAG = 4;
    public static final int TYPE_VLAN = 0x8100;
    public static final int TYPE_IPV4 = 0x0800;
    public static final int TYPE_IPV6 = 0x86DD;
    public static final int TCP = 6;
    public static final int UDP = 17;
    public static final int SCTP = 132;

    private static final int IPV6_HEADER = 40;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION = 60;

    private ByteBuffer buffer;
    private boolean little;
    private int start;
    private int vlanTci;
    private int ipVersion;
    private int l3;
    private int l4;
    private int ipEnd;
    private int protocol;
    private boolean extended;
    private boolean fragment;

    /** Finds the headers of the frame at {@code offset}. A header that is cut off or malformed counts as absent. */
    public void parse(ByteBuffer frame, int offset, int length) {
        buffer = frame;
        little = frame.order() == ByteOrder.LITTLE_ENDIAN;
        start = offset;
        vlanTci = -1;
        ipVersion = 0;
        l3 = 0;
        l4 = 0;
        ipEnd = length;
        protocol = -1;
        extended = false;
        fragment = false;
        if (length < ETHERNET) {
            return;
        }
        int type = word(12);
        l3 = ETHERNET;
        if (type == TYPE_VLAN && length >= ETHERNET + TAG) {
            vlanTci = word(14);
            type = word(16);
            l3 = ETHERNET + TAG;
        }
        if (type == TYPE_IPV4) {
            parseIpv4(length);
        } else if (type == TYPE_IPV6) {
            parseIpv6(length);
        }
    }

    private void parseIpv4(int length) {
        if (l3 + 20 > length) {
            return;
        }
        long raw = buffer.getLong(start + l3);
        // Version and header length, type of service, total length, identification, flags and offset: one load.
        long first = little ? Long.reverseBytes(raw) : raw;
        int header = (int) (first >>> 56 & 15) * 4;
        int total = (int) (first >>> 32) & 0xFFFF;
        if (first >>> 60 != 4 || header < 20 || l3 + header > length || total < header || l3 + total > length) {
            return;
        }
        ipVersion = 4;
        ipEnd = l3 + total;
        extended = header > 20;
        fragment = (first & 0x3FFF) != 0;
        settle(octet(l3 + 9), l3 + header);
    }

    private void parseIpv6(int length) {
        if (l3 + IPV6_HEADER > length || octet(l3) >>> 4 != 6 || l3 + IPV6_HEADER + word(l3 + 4) > length) {
            return;
        }
        ipVersion = 6;
        ipEnd = l3 + IPV6_HEADER + word(l3 + 4);
        int next = octet(l3 + 6);
        int at = l3 + IPV6_HEADER;
        while (isExtension(next) && at + 8 <= ipEnd) {
            extended = true;
            fragment |= next == FRAGMENT && (word(at + 2) & 0xFFF9) != 0;
            int size = next == FRAGMENT ? 8
                    : next == AUTHENTICATION ? (octet(at + 1) + 2) * 4 : (octet(at + 1) + 1) * 8;
            next = octet(at);
            at += size;
        }
        if (!isExtension(next)) {
            settle(next, at);
        }
    }

    private void settle(int proto, int at) {
        protocol = proto;
        int need = proto == TCP ? 20 : proto == UDP ? 8 : proto == SCTP ? 12 : 0;
        if (!fragment && need != 0 && at + need <= ipEnd) {
            l4 = at;
        }
    }

    private static boolean isExtension(int next) {
        return next == HOP_BY_HOP || next == ROUTING || next == FRAGMENT || next == DESTINATION
                || next == AUTHENTICATION;
    }

    /** Tag control information of the frame's tag, 0..0xFFFF; -1 without one. */
    public int vlanTci() {
        return vlanTci;
    }

    /** 4, 6, or 0 when the frame carries no well-formed IP packet. */
    public int ipVersion() {
        return ipVersion;
    }

    /** Offset of the layer 3 header; 0 in a frame without Ethernet header. */
    public int l3() {
        return l3;
    }

    /** Offset of the TCP, UDP or SCTP header; 0 if there is none or the packet is a fragment. */
    public int l4() {
        return l4;
    }

    /** Offset of the first byte behind the IP packet, which padding may follow; the frame's length without IP. */
    public int ipEnd() {
        return ipEnd;
    }

    /** IP protocol number behind all extension headers; -1 without IP. */
    public int protocol() {
        return protocol;
    }

    /** Whether the IP header has options (IPv4) or extension headers (IPv6). */
    public boolean isExtended() {
        return extended;
    }

    /** Whether the packet is an IP fragment. */
    public boolean isFragment() {
        return fragment;
    }

    public boolean isTcp() {
        return l4 != 0 && protocol == TCP;
    }

    public boolean isUdp() {
        return l4 != 0 && protocol == UDP;
    }

    public boolean isSctp() {
        return l4 != 0 && protocol == SCTP;
    }

    /** Whether the IPv4 header checksum is right. */
    public boolean ipv4ChecksumGood() {
        return InternetChecksum.sum(buffer, start + l3, (octet(l3) & 15) * 4) == 0xFFFF;
    }

    /** Whether the frame has a TCP or UDP checksum that can be verified (a UDP checksum of 0 over IPv4 is none). */
    public boolean hasL4Checksum() {
        return isTcp() || isUdp() && (ipVersion == 6 || word(l4 + 6) != 0);
    }

    /** Whether the TCP or UDP checksum is right; only with {@link #hasL4Checksum}. */
    public boolean l4ChecksumGood() {
        int sum = InternetChecksum.sum(buffer, start + l4, ipEnd - l4);
        return InternetChecksum.add(sum, pseudoHeaderSum(ipEnd - l4)) == 0xFFFF;
    }

    /**
     * Folded sum of the TCP or UDP pseudo-header.
     *
     * @param l4Length upper-layer length to put into it, bytes
     */
    public int pseudoHeaderSum(int l4Length) {
        int addresses = ipVersion == 4
                ? InternetChecksum.sum(buffer, start + l3 + 12, 8)
                : InternetChecksum.sum(buffer, start + l3 + 8, 32);
        return InternetChecksum.add(addresses, InternetChecksum.add(protocol, l4Length));
    }

    /** The byte at an offset from the frame's start, unsigned. */
    public int octet(int offset) {
        return buffer.get(start + offset) & 0xFF;
    }

    /** The big-endian 16-bit word at an offset from the frame's start. */
    public int word(int offset) {
        short word = buffer.getShort(start + offset);
        return Short.toUnsignedInt(little ? Short.reverseBytes(word) : word);
    }
}
