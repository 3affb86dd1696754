package dev.npa.plugin.support;

import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.PluginConfig;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/**
 * What one transmit packet asks for, held against configuration and capabilities. One instance for a queue, read anew
 * for each packet; what the accessors return is that of the packet read last.
 */
public final class TxRequest {

    /** Requests that need the header lengths of the offload word. */
    public static final int CHECKSUMS =
            PacketFlags.TX_IP_CHECKSUM | PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_UDP_CHECKSUM;
    /** All requests. */
    public static final int REQUESTS = CHECKSUMS | PacketFlags.TX_TSO | PacketFlags.TX_VLAN;

    private final int minFrame;
    private final int maxFrame;
    private final int maxSegments;
    private final int maxTsoBytes;
    private final int maxHeaderBytes;
    private final int refused;
    private final boolean tsoV4;
    private final boolean tsoV6;

    private int last;
    private long total;
    private int flags;
    private int l2;
    private int l3;
    private int l4;
    private int mss;
    private int vlan;

    /** First entry's flags with EOP, and offload word, of the packet read last; bounds of {@link #total} with them. */
    private int sameFlags;
    private long sameOffload;
    private int least;
    private int most;
    private boolean repeated;

    /** Creates a reader with the limits of a configuration. */
    public TxRequest(PluginConfig config, PluginCapabilities can) {
        minFrame = can.minFrame();
        maxFrame = config.maxFrame();
        maxSegments = config.has(Feature.SCATTER_GATHER) ? can.maxTxSegments() : 1;
        maxTsoBytes = can.maxTsoBytes();
        maxHeaderBytes = can.maxHeaderBytes();
        tsoV4 = config.has(Feature.TSO_V4);
        tsoV6 = config.has(Feature.TSO_V6);
        refused = (config.has(Feature.TX_IP_CHECKSUM) ? 0 : PacketFlags.TX_IP_CHECKSUM)
                | (config.has(Feature.TX_L4_CHECKSUM) ? 0 : PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_UDP_CHECKSUM)
                | (config.has(Feature.VLAN_INSERT) ? 0 : PacketFlags.TX_VLAN)
                | (tsoV4 || tsoV6 ? 0 : PacketFlags.TX_TSO);
    }

    /** Whether an entry is a whole packet without requests and of a size that is allowed: no need to read it. */
    public boolean isPlain(int entryFlags, int length) {
        return (entryFlags & (PacketFlags.WHOLE | REQUESTS)) == PacketFlags.WHOLE && length >= minFrame
                && length <= maxFrame;
    }

    /**
     * Whether an entry is a whole packet that asks for the same as the packet read last, and is allowed: no need to read
     * it. Sizes are those of this packet, everything else is that of the one read.
     */
    public boolean isSame(int entryFlags, long offload, int length) {
        return entryFlags == sameFlags && offload == sameOffload && length >= least && length <= most;
    }

    /**
     * Reads the packet that begins at {@code first}.
     *
     * @param to one past the last entry that may belong to it
     * @return false if it must be refused; {@link #last} is valid all the same
     */
    public boolean read(PacketBurst burst, int first, int to) {
        int own = burst.flags(first) | PacketFlags.EOP;
        repeated = own == sameFlags && burst.offload(first) == sameOffload;
        if (!repeated) {
            interpret(burst, first, own);
        }
        return measure(burst, first, to) && last - first < maxSegments && total >= least && total <= most;
    }

    /** What the packet asks for, whatever its size; sets the bounds of its size, to an empty range if none will do. */
    private void interpret(PacketBurst burst, int first, int own) {
        sameFlags = own;
        sameOffload = burst.offload(first);
        boolean tso = (own & PacketFlags.TX_TSO) != 0;
        flags = tso ? own & ~PacketFlags.TX_IP_CHECKSUM : own; // implied, whatever the features say of it alone
        l2 = burst.l2Length(first);
        l3 = burst.l3Length(first);
        l4 = burst.l4Length(first);
        mss = burst.txMss(first);
        vlan = (own & PacketFlags.TX_VLAN) != 0 ? burst.txVlan(first) : 0;
        least = tso ? header() + 1 : Math.max(minFrame, checksummedHeader());
        boolean allowed = (flags & refused) == 0 && (tso ? isCuttable() : isSendable());
        most = !allowed ? 0 : tso ? maxTsoBytes : maxFrame - tagBytes();
    }

    private boolean measure(PacketBurst burst, int first, int to) {
        boolean sane = (burst.flags(first) & PacketFlags.SOP) != 0;
        long bytes = 0;
        int i = first;
        while (true) {
            int length = burst.length(i);
            sane &= length > 0;
            bytes += length;
            if ((burst.flags(i) & PacketFlags.EOP) != 0) {
                break;
            }
            if (i + 1 == to) {
                sane = false; // the end is missing
                break;
            }
            i++;
            sane &= (burst.flags(i) & PacketFlags.SOP) == 0;
        }
        last = i;
        total = bytes;
        return sane;
    }

    /** Bytes that a packet must have for its checksums; 0 without. */
    private int checksummedHeader() {
        int behind = has(PacketFlags.TX_TCP_CHECKSUM) ? Headers.TCP
                : has(PacketFlags.TX_UDP_CHECKSUM) ? Headers.UDP : 0;
        return has(CHECKSUMS) ? l2 + l3 + behind : 0;
    }

    private boolean isSendable() {
        boolean both = has(PacketFlags.TX_TCP_CHECKSUM) && has(PacketFlags.TX_UDP_CHECKSUM);
        return !has(CHECKSUMS) || !both && !(has(PacketFlags.TX_IP_CHECKSUM) && isV6()) && hasIpHeader()
                && checksummedHeader() <= maxHeaderBytes;
    }

    private boolean isCuttable() {
        boolean v4 = has(PacketFlags.TX_IPV4);
        return (v4 ? !isV6() && tsoV4 : isV6() && tsoV6) && !has(PacketFlags.TX_UDP_CHECKSUM) && hasIpHeader()
                && l4 >= Headers.TCP && l4 <= Headers.MAX_TCP && header() <= maxHeaderBytes && mss > 0
                && header() + mss + tagBytes() <= maxFrame;
    }

    private boolean hasIpHeader() {
        return l2 >= Headers.ETHERNET && l3 >= (isV6() ? Headers.IPV6 : Headers.IPV4);
    }

    private int tagBytes() {
        return has(PacketFlags.TX_VLAN) ? Headers.VLAN_TAG : 0;
    }

    /** Whether the packet asks for the same as the one before it; only {@link #last} and {@link #total} are new. */
    public boolean isRepeated() {
        return repeated;
    }

    /** Last entry of the packet. */
    public int last() {
        return last;
    }

    /** Bytes of the packet; beyond {@link Integer#MAX_VALUE} only of one that must be refused. */
    public int total() {
        return (int) total;
    }

    /** Requests and protocol flags of the packet. With TSO, the IP checksum is implied and never shown. */
    public int flags() {
        return flags;
    }

    /** Whether the packet bears a request or protocol flag. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    public boolean isV6() {
        return has(PacketFlags.TX_IPV6);
    }

    /** Bytes before the IP header, as the shell says. */
    public int l2() {
        return l2;
    }

    /** Bytes of the IP header with options and extension headers. */
    public int l3() {
        return l3;
    }

    /** Bytes of the TCP or UDP header; sure only with TSO. */
    public int l4() {
        return l4;
    }

    /** Bytes of all headers. */
    public int header() {
        return l2 + l3 + l4;
    }

    /** Payload bytes of a segment, with TSO. */
    public int mss() {
        return mss;
    }

    /** Tag to insert; 0 without the request. */
    public int vlan() {
        return vlan;
    }
}
