package dev.npa.pf.broadcom.channel;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.MacAddress;
import dev.npa.pf.broadcom.hsi.Mac48;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * SET_Q_FILTERS: which frames a VF wants. §9.5
 *
 * @param filters null = unchanged
 * @param multicast null = unchanged
 * @param mask receive mask; -1 = unchanged
 */
public record Filters(List<Filter> filters, Set<MacAddress> multicast, int mask) {

    /**
     * One address or VLAN.
     *
     * @param mac null = none
     * @param vlan -1 = none
     */
    public record Filter(MacAddress mac, int vlan, boolean set) {}

    /** Bytes of the TLV. */
    public static final int BYTES = 596;

    private static final int MAC_VLAN_CHANGED = 1;
    private static final int MULTICAST_CHANGED = 2;
    private static final int MASK_CHANGED = 4;
    private static final int MAC_VALID = 1;
    private static final int VLAN_VALID = 2;
    private static final int SET = 0x100;
    private static final int MOST = 32;

    /** Reads the TLV; null if it counts more entries than it has. */
    public static Filters read(DmaMemory m) {
        int flags = m.getInt(8);
        int count = Acquire.u8(m, 13);
        int groups = Acquire.u8(m, 14);
        if (count > MOST || groups > MOST) {
            return null;
        }
        List<Filter> filters = new ArrayList<>();
        for (int at = 16; at < 16 + 12 * count; at += 12) {
            int kind = m.getInt(at);
            filters.add(new Filter((kind & MAC_VALID) != 0 ? Mac48.getBytes(m, at + 4) : null,
                    (kind & VLAN_VALID) != 0 ? Acquire.u16(m, at + 10) : -1, (kind & SET) != 0));
        }
        Set<MacAddress> multicast = new HashSet<>();
        for (int i = 0; i < groups; i++) {
            multicast.add(Mac48.getBytes(m, 400 + 6 * i));
        }
        return new Filters((flags & MAC_VLAN_CHANGED) != 0 ? filters : null,
                (flags & MULTICAST_CHANGED) != 0 ? multicast : null,
                (flags & MASK_CHANGED) != 0 ? m.getInt(592) & 0x3F : -1);
    }
}
