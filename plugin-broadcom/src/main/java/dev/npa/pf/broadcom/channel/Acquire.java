package dev.npa.pf.broadcom.channel;

import dev.npa.hw.DmaMemory;

/**
 * ACQUIRE: a VF says what it is and what it wants. §9.1
 *
 * @param vf number that the VF read from its ME register
 * @param os 0 undefined or Linux, 1 Windows
 * @param firmwareInterface version of the descriptor layouts that the VF's driver was written for
 * @param extendedBulletin whether it knows the bulletin with link state
 * @param rxQueues 0 = as many as there are
 * @param bulletin address of its copy of the bulletin board; 0 = none
 */
public record Acquire(int vf, int os, int firmwareInterface, boolean extendedBulletin, int rxQueues, int txQueues,
        int statusBlocks, int macFilters, int vlanFilters, int multicastFilters, long bulletin) {

    /** Bytes of the TLV. */
    public static final int BYTES = 32;
    /** The layouts of this driver and of the device. */
    public static final int FIRMWARE_INTERFACE = 2;

    private static final int WINDOWS = 1;
    private static final int OS_SHIFT = 5;

    public static Acquire read(DmaMemory m) {
        return new Acquire(u8(m, 8), u8(m, 9) >>> OS_SHIFT, u8(m, 10), (u8(m, 11) & 1) != 0, u8(m, 12), u8(m, 13),
                u8(m, 14), u8(m, 15), u8(m, 16), u8(m, 17), m.getLong(24));
    }

    /** Whether the guest is Windows, whose drivers do not say PHYS_PORT_ID. */
    public boolean isWindows() {
        return os == WINDOWS;
    }

    static int u8(DmaMemory m, int at) {
        return m.getByte(at) & 0xFF;
    }

    static int u16(DmaMemory m, int at) {
        return m.getShort(at) & 0xFFFF;
    }
}
