package dev.npa.sim.traffic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Big-endian fields of frames in byte arrays. */
final class Net {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

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

    static void put64(byte[] b, int at, long value) {
        LONG.set(b, at, value);
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
}
