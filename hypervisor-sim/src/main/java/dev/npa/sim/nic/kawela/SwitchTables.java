package dev.npa.sim.nic.kawela;

import dev.npa.sim.nic.intel.AddressTable;
import dev.npa.sim.nic.intel.RegisterFile;
import java.util.Arrays;

/**
 * The filter registers in a form that costs one or two loads a frame: a hash table from address to pools (RAL,
 * RAH), an array from VLAN id to pools (VLVF), and pool masks from VMOLR. Rebuilt at the next frame after a write.
 * Used under the device's lock.
 */
final class SwitchTables {

    private static final int ADDRESSES = 24;
    private static final int VLANS = 32;

    private final RegisterFile regs;
    private final Slots slots;
    private final AddressTable addresses = new AddressTable();
    private final long[] vlanPools = new long[4096];
    private boolean stale = true;

    /** Pools with VMOLR.AUPE, ROMPE, ROPE, BAM, MPME, RSSE. */
    long acceptUntagged;
    long hashMulticast;
    long hashUnicast;
    long broadcast;
    long allMulticast;
    long spread;

    SwitchTables(Core core) {
        this.regs = core.regs;
        this.slots = core.slots;
        for (String name : new String[] {"RAL", "RAH", "VLVF", "VMOLR"}) {
            regs.afterWrite(name, this::invalidate);
        }
    }

    void invalidate() {
        stale = true;
    }

    /** Brings the tables up to date. Call before a burst. */
    void refresh() {
        if (stale) {
            stale = false;
            addresses.clear();
            for (int n = 0; n < ADDRESSES; n++) {
                int high = regs.get(slots.rah + n);
                if (high < 0) { // AV; pool bits 25:18, 82576 §7
                    addresses.add(regs.get(slots.ral + n), high, high >>> 18 & 0xFF);
                }
            }
            vlans();
            acceptUntagged = poolsWith(24);
            hashMulticast = poolsWith(25);
            hashUnicast = poolsWith(26);
            broadcast = poolsWith(27);
            allMulticast = poolsWith(28);
            spread = poolsWith(17);
        }
    }

    private void vlans() {
        Arrays.fill(vlanPools, 0);
        for (int n = 0; n < VLANS; n++) {
            int vlvf = regs.get(slots.vlvf + n);
            if (vlvf < 0) { // enabled; pool bits 19:12
                vlanPools[vlvf & 0xFFF] |= vlvf >>> 12 & 0xFF;
            }
        }
    }

    private long poolsWith(int bit) {
        long pools = 0;
        for (int n = 0; n < Core.POOLS; n++) {
            pools |= (long) (regs.get(slots.vmolr + n) >>> bit & 1) << n;
        }
        return pools;
    }

    /** Pools that an exact filter gives for an address; 0 if none matches. */
    long exact(long mac) {
        return addresses.pools(mac);
    }

    /** Whether an exact filter has the address, also one that names no pool. */
    boolean isFiltered(long mac) {
        return addresses.has(mac);
    }

    /** Pools that are members of a VLAN. */
    long vlan(int vid) {
        return vlanPools[vid];
    }

    /** Whether VFTA has the VLAN. */
    boolean vftaHas(int vid) {
        return (regs.get(slots.vfta + (vid >> 5)) >>> (vid & 31) & 1) != 0;
    }

    /** Whether the hash of an address, of the kind in RCTL.MO, is set in a hash table (MTA or UTA). */
    boolean hashHit(int table, long mac) {
        int hash = AddressTable.hash(regs.get(slots.rctl) >>> 12 & 3, mac);
        return (regs.get(table + (hash >> 5)) >>> (hash & 31) & 1) != 0;
    }
}
