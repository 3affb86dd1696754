package dev.npa.sim.nic.niantic;

import dev.npa.sim.nic.intel.AddressTable;
import dev.npa.sim.nic.intel.RegisterFile;
import java.util.Arrays;

/**
 * The filter registers in a form that costs one or two loads a frame: a hash table from address to pools (RAL, RAH,
 * MPSAR), an array from VLAN id to pools (VLVF, VLVFB), and pool masks from VMOLR. Rebuilt at the next frame after a
 * write. Used under the device's lock.
 */
final class SwitchTables {

    private static final int ADDRESSES = 128;

    private final RegisterFile regs;
    private final Slots slots;
    private final AddressTable addresses = new AddressTable();
    private final long[] vlanPools = new long[4096];
    private boolean stale = true;

    /** Pools with VMOLR.AUPE, ROMPE, ROPE, BAM, MPE. */
    long acceptUntagged;
    long hashMulticast;
    long hashUnicast;
    long broadcast;
    long allMulticast;

    SwitchTables(Core core) {
        this.regs = core.regs;
        this.slots = core.slots;
        for (String name : new String[] {"RAL", "RAH", "MPSAR", "VLVF", "VLVFB", "VMOLR"}) {
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
            addresses();
            vlans();
            pools();
        }
    }

    private void addresses() {
        addresses.clear();
        for (int n = 0; n < ADDRESSES; n++) {
            int high = regs.get(slots.rah + n);
            if (high < 0) { // AV
                addresses.add(regs.get(slots.ral + n), high, mpsar(n));
            }
        }
    }

    private long mpsar(int n) {
        return Integer.toUnsignedLong(regs.get(slots.mpsar + 2 * n)) | (long) regs.get(slots.mpsar + 2 * n + 1) << 32;
    }

    private void vlans() {
        Arrays.fill(vlanPools, 0);
        for (int n = 0; n < 64; n++) {
            int vlvf = regs.get(slots.vlvf + n);
            if (vlvf < 0) {
                vlanPools[vlvf & 0xFFF] |= Integer.toUnsignedLong(regs.get(slots.vlvfb + 2 * n))
                        | (long) regs.get(slots.vlvfb + 2 * n + 1) << 32;
            }
        }
    }

    private void pools() {
        acceptUntagged = poolsWith(24);
        hashMulticast = poolsWith(25);
        hashUnicast = poolsWith(26);
        broadcast = poolsWith(27);
        allMulticast = poolsWith(28);
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

    /** Pools that are members of a VLAN. */
    long vlan(int vid) {
        return vlanPools[vid];
    }

    /** Whether VFTA has the VLAN. */
    boolean vftaHas(int vid) {
        return (regs.get(slots.vfta + (vid >> 5)) >>> (vid & 31) & 1) != 0;
    }

    /** Whether the hash of an address is set in a hash table (MTA or UTA), 82599 §5.3. */
    boolean hashHit(int table, long mac) {
        int hash = AddressTable.hash(regs.get(slots.mcstctrl) & 3, mac);
        return (regs.get(table + (hash >> 5)) >>> (hash & 31) & 1) != 0;
    }
}
