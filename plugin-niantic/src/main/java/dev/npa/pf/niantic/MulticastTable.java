package dev.npa.pf.niantic;

import dev.npa.hw.MacAddress;
import java.util.Collection;
import java.util.Set;

/** The multicast hash table (MTA), shared by all pools: a bit is set while any VF wants it. Fact sheet §5.3, §10. */
final class MulticastTable {

    /** Filter type (MCSTCTRL.MO) that is used; VFs are told in the reply to RESET. */
    static final int FILTER_TYPE = 0;

    private final Registers registers;
    private final int[] image = new int[PfRegisters.HASH_REGISTERS];

    MulticastTable(Registers registers) {
        this.registers = registers;
    }

    void reset() {
        java.util.Arrays.fill(image, 0);
        registers.fill(PfRegisters.MTA, PfRegisters.HASH_REGISTERS, 0);
        registers.fill(PfRegisters.UTA, PfRegisters.HASH_REGISTERS, 0);
        registers.write(PfRegisters.MCSTCTRL, PfRegisters.MCSTCTRL_MFE | FILTER_TYPE);
    }

    /** The 12-bit hash of an address with filter type 0. §5.3 */
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
                registers.write(PfRegisters.MTA + 4 * i, wanted[i]);
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
