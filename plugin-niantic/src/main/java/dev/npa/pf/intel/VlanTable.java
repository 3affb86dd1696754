package dev.npa.pf.intel;

import dev.npa.pf.PfException;
import java.util.Set;

/**
 * The pool filter for VLANs (VLVF) and the VLAN bitmap (VFTA). The PF is a member of every VLAN that a VF uses, so that
 * frames looped back inside the adapter reach VMs in emulated mode; the VLANs of those VMs have entries of their own,
 * counted, which outlive any VF. Entry 0 is reserved for VLAN 0. 82599 §10, §11; 82576 §7, §8.
 */
final class VlanTable {

    private final Registers registers;
    private final String chip;
    private final VlanFilters filters;
    private final int pfPool;
    private final int[] vid;
    private final long[] members;
    /** How often the uplink itself wants the entry's VLAN. */
    private final int[] uplinks;

    VlanTable(String chip, Registers registers, VlanFilters filters, int pfPool) {
        this.chip = chip;
        this.registers = registers;
        this.filters = filters;
        this.pfPool = pfPool;
        vid = new int[filters.entries()];
        members = new long[filters.entries()];
        uplinks = new int[filters.entries()];
    }

    void reset() {
        registers.fill(filters.vfta(), MulticastTable.HASH_REGISTERS, 0);
        for (int n = 0; n < vid.length; n++) {
            vid[n] = -1;
            members[n] = 0;
            uplinks[n] = 0;
            filters.clear(n);
        }
        vid[0] = 0;
        members[0] = 1L << pfPool;
        store(0);
    }

    /**
     * Checks that a pool can become a member of these VLANs.
     *
     * @throws PfException if there are not enough entries
     */
    void requireRoom(Set<Integer> wanted, int pool) {
        int missing = 0;
        for (int v : wanted) {
            missing += find(v) < 0 ? 1 : 0;
        }
        int free = 0;
        for (int n = 1; n < vid.length; n++) {
            // An entry that only this pool uses, for a VLAN it does not want any more, is as good as free.
            boolean leaving = vid[n] >= 0 && members[n] == (1L << pool | 1L << pfPool) && uplinks[n] == 0
                    && !wanted.contains(vid[n]);
            free += vid[n] < 0 || leaving ? 1 : 0;
        }
        if (missing > free) {
            throw new PfException(chip + ": " + missing + " more VLAN filters are needed for VF " + pool + ", " + free
                    + " of " + (vid.length - 1) + " are free; reduce the VLANs of its VM");
        }
    }

    /**
     * Makes the PF a member of a VLAN on the uplink's own account.
     *
     * @throws PfException if the VLAN has no entry and none is free
     */
    void addUplink(int v) {
        int n = find(v);
        if (n < 0) {
            n = enter(v);
            store(n);
        }
        uplinks[n]++;
    }

    /** Takes back one {@link #addUplink}. */
    void removeUplink(int v) {
        int n = find(v);
        if (n >= 0 && uplinks[n] > 0) {
            uplinks[n]--;
            freeIfUnused(n);
        }
    }

    /** Makes the pool a member of exactly these VLANs. */
    void memberOf(Set<Integer> wanted, int pool) {
        for (int n = 0; n < vid.length; n++) {
            if (vid[n] >= 0 && (members[n] & 1L << pool) != 0 && !wanted.contains(vid[n])) {
                leave(n, pool);
            }
        }
        for (int v : wanted) {
            join(v, pool);
        }
    }

    private void join(int v, int pool) {
        int n = find(v);
        if (n < 0) {
            n = enter(v);
        }
        if ((members[n] & 1L << pool) == 0) {
            members[n] |= 1L << pool;
            store(n);
        }
    }

    private void leave(int n, int pool) {
        members[n] &= ~(1L << pool);
        if (!freeIfUnused(n)) {
            filters.members(n, vid[n], members[n]);
        }
    }

    /** Takes a free entry for a VLAN, with the PF as its only member; registers are not written. */
    private int enter(int v) {
        int n = findFree();
        vid[n] = v;
        members[n] = 1L << pfPool;
        return n;
    }

    private boolean freeIfUnused(int n) {
        if (n == 0 || members[n] != 1L << pfPool || uplinks[n] > 0) {
            return false;
        }
        registers.clear(vfta(vid[n]), 1 << (vid[n] & 31));
        filters.clear(n);
        vid[n] = -1;
        members[n] = 0;
        return true;
    }

    private int find(int v) {
        for (int n = 0; n < vid.length; n++) {
            if (vid[n] == v) {
                return n;
            }
        }
        return -1;
    }

    private int findFree() {
        for (int n = vid.length - 1; n > 0; n--) { // from the top, as other drivers do
            if (vid[n] < 0) {
                return n;
            }
        }
        throw new PfException(chip + ": all " + (vid.length - 1) + " VLAN filters of the port are in use; reduce the"
                + " VLANs of its VMs");
    }

    private void store(int n) {
        filters.enable(n, vid[n], members[n]);
        registers.set(vfta(vid[n]), 1 << (vid[n] & 31));
    }

    private int vfta(int v) {
        return filters.vfta() + 4 * (v >>> 5);
    }
}
