package dev.npa.sim.nic.intel;

import dev.npa.sim.net.packet.PacketHeaders;
import java.nio.ByteBuffer;

/**
 * What the device's parser finds in a frame. Reused from frame to frame.
 *
 * <p>{@link #layer2} is enough for the switch; {@link #upperLayers} adds what the receive descriptor reports.
 */
public final class FrameInfo {

    private static final int UDP_CHECKSUM = 6;

    /** Headers of the frame; valid behind {@link #upperLayers}. */
    public final PacketHeaders headers = new PacketHeaders();
    public long destination;
    public long source;
    public boolean tagged;
    public int tci;
    public int etherType;
    /** Packet type bits of the receive descriptor. */
    public int packetType;
    /** What the checks of {@link #upperLayers} gave: the IPv4 header's checksum and that of TCP or UDP. */
    public boolean ipChecked;
    public boolean ipBad;
    public boolean l4Checked;
    public boolean l4Bad;

    private static int word(ByteBuffer b, int at) {
        return Short.toUnsignedInt(Short.reverseBytes(b.getShort(at)));
    }

    /** Parses addresses, tag and type of a frame of at least 14 bytes. */
    public void layer2(ByteBuffer b, int offset) {
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

    public boolean isGroup() {
        return (destination >>> 40 & 1) != 0;
    }

    public boolean isBroadcast() {
        return destination == 0xFFFF_FFFF_FFFFL;
    }

    /**
     * Parses IP and what it carries, and verifies checksums, 82599 §6.5, 82576 §5.4.
     *
     * @param end behind the last byte
     */
    public void upperLayers(ByteBuffer b, int offset, int end) {
        headers.parse(b, offset, end - offset);
        packetType = 0;
        ipChecked = false;
        ipBad = false;
        l4Checked = false;
        l4Bad = false;
        if (headers.ipVersion() == 4) {
            packetType = AdvancedRxDescriptor.TYPE_IPV4
                    | (headers.isExtended() ? AdvancedRxDescriptor.TYPE_IPV4_OPTIONS : 0);
            ipChecked = true;
            ipBad = !headers.ipv4ChecksumGood();
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
        l4Checked = true;
        l4Bad = !headers.l4ChecksumGood();
    }
}
