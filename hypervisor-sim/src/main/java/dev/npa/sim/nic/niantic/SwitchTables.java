package dev.npa.sim.nic.niantic;

import java.util.Arrays;

/**
 * The filter registers in a form that costs one or two loads a frame: a hash table from address to pools (RAL, RAH,
 * MPSAR), an array from VLAN id to pools (VLVF, VLVFB), and pool masks from VMOLR. Rebuilt at the next frame after a
 * write. Used under the device's lock.
 */
final class SwitchTables {

    private static final int ADDRESSES = 128;
    private static final int BUCKETS = 512;
    private static final long EMPTY = -1;

    private final RegisterFile regs;
    private final Slots slots;
    private final long[] macs = new long[BUCKETS];
    private final long[] macPools = new long[BUCKETS];
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
        Arrays.fill(macs, EMPTY);
        for (int n = 0; n < ADDRESSES; n++) {
            int high = regs.get(slots.rah + n);
            if (high < 0) { // AV
                // The first byte on the wire is the low byte of RAL.
                long mac = Integer.toUnsignedLong(Integer.reverseBytes(regs.get(slots.ral + n))) << 16
                        | Short.toUnsignedInt(Short.reverseBytes((short) high));
                int at = bucket(mac);
                macPools[at] = macs[at] == mac ? macPools[at] | mpsar(n) : mpsar(n);
                macs[at] = mac;
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

    private int bucket(long mac) {
        int at = (int) (mac * 0x9E37_79B9_7F4A_7C15L >>> 55);
        while (macs[at] != EMPTY && macs[at] != mac) {
            at = at + 1 & BUCKETS - 1;
        }
        return at;
    }

    /** Pools that an exact filter gives for an address; 0 if none matches. */
    long exact(long mac) {
        int at = bucket(mac);
        return macs[at] == mac ? macPools[at] : 0;
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
        int b4 = (int) (mac >>> 8) & 0xFF;
        int b5 = (int) mac & 0xFF;
        int kind = regs.get(slots.mcstctrl) & 3;
        int down = 4 - kind;
        int hash = (kind == 3 ? b4 | b5 << 8 : b4 >>> down | b5 << 8 - down) & 0xFFF;
        return (regs.get(table + (hash >> 5)) >>> (hash & 31) & 1) != 0;
    }
}
