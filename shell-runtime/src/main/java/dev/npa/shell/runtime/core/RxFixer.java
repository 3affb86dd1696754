package dev.npa.shell.runtime.core;

import dev.npa.hw.PhysicalMemory;
import dev.npa.plugin.Feature;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.netdev.RssConfig;
import dev.npa.shell.runtime.offload.FlowHash;

/** What the core adds to a received packet that its carrier does not do: hash and tag. */
final class RxFixer {

    /** The packet has no hash. */
    static final long NO_HASH = FlowHash.NONE;

    private static final int TAGGED = 0x0081; // 0x8100 as little-endian
    private static final int ETHERTYPE = 12;
    private static final int TAG = 4;
    private static final int SHORTEST_TAGGED = 18;

    private final PhysicalMemory memory;
    private final boolean strip;
    private FlowHash flows;
    private boolean stripping;
    /** The carrier's hash is none of the operating system's. */
    private boolean hashing;
    private boolean wantsHash;
    private long hash;

    RxFixer(PhysicalMemory memory, boolean strip) {
        this.memory = memory;
        this.strip = strip;
    }

    void rss(RssConfig config) {
        flows = config == null ? null : new FlowHash(config);
    }

    /**
     * Looks at what a carrier does.
     *
     * @return whether its hash is to be replaced
     */
    boolean adapt(PluginInstance carrier, int queues) {
        stripping = strip && !carrier.has(Feature.VLAN_STRIP);
        wantsHash = flows != null;
        hashing = wantsHash && (carrier.hashesItsOwnWay() || !carrier.has(Feature.RSS));
        return hashing;
    }

    boolean isNeeded() {
        return stripping || hashing;
    }

    /** Looks at a packet; returns the hash that it is to be sorted by, or {@link #NO_HASH}. */
    long examine(PacketBurst burst, int at) {
        if (!wantsHash) {
            hash = NO_HASH;
        } else if (!hashing && (burst.flags(at) & PacketFlags.RX_HASH) != 0) {
            hash = Integer.toUnsignedLong(burst.rxHash(at));
        } else {
            hash = flows.of(memory, burst.address(at), burst.length(at));
        }
        return hash;
    }

    /**
     * Appends the packet that was examined, with hash and tag as they are to be.
     *
     * @return bytes of the packet
     */
    int move(PacketBurst burst, int from, int to, PacketBurst into) {
        long address = burst.address(from);
        boolean tagged = stripping && burst.length(from) >= SHORTEST_TAGGED
                && (burst.flags(from) & PacketFlags.RX_VLAN) == 0
                && (memory.getShort(address + ETHERTYPE) & 0xFFFF) == TAGGED;
        int first;
        if (tagged) {
            first = stripped(burst, from, into);
        } else {
            first = into.addFrom(burst, from);
        }
        if (wantsHash) {
            boolean valid = hash != NO_HASH;
            into.flags(first, into.flags(first) & ~PacketFlags.RX_HASH | (valid ? PacketFlags.RX_HASH : 0));
            into.offload(first, PacketBurst.rxOffload(valid ? (int) hash : 0, into.rxVlan(first)));
        }
        int bytes = into.length(first);
        for (int i = from + 1; i < to; i++) {
            into.addFrom(burst, i);
            bytes += burst.length(i);
        }
        return bytes;
    }

    /** Moves the addresses over the tag: the frame begins 4 bytes later then. */
    private int stripped(PacketBurst burst, int from, PacketBurst into) {
        long address = burst.address(from);
        int tci = Short.toUnsignedInt(Short.reverseBytes(memory.getShort(address + ETHERTYPE + 2)));
        memory.copy(address, address + TAG, ETHERTYPE);
        int i = into.add(address + TAG, burst.handle(from), burst.length(from) - TAG,
                burst.flags(from) | PacketFlags.RX_VLAN);
        into.offload(i, PacketBurst.rxOffload(burst.rxHash(from), tci));
        into.packetLength(i, burst.packetLength(from) - TAG);
        into.lro(i, burst.segments(from), burst.mss(from));
        return i;
    }
}
