package dev.npa.sim.net;

/** Forwarding table of a virtual switch: address to attached port, open addressing. Immutable; rebuilt on a change. */
final class VirtualSwitchTable {

    private final long[] keys;
    private final VirtualSwitchPort[] ports;
    private final int mask;

    VirtualSwitchTable(VirtualSwitchPort[] attached) {
        int slots = Math.max(8, Integer.highestOneBit(attached.length) * 4);
        keys = new long[slots];
        ports = new VirtualSwitchPort[slots];
        mask = slots - 1;
        for (VirtualSwitchPort port : attached) {
            int slot = slot(port.mac().value());
            while (ports[slot] != null) {
                slot = slot + 1 & mask;
            }
            keys[slot] = port.mac().value();
            ports[slot] = port;
        }
    }

    /** The port with this address; null if none is attached. */
    VirtualSwitchPort find(long mac) {
        int slot = slot(mac);
        while (ports[slot] != null) {
            if (keys[slot] == mac) {
                return ports[slot];
            }
            slot = slot + 1 & mask;
        }
        return null;
    }

    private int slot(long mac) {
        return (int) (mac * 0x9E37_79B9_7F4A_7C15L >>> 40) & mask;
    }
}
