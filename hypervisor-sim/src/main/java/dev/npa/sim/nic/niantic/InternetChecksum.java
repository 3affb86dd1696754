package dev.npa.sim.nic.niantic;

import java.nio.ByteBuffer;

/**
 * The one's-complement sum of RFC 1071 over little-endian buffers. Sums are of little-endian 16-bit words, which gives
 * the byte-swapped result that a little-endian store swaps back.
 */
final class InternetChecksum {

    private InternetChecksum() {
    }

    /** Adds {@code length} bytes to a sum; an odd last byte counts as the first byte of a word. */
    static long add(long sum, ByteBuffer bytes, int offset, int length) {
        int at = offset;
        int end = offset + length;
        for (; at + 8 <= end; at += 8) {
            long v = bytes.getLong(at);
            sum += (v & 0xFFFF_FFFFL) + (v >>> 32);
        }
        for (; at + 2 <= end; at += 2) {
            sum += Short.toUnsignedInt(bytes.getShort(at));
        }
        return at < end ? sum + Byte.toUnsignedInt(bytes.get(at)) : sum;
    }

    /** Adds a 16-bit number given in host order, as a length or a protocol of a pseudo-header. */
    static long addNumber(long sum, int value) {
        return sum + Short.toUnsignedInt(Short.reverseBytes((short) value));
    }

    /** Folds a sum to 16 bits; 0xFFFF means that a checksummed area is intact. */
    static int fold(long sum) {
        sum = (sum & 0xFFFF_FFFFL) + (sum >>> 32);
        sum = (sum & 0xFFFF) + (sum >>> 16);
        sum = (sum & 0xFFFF) + (sum >>> 16);
        sum = (sum & 0xFFFF) + (sum >>> 16);
        return (int) sum;
    }
}
