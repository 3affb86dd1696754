package dev.npa.sim.nic.niantic;

import java.nio.ByteBuffer;

/**
 * What the device's parser finds in a frame. Reused from frame to frame; offsets are absolute in the buffer.
 *
 * <p>{@link #layer2} is enough for the switch; {@link #upperLayers} adds what the receive descriptor reports.
 */
final class FrameInfo {

    private static final int VLAN = 0x8100;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86DD;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int SCTP = 132;

    long destination;
    long source;
    boolean tagged;
    int tci;
    int etherType;
    /** First byte behind the Ethernet header. */
    int layer3;
    /** Packet type bits of the receive descriptor. */
    int packetType;
    /** IPCS, L4CS, IPE, TCPE of the receive descriptor. */
    long checksumStatus;
    /** First byte of TCP, UDP or SCTP; 0 if there is none. */
    int layer4;
    /** First byte of the IP source address, and the length of one address; 0 if it is not IP. */
    int addresses;
    int addressBytes;

    private static int word(ByteBuffer b, int at) {
        return Short.toUnsignedInt(Short.reverseBytes(b.getShort(at)));
    }

    /** Parses addresses, tag and type of a frame of at least 14 bytes. */
    void layer2(ByteBuffer b, int offset) {
        long low = b.getLong(offset);
        destination = Long.reverseBytes(low) >>> 16;
        source = (long) word(b, offset + 6) << 32 | Integer.toUnsignedLong(Integer.reverseBytes(b.getInt(offset + 8)));
        etherType = word(b, offset + 12);
        tagged = etherType == VLAN;
        layer3 = offset + 14;
        tci = 0;
        if (tagged) {
            tci = word(b, offset + 14);
            etherType = word(b, offset + 16);
            layer3 += 4;
        }
    }

    boolean isGroup() {
        return (destination >>> 40 & 1) != 0;
    }

    boolean isBroadcast() {
        return destination == 0xFFFF_FFFF_FFFFL;
    }

    /** Parses IP and what it carries, and verifies checksums, 82599 §6.5. {@code end} is behind the last byte. */
    void upperLayers(ByteBuffer b, int end) {
        packetType = 0;
        checksumStatus = 0;
        layer4 = 0;
        addressBytes = 0;
        if (etherType == IPV4 && end >= layer3 + 20) {
            ipv4(b, end);
        } else if (etherType == IPV6 && end >= layer3 + 40) {
            ipv6(b, end);
        }
    }

    private void ipv4(ByteBuffer b, int end) {
        int header = (b.get(layer3) & 0xF) * 4;
        int total = word(b, layer3 + 2);
        if (b.get(layer3) >>> 4 != 4 || header < 20 || total < header || layer3 + total > end) {
            return;
        }
        packetType = AdvancedRxDescriptor.TYPE_IPV4 | (header > 20 ? AdvancedRxDescriptor.TYPE_IPV4_OPTIONS : 0);
        addresses = layer3 + 12;
        addressBytes = 4;
        checksumStatus = AdvancedRxDescriptor.IPCS;
        if (InternetChecksum.fold(InternetChecksum.add(0, b, layer3, header)) != 0xFFFF) {
            checksumStatus |= AdvancedRxDescriptor.IPE;
        }
        if ((word(b, layer3 + 6) & 0x3FFF) == 0) { // not a fragment
            transport(b, Byte.toUnsignedInt(b.get(layer3 + 9)), layer3 + header, layer3 + total);
        }
    }

    private void ipv6(ByteBuffer b, int end) {
        int last = layer3 + 40 + word(b, layer3 + 4);
        if (last > end) {
            return;
        }
        packetType = AdvancedRxDescriptor.TYPE_IPV6;
        addresses = layer3 + 8;
        addressBytes = 16;
        int next = Byte.toUnsignedInt(b.get(layer3 + 6));
        int at = layer3 + 40;
        // Hop-by-hop, routing and destination options have their length in their second byte.
        while ((next == 0 || next == 43 || next == 60) && at + 8 <= last) {
            packetType |= AdvancedRxDescriptor.TYPE_IPV6_EXTENSIONS;
            next = Byte.toUnsignedInt(b.get(at));
            at += 8 + 8 * Byte.toUnsignedInt(b.get(at + 1));
        }
        transport(b, next, at, last);
    }

    private void transport(ByteBuffer b, int protocol, int at, int end) {
        int length = end - at;
        if (protocol == TCP && length >= 20) {
            packetType |= AdvancedRxDescriptor.TYPE_TCP;
            layer4 = at;
            verify(b, protocol, length);
        } else if (protocol == UDP && length >= 8) {
            packetType |= AdvancedRxDescriptor.TYPE_UDP;
            layer4 = at;
            if (b.getShort(at + 6) != 0) { // 0: the sender computed none
                verify(b, protocol, length);
            }
        } else if (protocol == SCTP && length >= 12) {
            packetType |= AdvancedRxDescriptor.TYPE_SCTP;
            layer4 = at;
        }
    }

    private void verify(ByteBuffer b, int protocol, int length) {
        long sum = InternetChecksum.add(0, b, addresses, 2 * addressBytes);
        sum = InternetChecksum.addNumber(sum, protocol);
        sum = InternetChecksum.addNumber(sum, length);
        boolean good = InternetChecksum.fold(InternetChecksum.add(sum, b, layer4, length)) == 0xFFFF;
        checksumStatus |= good ? AdvancedRxDescriptor.L4CS : AdvancedRxDescriptor.L4CS | AdvancedRxDescriptor.TCPE;
    }
}
