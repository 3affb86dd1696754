package dev.npa.sim.nic.intel;

import dev.npa.sim.net.packet.InternetChecksum;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What the transmit path does to the bytes of a frame, 82599 §6.3, 82576 §5.2: checksums, the headers of a segment,
 * the VLAN tag, padding. Offsets count from the frame's first byte; buffers are little-endian.
 */
final class TxOffload {

    private static final int VLAN = 0x0081; // 0x8100 in the order of the wire
    private static final int SCTP_FIELD = 8;

    private final CRC32C crc = new CRC32C();

    /** Computes the IPv4 header checksum. */
    static void ipChecksum(ByteBuffer b, int header, int length) {
        b.putShort(header + 10, (short) 0);
        putWord(b, header + 10, InternetChecksum.complement(InternetChecksum.sum(b, header, length)));
    }

    /**
     * Completes the checksum of a TCP, UDP or SCTP packet; software left the sum of the pseudo-header in the field.
     *
     * @return false if the packet is too short for its header
     */
    boolean transportChecksum(ByteBuffer b, int layer4, int end, int l4t) {
        int field = layer4 + (l4t == AdvancedTxDescriptor.L4T_TCP ? 16
                : l4t == AdvancedTxDescriptor.L4T_UDP ? 6 : SCTP_FIELD);
        if (field + (l4t == AdvancedTxDescriptor.L4T_SCTP ? 4 : 2) > end) {
            return false;
        }
        if (l4t == AdvancedTxDescriptor.L4T_SCTP) {
            b.putInt(field, 0);
            crc.reset();
            crc.update(b.limit(end).position(layer4));
            b.clear();
            b.putInt(field, (int) crc.getValue());
            return true;
        }
        int sum = InternetChecksum.sum(b, layer4, end - layer4);
        putWord(b, field, l4t == AdvancedTxDescriptor.L4T_UDP
                ? InternetChecksum.udpComplement(sum) : InternetChecksum.complement(sum));
        return true;
    }

    /**
     * Makes the headers of one segment out of the copied prototype headers.
     *
     * @param start first byte of the segment in {@code b}
     * @param payload bytes of payload behind the headers
     * @param index number of the segment
     * @param sent payload bytes in the segments before
     * @param flagMask mask for TCP's data offset, reserved bits and flags
     */
    static void segmentHeaders(ByteBuffer b, int start, long c0, long c1, int payload, int index, int sent,
            int flagMask) {
        int layer3 = start + AdvancedTxDescriptor.maclen(c0);
        int iplen = AdvancedTxDescriptor.iplen(c0);
        int layer4 = layer3 + iplen;
        int l4len = AdvancedTxDescriptor.l4len(c1);
        boolean v4 = (c1 & AdvancedTxDescriptor.TUCMD_IPV4) != 0;
        if (v4) {
            putWord(b, layer3 + 2, iplen + l4len + payload);
            putWord(b, layer3 + 4, word(b, layer3 + 4) + index);
            ipChecksum(b, layer3, iplen);
        } else {
            putWord(b, layer3 + 4, iplen - 40 + l4len + payload);
        }
        int field = layer4 + 6;
        if (AdvancedTxDescriptor.l4t(c1) == AdvancedTxDescriptor.L4T_TCP) {
            b.putInt(layer4 + 4, Integer.reverseBytes(Integer.reverseBytes(b.getInt(layer4 + 4)) + sent));
            putWord(b, layer4 + 12, word(b, layer4 + 12) & (0xF000 | flagMask));
            field = layer4 + 16;
        } else {
            putWord(b, layer4 + 4, l4len + payload);
        }
        // Software's pseudo-header sum has no length; the device adds each segment's.
        putWord(b, field, InternetChecksum.add(word(b, field), l4len + payload));
    }

    /** Inserts a VLAN tag behind the addresses of the frame at {@code start}; returns the new start, 4 bytes before. */
    static int insertVlan(ByteBuffer b, int start, int tag) {
        b.putLong(start - 4, b.getLong(start));
        b.putInt(start + 4, b.getInt(start + 8));
        b.putShort(start + 8, (short) VLAN);
        putWord(b, start + 10, tag);
        return start - 4;
    }

    /** Pads with zeros; returns the new length. */
    static int pad(ByteBuffer b, int start, int length, int minimum) {
        for (int i = length; i < minimum; i++) {
            b.put(start + i, (byte) 0);
        }
        return Math.max(length, minimum);
    }

    private static int word(ByteBuffer b, int at) {
        return Short.toUnsignedInt(Short.reverseBytes(b.getShort(at)));
    }

    private static void putWord(ByteBuffer b, int at, int value) {
        b.putShort(at, Short.reverseBytes((short) value));
    }
}
