package dev.npa.sim.nic.broadcom;

import dev.npa.sim.net.packet.InternetChecksum;
import java.nio.ByteBuffer;

/**
 * What the transmit path does to the bytes of a frame, 57712 §4.5 and §13: checksums, headers of a segment, VLAN tag,
 * padding. Buffers are little-endian.
 */
final class TxOffload {

    /** Shortest frame without FCS. */
    static final int MIN_FRAME = 60;

    private static final int VLAN = 0x0081; // 0x8100 in the order of the wire
    private static final int FIN = 1;
    private static final int PSH = 8;
    private static final int CWR = 0x80;

    private TxOffload() {
    }

    /** Offset of the layer 3 header in the frame at {@code start}. */
    static int layer3(ByteBuffer b, int start) {
        return FrameInfo.word(b, start + 12) == 0x8100 ? 18 : 14;
    }

    /** Computes the IPv4 header checksum of the header at {@code at}. */
    static void ipChecksum(ByteBuffer b, int at) {
        b.putShort(at + 10, (short) 0);
        putWord(b, at + 10, InternetChecksum.complement(InternetChecksum.sum(b, at, (b.get(at) & 15) * 4)));
    }

    /** Completes the TCP or UDP checksum; software left the sum of the pseudo-header in the field. */
    static void transportChecksum(ByteBuffer b, int l4, int end, boolean udp) {
        int sum = InternetChecksum.sum(b, l4, end - l4);
        putWord(b, l4 + (udp ? 6 : 16), udp ? InternetChecksum.udpComplement(sum) : InternetChecksum.complement(sum));
    }

    /**
     * Makes the headers of one segment out of the copied prototype headers, and its checksums.
     *
     * @param start first byte of the segment in {@code b}
     * @param l4 offset of the TCP header from {@code start}
     * @param header bytes of all headers
     * @param payload bytes behind them
     * @param index number of the segment
     * @param sent payload bytes in the segments before
     */
    static void segment(ByteBuffer b, int start, int l4, int header, int payload, int index, int sent, boolean last,
            boolean ipv6) {
        int l3 = start + layer3(b, start);
        int tcp = start + l4;
        int end = start + header + payload;
        if (ipv6) {
            putWord(b, l3 + 4, end - l3 - 40);
        } else {
            putWord(b, l3 + 2, end - l3);
            putWord(b, l3 + 4, FrameInfo.word(b, l3 + 4) + index);
            ipChecksum(b, l3);
        }
        b.putInt(tcp + 4, Integer.reverseBytes(Integer.reverseBytes(b.getInt(tcp + 4)) + sent));
        int flags = b.get(tcp + 13) & 0xFF;
        b.put(tcp + 13, (byte) (flags & ~(last ? 0 : FIN | PSH) & ~(index == 0 ? 0 : CWR)));
        // Software's pseudo-header sum has no length, 57712 §4.5; each segment adds its own.
        putWord(b, tcp + 16, InternetChecksum.add(FrameInfo.word(b, tcp + 16), end - tcp));
        transportChecksum(b, tcp, end, false);
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
    static int pad(ByteBuffer b, int start, int length) {
        for (int i = length; i < MIN_FRAME; i++) {
            b.put(start + i, (byte) 0);
        }
        return Math.max(length, MIN_FRAME);
    }

    static void putWord(ByteBuffer b, int at, int value) {
        b.putShort(at, Short.reverseBytes((short) value));
    }
}
