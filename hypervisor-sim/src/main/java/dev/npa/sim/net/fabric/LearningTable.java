package dev.npa.sim.net.fabric;

/**
 * Filtering database of a switch: Ethernet address to port number, open addressing. Entries do not age. One thread.
 * Nothing is allocated after construction; a table that is full learns no further address, whose frames are flooded.
 */
final class LearningTable {

    /** {@link #find} of an address that was not learnt. */
    static final int UNKNOWN = -1;

    private final long[] keys;
    private final int[] ports;
    private final int mask;
    private final int limit;
    private int size;

    /**
     * Makes an empty table.
     *
     * @param limit addresses that it can hold
     */
    LearningTable(int limit) {
        int slots = Integer.highestOneBit(limit) * 4;
        this.limit = limit;
        this.keys = new long[slots];
        this.ports = new int[slots];
        this.mask = slots - 1;
    }

    /** The port of an individual address other than zero is this one from now on. */
    void learn(long mac, int port) {
        int slot = slot(mac);
        if (keys[slot] == mac) {
            ports[slot] = port;
        } else if (size < limit) {
            keys[slot] = mac;
            ports[slot] = port;
            size++;
        }
    }

    /** The port that last sent from this address, or {@link #UNKNOWN}. */
    int find(long mac) {
        int slot = slot(mac);
        return keys[slot] == mac && mac != 0 ? ports[slot] : UNKNOWN;
    }

    int size() {
        return size;
    }

    /** Slot of the address, or the free one where it belongs. */
    private int slot(long mac) {
        int slot = (int) (mac * 0x9E37_79B9_7F4A_7C15L >>> 40) & mask;
        while (keys[slot] != 0 && keys[slot] != mac) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
