package dev.npa.plugin.support;

import dev.npa.hw.DmaMemory;

/** Little-endian fields of messages and of memory that is shared with a device: rows of equals, and unsigned ones. */
public final class Fields {

    private Fields() {}

    /** Writes fields of 1 byte that follow each other. */
    public static void bytes(DmaMemory m, int at, int... values) {
        for (int i = 0; i < values.length; i++) {
            m.putByte(at + i, (byte) values[i]);
        }
    }

    /** Writes fields of 2 bytes that follow each other. */
    public static void shorts(DmaMemory m, int at, int... values) {
        for (int i = 0; i < values.length; i++) {
            m.putShort(at + 2 * i, (short) values[i]);
        }
    }

    /** Writes fields of 8 bytes, such as addresses, that follow each other. */
    public static void longs(DmaMemory m, int at, long... values) {
        for (int i = 0; i < values.length; i++) {
            m.putLong(at + 8 * i, values[i]);
        }
    }

    /** Fills {@code [from, to)}, a multiple of 8 bytes, with copies of a word. */
    public static void fill(DmaMemory m, int from, int to, long word) {
        for (int at = from; at < to; at += Long.BYTES) {
            m.putLong(at, word);
        }
    }

    /** Reads a field of 1 byte, 0..255. */
    public static int u8(DmaMemory m, int at) {
        return m.getByte(at) & 0xFF;
    }

    /** Reads a field of 2 bytes, 0..65535. */
    public static int u16(DmaMemory m, int at) {
        return m.getShort(at) & 0xFFFF;
    }
}
