package dev.npa.sim.nic.broadcom;

import dev.npa.sim.net.packet.PacketHeaders;
import java.nio.ByteBuffer;

/**
 * What the parser finds in a frame. Reused from frame to frame. {@link #layer2} is enough for the switch;
 * {@link #upperLayers} adds what a CQE reports.
 */
final class FrameInfo {

    private static final int UDP_CHECKSUM = 6;

    /** Headers of the frame; valid behind {@link #upperLayers}. */
    final PacketHeaders headers = new PacketHeaders();
    long destination;
    long source;
    boolean tagged;
    int tci;
    /** Type of the frame behind its tag. */
    int etherType;
    /** Parsing flags of a CQE, without the VLAN bit. */
    int parsing;
    /** Checksum bits of type_error_flags and of status_flags. */
    int errors;
    int notValidated;
    boolean ttlIsZero;

    static int word(ByteBuffer b, int at) {
        return Short.toUnsignedInt(Short.reverseBytes(b.getShort(at)));
    }

    /** Parses addresses, tag and type of a frame of at least 14 bytes; the buffer is little-endian. */
    void layer2(ByteBuffer b, int offset) {
        destination = Long.reverseBytes(b.getLong(offset)) >>> 16;
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

    /** VLAN of the frame, 0 for none. */
    int vlan() {
        return tci & 0xFFF;
    }

    /** Which of the three kinds of statistics it counts for. */
    int kind() {
        return !isGroup() ? Counters.UNICAST : isBroadcast() ? Counters.BROADCAST : Counters.MULTICAST;
    }

    /** Parses IP and what it carries and verifies checksums, 57712 §5.3. */
    void upperLayers(ByteBuffer b, int offset, int length) {
        headers.parse(b, offset, length);
        parsing = isGroup() ? 0 : Cqe.PARSE_UNICAST;
        errors = 0;
        notValidated = Cqe.IP_NOT_VALIDATED | Cqe.L4_NOT_VALIDATED;
        ttlIsZero = false;
        if (etherType < 0x600) {
            parsing |= Cqe.PARSE_LLC | Cqe.OVER_ETHERNET_LLC;
        }
        if (headers.ipVersion() == 4) {
            parsing |= Cqe.OVER_ETHERNET_IPV4;
            notValidated &= ~Cqe.IP_NOT_VALIDATED;
            errors |= headers.ipv4ChecksumGood() ? 0 : Cqe.IP_BAD;
            ttlIsZero = headers.octet(headers.l3() + 8) == 0;
        } else if (headers.ipVersion() == 6) {
            parsing |= Cqe.OVER_ETHERNET_IPV6;
            ttlIsZero = headers.octet(headers.l3() + 7) == 0;
        }
        if (headers.isExtended()) {
            parsing |= Cqe.PARSE_IP_OPTIONS;
        }
        if (headers.isFragment()) {
            parsing |= Cqe.PARSE_FRAGMENT;
        }
        transport();
    }

    private void transport() {
        if (headers.isTcp()) {
            parsing |= Cqe.OVER_IP_TCP | tcpFlags();
            verify();
        } else if (headers.isUdp()) {
            parsing |= Cqe.OVER_IP_UDP;
            if (headers.word(headers.l4() + UDP_CHECKSUM) != 0) { // 0: the sender computed none
                verify();
            }
        }
    }

    private int tcpFlags() {
        int l4 = headers.l4();
        int length = (headers.octet(l4 + 12) >>> 4) * 4;
        int flags = length > 20 ? Cqe.PARSE_TCP_OPTIONS : 0;
        if (length == 32 && l4 + 32 <= headers.ipEnd() && timestampAt(l4 + 20)) {
            flags |= Cqe.PARSE_TIMESTAMP;
        }
        boolean ackOnly = (headers.octet(l4 + 13) & 0x3F) == 0x10;
        return ackOnly && l4 + length >= headers.ipEnd() ? flags | Cqe.PARSE_PURE_ACK : flags;
    }

    /** The usual form of the option: two NOPs, kind 8, length 10. */
    private boolean timestampAt(int at) {
        return headers.word(at) == 0x0101 && headers.word(at + 2) == 0x080A;
    }

    private void verify() {
        notValidated &= ~Cqe.L4_NOT_VALIDATED;
        errors |= headers.l4ChecksumGood() ? 0 : Cqe.L4_BAD;
    }
}
