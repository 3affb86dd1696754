package dev.npa.pf.broadcom.hsi;

import dev.npa.hw.DmaMemory;
import dev.npa.pf.RssSettings;
import dev.npa.pf.RssType;

/**
 * Data of RSS_UPDATE: one engine's hash types, table and key. §8.4
 *
 * @param settings queue indices are those of the function; null turns spreading off
 * @param firstClient client of queue 0; the table holds absolute client ids
 */
public record RssUpdate(int engine, RssSettings settings, int firstClient, int echo) {

    /** Bytes of the structure. */
    public static final int BYTES = 184;

    private static final int REGULAR = 1;
    private static final int RESULT_MASK = 0x7F;
    private static final int UPDATE_KEY = 1 << 9;
    private static final int TABLE = 8;
    private static final int KEY = 136;

    /** Writes the structure into zeroed memory. */
    public void write(DmaMemory m) {
        m.putByte(0, (byte) engine);
        m.putInt(176, echo);
        if (settings == null || settings.types().isEmpty()) {
            return;
        }
        int capabilities = UPDATE_KEY;
        for (RssType type : settings.types()) {
            capabilities |= capability(type);
        }
        m.putByte(1, (byte) REGULAR);
        m.putShort(2, (short) capabilities);
        m.putByte(4, (byte) RESULT_MASK);
        int[] table = settings.table();
        for (int i = 0; i < table.length; i++) {
            m.putByte(TABLE + i, (byte) (firstClient + table[i]));
        }
        byte[] key = settings.key();
        for (int i = 0; i < key.length; i++) {
            m.putByte(KEY + i, key[key.length - 1 - i]); // byte-reversed, §7
        }
    }

    private static int capability(RssType type) {
        return switch (type) {
            case IPV4 -> 1;
            case TCP_IPV4 -> 1 << 1;
            case UDP_IPV4 -> 1 << 2;
            case IPV6 -> 1 << 4;
            case TCP_IPV6 -> 1 << 5;
            case UDP_IPV6 -> 1 << 6;
        };
    }
}
