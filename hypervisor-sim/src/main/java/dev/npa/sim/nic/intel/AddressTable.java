package dev.npa.sim.nic.intel;

import java.util.Arrays;

/** A hash table from unicast and multicast addresses to pools: what the exact address filters become. */
public final class AddressTable {

    private static final int BUCKETS = 512;
    private static final long EMPTY = -1;

    private final long[] macs = new long[BUCKETS];
    private final long[] macPools = new long[BUCKETS];

    /** Forgets all addresses. */
    public void clear() {
        Arrays.fill(macs, EMPTY);
    }

    /**
     * Adds a filter; pools of equal addresses join.
     *
     * @param ral low word of the filter register: the first byte on the wire is its low byte
     * @param rah high word; bits above 15 do not matter
     */
    public void add(int ral, int rah, long pools) {
        long mac = Integer.toUnsignedLong(Integer.reverseBytes(ral)) << 16
                | Short.toUnsignedInt(Short.reverseBytes((short) rah));
        int at = bucket(mac);
        macPools[at] = macs[at] == mac ? macPools[at] | pools : pools;
        macs[at] = mac;
    }

    private int bucket(long mac) {
        int at = (int) (mac * 0x9E37_79B9_7F4A_7C15L >>> 55);
        while (macs[at] != EMPTY && macs[at] != mac) {
            at = at + 1 & BUCKETS - 1;
        }
        return at;
    }

    /** Whether there is a filter for an address. */
    public boolean has(long mac) {
        return macs[bucket(mac)] == mac;
    }

    /** Pools that the exact filters give for an address; 0 if none matches. */
    public long pools(long mac) {
        int at = bucket(mac);
        return macs[at] == mac ? macPools[at] : 0;
    }

    /**
     * The 12-bit hash of an address for the hash tables, 82599 §5.3, 82576 §7.
     *
     * @param kind 0..3, the MO field
     */
    public static int hash(int kind, long mac) {
        int b4 = (int) (mac >>> 8) & 0xFF;
        int b5 = (int) mac & 0xFF;
        int down = 4 - kind;
        return (kind == 3 ? b4 | b5 << 8 : b4 >>> down | b5 << 8 - down) & 0xFFF;
    }
}
