package dev.npa.sim.traffic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Big-endian fields and the Internet checksum (RFC 1071) of frames in byte arrays. */
final class Net {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private Net() {}

    static int u8(byte[] b, int at) {
        return b[at] & 0xFF;
    }

    static int u16(byte[] b, int at) {
        return Short.toUnsignedInt((short) SHORT.get(b, at));
    }

    static void put16(byte[] b, int at, int value) {
        SHORT.set(b, at, (short) value);
    }

    static int get32(byte[] b, int at) {
        return (int) INT.get(b, at);
    }

    static void put32(byte[] b, int at, int value) {
        INT.set(b, at, value);
    }

    static long mac(byte[] b, int at) {
        return (long) u16(b, at) << 32 | Integer.toUnsignedLong(get32(b, at + 2));
    }

    static void putMac(byte[] b, int at, long mac) {
        put16(b, at, (int) (mac >>> 32));
        put32(b, at + 2, (int) mac);
    }

    static boolean isGroup(long mac) {
        return (mac >>> 40 & 1) != 0;
    }

    /** Adds the 16-bit words of a range to a sum; an odd last byte counts as the upper half of a word. */
    static long sum(long start, byte[] b, int offset, int length) {
        long sum = start;
        int at = offset;
        int end = offset + length;
        for (; end - at >= 2; at += 2) {
            sum += u16(b, at);
        }
        return at < end ? sum + (u8(b, at) << 8) : sum;
    }

    /** Folds a sum and complements it: the value of a checksum field. */
    static int checksum(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xFFFF) + (folded >>> 16);
        }
        return (int) ~folded & 0xFFFF;
    }

    /** Sum of the pseudo header of IPv4 (RFC 793) or IPv6 (RFC 8200 section 8.1). */
    static long pseudoHeader(byte[] b, int addresses, int addressBytes, int protocol, int length) {
        return sum(protocol + (length >>> 16) + (length & 0xFFFF), b, addresses, addressBytes);
    }
}
