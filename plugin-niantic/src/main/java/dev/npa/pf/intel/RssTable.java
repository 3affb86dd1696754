package dev.npa.pf.intel;

import dev.npa.pf.RssSettings;
import dev.npa.pf.RssType;
import java.util.List;

/**
 * Key, table and hashed fields of RSS: one set for all pools of a port. The first VF with RSS chooses, and it or a VF
 * that is alone may choose anew; the others get what there is until nobody uses RSS any more. 82599 §15, 82576 §7.
 */
final class RssTable {

    private static final int RSSRK = 0x5C80;
    private static final int RETA = 0x5C00;
    private static final int WORD = 4;

    private final Registers registers;
    private final Port port;
    private RssSettings current;
    private VfState owner;

    RssTable(Registers registers, Port port) {
        this.registers = registers;
        this.port = port;
    }

    /** What holds for a VF; null if it has RSS off. */
    RssSettings of(VfState vf) {
        return uses(vf) ? current : null;
    }

    private static boolean uses(VfState vf) {
        return vf.isAssigned() && vf.settings().rss() != null;
    }

    /** Nobody uses RSS: no field is hashed. */
    void reset() {
        current = null;
        owner = null;
        port.hash(0);
    }

    /** A VF's settings have changed, or it was given up. */
    void update(VfState changed, List<VfState> vfs) {
        if (owner == changed && !uses(changed)) {
            owner = null;
        }
        boolean others = vfs.stream().anyMatch(vf -> vf != changed && uses(vf));
        if (uses(changed)) {
            if (current == null || owner == changed || !others) {
                owner = changed;
                choose(changed.settings().rss().within(port.queuesPerPool()));
            }
        } else if (!others && current != null) {
            reset();
        }
    }

    /** While the table is written no frame is hashed: the fields come last. */
    private void choose(RssSettings wanted) {
        if (wanted.equals(current)) {
            return;
        }
        port.hash(0);
        byte[] key = wanted.key();
        for (int i = 0; i < key.length; i += WORD) {
            registers.write(RSSRK + i, key[i] & 0xFF | (key[i + 1] & 0xFF) << 8 | (key[i + 2] & 0xFF) << 16
                    | key[i + 3] << 24);
        }
        int[] table = wanted.table();
        for (int i = 0; i < table.length; i += WORD) {
            registers.write(RETA + i, table[i] | table[i + 1] << 8 | table[i + 2] << 16 | table[i + 3] << 24);
        }
        int fields = 0;
        for (RssType type : wanted.types()) {
            fields |= field(type);
        }
        port.hash(fields);
        current = wanted;
    }

    /** Bit of MRQC; the same on both chips. */
    static int field(RssType type) {
        return switch (type) {
            case TCP_IPV4 -> 1 << 16;
            case IPV4 -> 1 << 17;
            case IPV6 -> 1 << 20;
            case TCP_IPV6 -> 1 << 21;
            case UDP_IPV4 -> 1 << 22;
            case UDP_IPV6 -> 1 << 23;
        };
    }
}
