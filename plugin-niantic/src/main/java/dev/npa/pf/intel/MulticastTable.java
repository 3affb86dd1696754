package dev.npa.pf.intel;

import dev.npa.hw.MacAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;

/** The multicast hash table (MTA), shared by all pools: a bit is set while any VF wants it. 82599 §5.3, 82576 §4.3. */
final class MulticastTable {

    /** Registers of each of MTA, UTA and VFTA. */
    static final int HASH_REGISTERS = 128;
    /** Filter type (MO) that is used; VFs are told in the reply to RESET. */
    static final int FILTER_TYPE = 0;

    private static final int MTA = 0x5200;

    private final Registers registers;
    private final int uta;
    private final int[] image = new int[HASH_REGISTERS];

    MulticastTable(Registers registers, int uta) {
        this.registers = registers;
        this.uta = uta;
    }

    void reset() {
        Arrays.fill(image, 0);
        registers.fill(MTA, HASH_REGISTERS, 0);
        registers.fill(uta, HASH_REGISTERS, 0);
    }

    /** The 12-bit hash of an address with filter type 0. */
    static int hash(MacAddress mac) {
        return ((mac.octet(4) & 0xFF) >>> 4 | (mac.octet(5) & 0xFF) << 4) & 0xFFF;
    }

    /** Makes the table hold what these VFs want; writes only what changes. */
    void rebuild(Collection<VfState> vfs) {
        int[] wanted = new int[image.length];
        for (VfState vf : vfs) {
            if (vf.isAssigned()) {
                for (MacAddress mac : vf.settings().multicast()) {
                    add(wanted, hash(mac));
                }
                add(wanted, vf.requestedHashes());
            }
        }
        for (int i = 0; i < image.length; i++) {
            if (wanted[i] != image[i]) {
                image[i] = wanted[i];
                registers.write(MTA + 4 * i, wanted[i]);
            }
        }
    }

    private static void add(int[] table, Set<Integer> hashes) {
        for (int hash : hashes) {
            add(table, hash);
        }
    }

    private static void add(int[] table, int hash) {
        table[hash >>> 5] |= 1 << (hash & 31);
    }
}
