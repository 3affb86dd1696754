package dev.npa.sim.net.packet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The Internet checksum (RFC 1071). Sums are 16-bit one's complement sums of big-endian words, folded: 0..0xFFFF.
 */
public final class InternetChecksum {

    private static final long HALF = 0xFFFF_FFFFL;

    private InternetChecksum() {}

    /** Sum of {@code length} bytes; an odd last byte counts as the high half of a word. */
    public static int sum(ByteBuffer buffer, int offset, int length) {
        return buffer.order() == ByteOrder.LITTLE_ENDIAN
                ? swap(fold(littleSum(buffer, offset, length)))
                : fold(bigSum(buffer, offset, length));
    }

    /**
     * Sum of {@code length} bytes of an array, for preparing frames outside the data path. A wrapped array would do,
     * but as a second kind of buffer it would slow {@link #sum(ByteBuffer, int, int)} down for all.
     */
    public static int sum(byte[] bytes, int offset, int length) {
        long sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (i & 1) == 0 ? (bytes[offset + i] & 0xFF) << 8 : bytes[offset + i] & 0xFF;
        }
        return fold(sum);
    }

    /** One's complement sum of two folded sums. */
    public static int add(int a, int b) {
        int s = a + b;
        return (s & 0xFFFF) + (s >>> 16);
    }

    /** The checksum field for a sum: its complement. */
    public static int complement(int sum) {
        return ~sum & 0xFFFF;
    }

    /** The checksum field for a UDP sum: the complement, with 0 sent as 0xFFFF because 0 means none (RFC 768). */
    public static int udpComplement(int sum) {
        int c = complement(sum);
        return c == 0 ? 0xFFFF : c;
    }

    // RFC 1071 section 2(B): the sum of byte-swapped words is the byte-swapped sum, so words are added as they load.
    private static long littleSum(ByteBuffer b, int offset, int length) {
        long low = 0;
        long high = 0;
        int at = offset;
        int end = offset + (length & ~31);
        for (; at < end; at += 32) {
            long w = b.getLong(at);
            long x = b.getLong(at + 8);
            long y = b.getLong(at + 16);
            long z = b.getLong(at + 24);
            low += (w & HALF) + (x & HALF) + (y & HALF) + (z & HALF);
            high += (w >>> 32) + (x >>> 32) + (y >>> 32) + (z >>> 32);
        }
        for (end = offset + (length & ~7); at < end; at += 8) {
            long w = b.getLong(at);
            low += w & HALF;
            high += w >>> 32;
        }
        return low + high + littleRest(b, at, offset + length);
    }

    private static long littleRest(ByteBuffer b, int from, int end) {
        long sum = 0;
        int at = from;
        if (end - at >= 4) {
            sum += b.getInt(at) & HALF;
            at += 4;
        }
        if (end - at >= 2) {
            sum += b.getShort(at) & 0xFFFF;
            at += 2;
        }
        return at < end ? sum + (b.get(at) & 0xFF) : sum;
    }

    private static long bigSum(ByteBuffer b, int offset, int length) {
        long sum = 0;
        int at = offset;
        for (int end = offset + (length & ~1); at < end; at += 2) {
            sum += b.getShort(at) & 0xFFFF;
        }
        return (length & 1) == 0 ? sum : sum + ((b.get(at) & 0xFF) << 8);
    }

    private static int fold(long sum) {
        long s = (sum & 0xFFFF_FFFFL) + (sum >>> 32);
        s = (s & 0xFFFF) + (s >>> 16);
        s = (s & 0xFFFF) + (s >>> 16);
        return (int) ((s & 0xFFFF) + (s >>> 16));
    }

    private static int swap(int sum) {
        return sum >>> 8 | (sum & 0xFF) << 8;
    }
}
