package dev.npa.pf.broadcom.hsi;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.MacAddress;

/** Ethernet addresses: six bytes in the order of the wire, or three words with the last two bytes first. §4.4 */
public final class Mac48 {

    private Mac48() {}

    /** Writes lsb, mid and msb words. */
    public static void putWords(DmaMemory m, int at, MacAddress mac) {
        m.putShort(at, (short) mac.value());
        m.putShort(at + 2, (short) (mac.value() >>> 16));
        m.putShort(at + 4, (short) (mac.value() >>> 32));
    }

    public static void putBytes(DmaMemory m, int at, MacAddress mac) {
        for (int i = 0; i < 6; i++) {
            m.putByte(at + i, mac.octet(i));
        }
    }

    public static MacAddress getBytes(DmaMemory m, int at) {
        long value = 0;
        for (int i = 0; i < 6; i++) {
            value = value << 8 | m.getByte(at + i) & 0xFF;
        }
        return new MacAddress(value);
    }
}
