package dev.npa.shell.runtime.offload;

import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.Set;

/** What a carrier takes as it is, and the judgement of a packet by it. Immutable. */
public final class TxLimits {

    /** The carrier takes the packet. */
    public static final int DIRECT = 0;
    /** Software has to change it first. */
    public static final int SOFTWARE = 1;
    /** Nobody can send it. */
    public static final int REFUSE = 2;

    static final int CHECKSUMS =
            PacketFlags.TX_IP_CHECKSUM | PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_UDP_CHECKSUM;
    private static final int L4_CHECKSUMS = PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_UDP_CHECKSUM;
    private static final int SHORTEST = 14;
    private static final int IPV6_HEADER = 40;
    private static final int LARGEST_TSO = 65535 + 18;

    private final int lacking;
    private final int closer;
    private final boolean tsoV4;
    private final boolean tsoV6;
    private final int maxSegments;
    private final int maxTsoBytes;
    private final int maxHeader;
    private final int minFrame;
    private final int maxFrame;
    private final int span;

    /**
     * Collects the limits of a carrier.
     *
     * @param enabled features in force
     * @param ring size of its transmit rings: no packet fills one
     * @param maxFrame longest frame without TSO
     */
    public TxLimits(PluginCapabilities can, Set<Feature> enabled, int ring, int maxFrame) {
        this.lacking = (enabled.contains(Feature.TX_IP_CHECKSUM) ? 0 : PacketFlags.TX_IP_CHECKSUM)
                | (enabled.contains(Feature.TX_L4_CHECKSUM) ? 0 : L4_CHECKSUMS)
                | (enabled.contains(Feature.VLAN_INSERT) ? 0 : PacketFlags.TX_VLAN);
        this.closer = lacking | CHECKSUMS | PacketFlags.TX_TSO;
        this.tsoV4 = enabled.contains(Feature.TSO_V4);
        this.tsoV6 = enabled.contains(Feature.TSO_V6);
        this.maxSegments = enabled.contains(Feature.SCATTER_GATHER) 
                ? Math.min(can.maxTxSegments(), ring / 2) : 1;
        this.maxTsoBytes = can.maxTsoBytes();
        this.maxHeader = can.maxHeaderBytes();
        this.minFrame = Math.max(SHORTEST, can.minFrame());
        this.maxFrame = maxFrame;
        this.span = maxFrame - minFrame;
    }

    /** Requests that the carrier does not meet. */
    int lacking() {
        return lacking;
    }

    int minFrame() {
        return minFrame;
    }

    int maxSegments() {
        return maxSegments;
    }

    int maxTsoBytes() {
        return maxTsoBytes;
    }

    /** Whether the carrier cuts TCP packets with such flags and so many header bytes. */
    boolean cuts(int flags, int l3Length, int headerBytes) {
        boolean able = (flags & PacketFlags.TX_IPV6) != 0 ? tsoV6 && l3Length == IPV6_HEADER : tsoV4;
        return able && headerBytes <= maxHeader;
    }

    /**
     * One past the last of the packets from {@code at} on that are in one segment and ask for nothing but perhaps a
     * tag: one test of flags and one of the length each.
     */
    public int plainEnd(PacketBurst burst, int at, int to) {
        int i = at;
        while (i < to && (burst.flags(i) & (closer | PacketFlags.WHOLE)) == PacketFlags.WHOLE
                && Integer.compareUnsigned(burst.length(i) - minFrame, span) <= 0) {
            i++;
        }
        return i;
    }

    /** Judges a packet: {@link #DIRECT}, {@link #SOFTWARE} or {@link #REFUSE}. */
    public int judge(PacketBurst burst, int at, int end) {
        int flags = burst.flags(at);
        int total = burst.packetLength(at);
        return (flags & PacketFlags.TX_TSO) != 0 ? judgeTso(burst, at, end, total)
                : judgeFrame(burst, at, end, total);
    }

    private int judgeFrame(PacketBurst burst, int at, int end, int total) {
        int flags = burst.flags(at);
        if (total < SHORTEST || total > maxFrame
                || (flags & CHECKSUMS) != 0 && !headersMakeSense(burst, at, flags, total)) {
            return REFUSE;
        }
        boolean fits = (flags & lacking) == 0 && end - at <= maxSegments && total >= minFrame;
        if (fits && (flags & CHECKSUMS) != 0) {
            fits = burst.l2Length(at) + burst.l3Length(at) <= maxHeader
                    && ((flags & PacketFlags.TX_IPV6) == 0 || burst.l3Length(at) == IPV6_HEADER);
        }
        return fits ? DIRECT : SOFTWARE;
    }

    private static boolean headersMakeSense(PacketBurst burst, int at, int flags, int total) {
        int headers = burst.l2Length(at) + burst.l3Length(at);
        int field = (flags & PacketFlags.TX_TCP_CHECKSUM) != 0 ? 18
                : (flags & PacketFlags.TX_UDP_CHECKSUM) != 0 ? 8 : 0;
        return burst.l2Length(at) >= SHORTEST && headers + field <= burst.length(at) && headers + field <= total
                && burst.l3Length(at) >= ((flags & PacketFlags.TX_IPV6) != 0 ? IPV6_HEADER : 20);
    }

    private int judgeTso(PacketBurst burst, int at, int end, int total) {
        int flags = burst.flags(at);
        int headers = burst.l2Length(at) + burst.l3Length(at) + burst.l4Length(at);
        int mss = burst.txMss(at);
        int tag = (flags & PacketFlags.TX_VLAN) != 0 ? 4 : 0;
        if (burst.l4Length(at) < 20 || !headersMakeSense(burst, at, flags, total) || headers > burst.length(at)
                || headers >= total || mss == 0 || headers + tag + mss > maxFrame || total > LARGEST_TSO) {
            return REFUSE;
        }
        // A single segment is not a case for every NIC's cutting; software makes an ordinary frame of it.
        boolean fits = (flags & lacking & ~CHECKSUMS) == 0 && end - at <= maxSegments && total <= maxTsoBytes
                && total - headers > mss && cuts(flags, burst.l3Length(at), headers);
        return fits ? DIRECT : SOFTWARE;
    }
}
