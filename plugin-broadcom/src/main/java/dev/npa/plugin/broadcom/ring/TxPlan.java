package dev.npa.plugin.broadcom.ring;

import dev.npa.plugin.broadcom.regs.TxBd;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/**
 * Turns the offload requests of one packet into fields of its descriptors, or finds that it breaks a limit. An instance
 * is reused for every packet, its results are valid until the next call.
 */
final class TxPlan {

    private static final int CHECKSUMS =
            PacketFlags.TX_IP_CHECKSUM | PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_UDP_CHECKSUM;
    private static final int ETHERNET_HEADER = 14;
    private static final int VLAN_TAG = 4;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int TCP_HEADER = 20;
    private static final int MAX_TCP_HEADER = 60;
    private static final int UDP_HEADER = 8;
    private static final int MAX_MSS = (1 << 14) - 1;

    private final TxLimits limits;
    private int last;
    private int total;
    private boolean wellFormed;
    private int flags;
    private int parsing;
    private int header;

    TxPlan(TxLimits limits) {
        this.limits = limits;
    }

    /** Last entry of the packet. */
    int last() {
        return last;
    }

    /** Bytes of the packet. */
    int total() {
        return total;
    }

    /** bd_flags of the start descriptor without VLAN mode. */
    int flags() {
        return flags;
    }

    /** parsing_data without the kind of address. */
    int parsing() {
        return parsing;
    }

    /** Bytes that the start descriptor must cover exactly; 0 = the first segment. §4.5 */
    int header() {
        return header;
    }

    /**
     * Plans the packet that begins at {@code first}.
     *
     * @return false if it must be refused; {@link #last} is valid all the same
     */
    boolean plan(PacketBurst burst, int first, int to) {
        measure(burst, first, to);
        return wellFormed && last - first < limits.maxSegments()
                && (burst.flags(first) & limits.refusedFlags()) == 0 && fields(burst, first);
    }

    private void measure(PacketBurst burst, int first, int to) {
        int i = first;
        long bytes = 0;
        boolean sane = true;
        while (true) {
            int length = burst.length(i);
            sane &= length > 0 && length <= TxBd.MAX_BYTES;
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
        total = (int) Math.min(bytes, Integer.MAX_VALUE);
        wellFormed = sane && (burst.flags(first) & PacketFlags.SOP) != 0;
    }

    private boolean fields(PacketBurst burst, int first) {
        int requests = burst.flags(first);
        int tag = (requests & PacketFlags.TX_VLAN) != 0 ? VLAN_TAG : 0;
        flags = TxBd.START;
        parsing = 0;
        header = 0;
        if ((requests & PacketFlags.TX_TSO) != 0) {
            return segmented(burst, first, requests, tag);
        }
        if (total < TxLimits.MIN_FRAME || total + tag > limits.maxFrame()) {
            return false;
        }
        return (requests & CHECKSUMS) == 0 || checksummed(burst, first, requests);
    }

    private boolean checksummed(PacketBurst burst, int first, int requests) {
        boolean tcp = (requests & PacketFlags.TX_TCP_CHECKSUM) != 0;
        boolean udp = (requests & PacketFlags.TX_UDP_CHECKSUM) != 0;
        boolean ip = (requests & PacketFlags.TX_IP_CHECKSUM) != 0;
        boolean v6 = (requests & PacketFlags.TX_IPV6) != 0;
        int l4Offset = burst.l2Length(first) + burst.l3Length(first);
        int l4 = tcp ? Math.max(TCP_HEADER, burst.l4Length(first)) : udp ? UDP_HEADER : 0;
        // §8.5: the firmware stops a function that asks for an IPv4 checksum in an IPv6 packet.
        if (tcp && udp || ip && v6 || !ipFits(burst, first, v6) || l4 > MAX_TCP_HEADER || l4Offset + l4 > total) {
            return false;
        }
        if (ip) {
            flags |= TxBd.IP_CSUM;
        }
        if (tcp || udp) {
            flags |= TxBd.L4_CSUM | (udp ? TxBd.IS_UDP : 0) | (v6 ? TxBd.IPV6 : 0);
            parsing = TxBd.parsing(l4Offset, tcp ? l4 : 0, 0) | extensions(burst, first, v6);
        }
        return true;
    }

    private boolean segmented(PacketBurst burst, int first, int requests, int tag) {
        boolean v6 = (requests & PacketFlags.TX_IPV6) != 0;
        boolean v4 = (requests & PacketFlags.TX_IPV4) != 0;
        int l4Offset = burst.l2Length(first) + burst.l3Length(first);
        int l4 = burst.l4Length(first);
        int bytes = l4Offset + l4;
        int mss = burst.txMss(first);
        boolean enabled = v4 ? !v6 && limits.tsoV4() : v6 && limits.tsoV6();
        if (!enabled || (requests & PacketFlags.TX_UDP_CHECKSUM) != 0 || !ipFits(burst, first, v6)
                || l4 < TCP_HEADER || l4 > MAX_TCP_HEADER || (l4 & 3) != 0
                || bytes > TxLimits.MAX_HEADER_BYTES || bytes > burst.length(first) || bytes >= total
                || total > TxLimits.MAX_TSO_BYTES || mss == 0 || mss > MAX_MSS
                || bytes + mss + tag > Math.min(limits.maxFrame(), TxLimits.MAX_TSO_FRAME)) {
            return false;
        }
        flags |= TxBd.L4_CSUM | TxBd.SW_LSO | (v6 ? TxBd.IPV6 : 0);
        parsing = TxBd.parsing(l4Offset, l4, mss) | extensions(burst, first, v6);
        header = bytes;
        return true;
    }

    /** Offsets are told in 16-bit words, so odd ones cannot be. */
    private static boolean ipFits(PacketBurst burst, int first, boolean v6) {
        int l2 = burst.l2Length(first);
        int l3 = burst.l3Length(first);
        return l2 >= ETHERNET_HEADER && l3 >= (v6 ? IPV6_HEADER : IPV4_HEADER) && (l2 + l3 & 1) == 0;
    }

    private static int extensions(PacketBurst burst, int first, boolean v6) {
        return v6 && burst.l3Length(first) > IPV6_HEADER ? TxBd.IPV6_WITH_EXT_HDR : 0;
    }
}
