package dev.npa.sim.nic.niantic;

import dev.npa.sim.net.packet.PacketHeaders;
import java.nio.ByteBuffer;

/**
 * What the device's parser finds in a frame. Reused from frame to frame.
 *
 * <p>{@link #layer2} is enough for the switch; {@link #upperLayers} adds what the receive descriptor reports.
 */
final class FrameInfo {

    private static final int UDP_CHECKSUM = 6;

    /** Headers of the frame; valid behind {@link #upperLayers}. */
    final PacketHeaders headers = new PacketHeaders();
    long destination;
    long source;
    boolean tagged;
    int tci;
    int etherType;
    /** Packet type bits of the receive descriptor. */
    int packetType;
    /** IPCS, L4CS, IPE, TCPE of the receive descriptor. */
    long checksumStatus;

    private static int word(ByteBuffer b, int at) {
        return Short.toUnsignedInt(Short.reverseBytes(b.getShort(at)));
    }

    /** Parses addresses, tag and type of a frame of at least 14 bytes. */
    void layer2(ByteBuffer b, int offset) {
        long low = b.getLong(offset);
        destination = Long.reverseBytes(low) >>> 16;
        source = (long) word(b, offset + 6) << 32 | Integer.toUnsignedLong(Integer.reverseBytes(b.getInt(offset + 8)));
        etherType = word(b, offset + 12);
        tagged = etherType == PacketHeaders.TYPE_VLAN;
        tci = 0;
        if (tagged) {
            tci = word(b, offset + 14);
            etherType = word(b, offset + 16);
        }
    }

    boolean isGroup() {
        return (destination >>> 40 & 1) != 0;
    }

    boolean isBroadcast() {
        return destination == 0xFFFF_FFFF_FFFFL;
    }

    /** Parses IP and what it carries, and verifies checksums, 82599 §6.5. {@code end} is behind the last byte. */
    void upperLayers(ByteBuffer b, int offset, int end) {
        headers.parse(b, offset, end - offset);
        packetType = 0;
        checksumStatus = 0;
        if (headers.ipVersion() == 4) {
            packetType = AdvancedRxDescriptor.TYPE_IPV4
                    | (headers.isExtended() ? AdvancedRxDescriptor.TYPE_IPV4_OPTIONS : 0);
            checksumStatus = AdvancedRxDescriptor.IPCS
                    | (headers.ipv4ChecksumGood() ? 0 : AdvancedRxDescriptor.IPE);
        } else if (headers.ipVersion() == 6) {
            packetType = AdvancedRxDescriptor.TYPE_IPV6
                    | (headers.isExtended() ? AdvancedRxDescriptor.TYPE_IPV6_EXTENSIONS : 0);
        }
        transport();
    }

    private void transport() {
        if (headers.isTcp()) {
            packetType |= AdvancedRxDescriptor.TYPE_TCP;
            verify();
        } else if (headers.isUdp()) {
            packetType |= AdvancedRxDescriptor.TYPE_UDP;
            if (headers.word(headers.l4() + UDP_CHECKSUM) != 0) { // 0: the sender computed none
                verify();
            }
        } else if (headers.isSctp()) {
            packetType |= AdvancedRxDescriptor.TYPE_SCTP;
        }
    }

    private void verify() {
        checksumStatus |= AdvancedRxDescriptor.L4CS | (headers.l4ChecksumGood() ? 0 : AdvancedRxDescriptor.TCPE);
    }
}
