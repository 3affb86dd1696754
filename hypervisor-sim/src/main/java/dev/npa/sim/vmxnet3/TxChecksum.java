package dev.npa.sim.vmxnet3;

import dev.npa.sim.net.packet.InternetChecksum;
import dev.npa.sim.net.packet.PacketHeaders;
import java.nio.ByteBuffer;

/** Checksum offload, om = 2; vmxnet3 §11. */
final class TxChecksum {

    private TxChecksum() {}

    /**
     * Completes the checksum of a frame whose checksum field holds the pseudo-header sum: the complement of the sum
     * from {@code hlen} to the end of the IP packet (padding behind it does not count).
     *
     * @param hlen offset of the layer 4 header from the frame's start
     * @param field offset of the checksum field
     * @return false if the offsets or the IP header are unusable; the frame is unchanged
     */
    static boolean complete(ByteBuffer buffer, int start, int length, int hlen, int field, PacketHeaders headers) {
        headers.parse(buffer, start, length);
        int end = headers.ipEnd();
        if (headers.ipVersion() == 0 || hlen < headers.l3() || field < hlen || field + 2 > end
                || field > Vmxnet3Registers.MAX_CHECKSUM_OFFSET) {
            return false;
        }
        int sum = InternetChecksum.sum(buffer, start + hlen, end - hlen);
        int value = headers.protocol() == PacketHeaders.UDP
                ? InternetChecksum.udpComplement(sum) : InternetChecksum.complement(sum);
        putWord(buffer, start + field, value);
        return true;
    }

    /** Stores a 16-bit word in network order. */
    static void putWord(ByteBuffer buffer, int at, int value) {
        buffer.put(at, (byte) (value >>> 8));
        buffer.put(at + 1, (byte) value);
    }
}
