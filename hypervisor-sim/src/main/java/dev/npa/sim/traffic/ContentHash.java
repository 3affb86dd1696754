package dev.npa.sim.traffic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A 64-bit hash of a frame's bytes and length: two lanes of multiply and xor-shift, 16 bytes a round. Each round is a
 * bijection of its lane, so that two frames that differ in one word never agree before the final mix.
 */
final class ContentHash {

    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long P1 = 0x9E37_79B9_7F4A_7C15L;
    private static final long P2 = 0xC2B2_AE3D_27D4_EB4FL;

    private ContentHash() {}

    /** Hash of {@code [offset, offset + length)}; the buffer's byte order and position do not matter. */
    static long of(ByteBuffer frame, int offset, int length) {
        long a = P2 ^ length;
        long b = P1 + length;
        int at = offset;
        int end = offset + length;
        for (; end - at >= 16; at += 16) {
            a = (a ^ (long) LONG.get(frame, at)) * P1;
            b = (b ^ (long) LONG.get(frame, at + 8)) * P2;
            a ^= a >>> 32;
            b ^= b >>> 29;
        }
        if (end - at >= 8) {
            a = (a ^ (long) LONG.get(frame, at)) * P1;
            a ^= a >>> 32;
            at += 8;
        }
        long rest = 0;
        for (; at < end; at++) {
            rest = rest << 8 | frame.get(at) & 0xFF;
        }
        b = (b ^ rest) * P2;
        b ^= b >>> 29;
        return mix(a + Long.rotateLeft(b, 23) * P1);
    }

    /** Spreads every bit of {@code value} over the whole word; a bijection. */
    static long mix(long value) {
        long h = value;
        h = (h ^ h >>> 32) * P1;
        h = (h ^ h >>> 29) * P2;
        return h ^ h >>> 32;
    }
}
