package dev.npa.pf.broadcom.channel;

import dev.npa.hw.DmaMemory;
import dev.npa.pf.RssSettings;
import dev.npa.pf.RssType;
import java.util.EnumSet;
import java.util.Set;

/** UPDATE_RSS: how a VF wants packets spread. §9.6 */
public final class RssRequest {

    /** Bytes of the TLV. */
    public static final int BYTES = 184;

    private static final int OFF = 1;
    private static final int SET_KEY = 4;
    private static final int TABLE = 16;
    private static final int KEY = 144;

    private RssRequest() {}

    /** Whether the VF wants RSS off. */
    public static boolean isOff(DmaMemory m) {
        return (m.getInt(8) & OFF) != 0;
    }

    /**
     * Reads what a VF wants.
     *
     * @param firstClient client of its queue 0
     * @param queues its queues
     * @param key key to keep if the request has none
     * @return null if the table has another size or names clients that are not the VF's, or the key another length
     */
    public static RssSettings read(DmaMemory m, int firstClient, int queues, byte[] key) {
        int flags = m.getInt(8);
        if (Acquire.u8(m, 13) != RssSettings.TABLE_SIZE
                || (flags & SET_KEY) != 0 && Acquire.u8(m, 14) != RssSettings.KEY_BYTES / 4) {
            return null;
        }
        int[] table = new int[RssSettings.TABLE_SIZE];
        for (int i = 0; i < table.length; i++) {
            table[i] = Acquire.u8(m, TABLE + i) - firstClient; // absolute client ids, §7
            if (table[i] < 0 || table[i] >= queues) {
                return null;
            }
        }
        byte[] chosen = key.clone();
        if ((flags & SET_KEY) != 0) {
            m.get(KEY, chosen, 0, chosen.length);
        }
        return new RssSettings(types(flags), chosen, table);
    }

    private static Set<RssType> types(int flags) {
        Set<RssType> types = EnumSet.noneOf(RssType.class);
        RssType[] order = {RssType.IPV4, RssType.TCP_IPV4, RssType.UDP_IPV4, RssType.IPV6, RssType.TCP_IPV6,
            RssType.UDP_IPV6};
        int[] bits = {0x8, 0x10, 0x20, 0x40, 0x80, 0x100};
        for (int i = 0; i < order.length; i++) {
            if ((flags & bits[i]) != 0) {
                types.add(order[i]);
            }
        }
        return types;
    }
}
