package dev.npa.pf.broadcom.hsi;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;

/**
 * The bulletin board: what the PF lets a VF know without being asked. §9.7
 *
 * @param version number of the post
 * @param mac null = not told
 * @param vlan VLAN id that the PF enforces; 0 = none
 * @param link told only by the longer form
 * @param channelDown whether the PF is going away
 * @param extended whether the VF knows the form with link state
 */
public record Bulletin(int version, MacAddress mac, int vlan, LinkState link, boolean channelDown,
        boolean extended) {

    /** Bytes of the form with link state. */
    public static final int BYTES = 48;
    /** Bytes of the form without; a VF that does not know the longer one cannot check it. */
    public static final int SHORT_BYTES = 32;

    private static final int MAC = 1;
    private static final int VLAN = 1 << 1;
    private static final int CHANNEL_DOWN = 1 << 2;
    private static final int LINK = 1 << 3;
    private static final int LINK_DOWN = 1;
    private static final int FULL_DUPLEX = 1 << 1;
    private static final int CRC32 = 0xEDB88320;

    /**
     * Writes the board into zeroed memory.
     *
     * @return its length in bytes
     */
    public int write(DmaMemory m) {
        int length = extended ? BYTES : SHORT_BYTES;
        m.putShort(4, (short) version);
        m.putShort(6, (short) length);
        m.putLong(8, (mac != null ? MAC : 0) | (vlan != 0 ? VLAN : 0) | (channelDown ? CHANNEL_DOWN : 0)
                | LINK);
        if (mac != null) {
            Mac48.putBytes(m, 16, mac);
        }
        m.putShort(24, (short) vlan);
        if (extended) {
            m.putInt(32, link.megabitsPerSecond());
            m.putInt(40, link.up() ? FULL_DUPLEX : LINK_DOWN);
        }
        m.putInt(0, crc(m, length));
        return length;
    }

    /** CRC-32 from 0 without a final inversion, over all but the CRC itself. */
    static int crc(DmaMemory m, int length) {
        int crc = 0;
        for (int i = 4; i < length; i++) {
            crc ^= m.getByte(i) & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) != 0 ? CRC32 : 0);
            }
        }
        return crc;
    }
}
