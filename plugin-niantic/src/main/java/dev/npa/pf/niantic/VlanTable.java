package dev.npa.pf.niantic;

import dev.npa.pf.PfException;
import java.util.Set;

/**
 * The pool filter for VLANs (VLVF) and the VLAN bitmap (VFTA). The PF is a member of every VLAN that a VF uses, so that
 * frames looped back inside the adapter reach VMs in emulated mode; the VLANs of those VMs have entries of their own,
 * counted, which outlive any VF. Entry 0 is reserved for VLAN 0. Fact sheet §10, §11.
 */
final class VlanTable {

    private final Registers registers;
    private final int pfPool;
    private final int[] vid = new int[PfRegisters.VLVF_ENTRIES];
    private final long[] members = new long[PfRegisters.VLVF_ENTRIES];
    /** How often the uplink itself wants the entry's VLAN. */
    private final int[] uplinks = new int[PfRegisters.VLVF_ENTRIES];

    VlanTable(Registers registers, int pfPool) {
        this.registers = registers;
        this.pfPool = pfPool;
    }

    void reset() {
        registers.fill(PfRegisters.VFTA, PfRegisters.HASH_REGISTERS, 0);
        for (int n = 0; n < vid.length; n++) {
            vid[n] = -1;
            members[n] = 0;
            uplinks[n] = 0;
            clear(n);
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
            throw new PfException("82599: " + missing + " more VLAN filters are needed for VF " + pool + ", " + free
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
            storeMembers(n);
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
        clear(n);
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
        for (int n = vid.length - 1; n > 0; n--) { // §10: searched 63..1
            if (vid[n] < 0) {
                return n;
            }
        }
        throw new PfException("82599: all " + (vid.length - 1) + " VLAN filters of the port are in use; reduce the"
                + " VLANs of its VMs");
    }

    private void store(int n) {
        storeMembers(n);
        registers.write(PfRegisters.vlvf(n), vid[n] | PfRegisters.VLVF_VIEN);
        registers.set(vfta(vid[n]), 1 << (vid[n] & 31));
    }

    private void storeMembers(int n) {
        registers.write(PfRegisters.vlvfb(n, 0), (int) members[n]);
        registers.write(PfRegisters.vlvfb(n, 1), (int) (members[n] >>> 32));
    }

    private void clear(int n) {
        registers.write(PfRegisters.vlvf(n), 0);
        registers.write(PfRegisters.vlvfb(n, 0), 0);
        registers.write(PfRegisters.vlvfb(n, 1), 0);
    }

    private static int vfta(int v) {
        return PfRegisters.VFTA + 4 * (v >>> 5);
    }
}
