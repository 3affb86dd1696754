package dev.npa.plugin.intel.ring;

import dev.npa.plugin.intel.regs.AdvancedTxDescriptor;
import dev.npa.plugin.intel.regs.ChipQueues;
import dev.npa.plugin.intel.regs.TxContextDescriptor;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/**
 * Turns the offload requests of one packet into the words of its descriptors, or finds that it breaks a limit. An
 * instance is reused for every packet, its results are valid until the next call.
 */
final class TxPlan {

    /** Requests that need header lengths. */
    private static final int CHECKSUMS =
            PacketFlags.TX_IP_CHECKSUM | PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_UDP_CHECKSUM;
    private static final int ETHERNET_HEADER = 14;
    private static final int VLAN_TAG = 4;
    private static final int MIN_IPLEN = 6;
    private static final int TCP_HEADER = 20;
    private static final int MAX_TCP_HEADER = 60;
    private static final int UDP_HEADER = 8;
    /** The device reads the header of a TSO packet from at most this many buffers. 82599 §6.3 */
    private static final int MAX_HEADER_BUFFERS = 4;

    private final TxLimits limits;
    private final long dataBits;
    private final boolean contextAlways;
    private int last;
    private int descriptors;
    private long total;
    private boolean wellFormed;
    private boolean needsContext;
    private long contextQ0;
    private long contextQ1;
    private long common;

    TxPlan(TxLimits limits, ChipQueues chip) {
        this.limits = limits;
        this.dataBits = chip.dataBits();
        this.contextAlways = chip.contextAlways();
    }

    /** Last entry of the packet. */
    int last() {
        return last;
    }

    /** Data descriptors that it needs. */
    int descriptors() {
        return descriptors;
    }

    /** Bytes of the packet. */
    int total() {
        return (int) total;
    }

    /** Whether the packet refers to a context at all. */
    boolean needsContext() {
        return needsContext;
    }

    long contextQ0() {
        return contextQ0;
    }

    long contextQ1() {
        return contextQ1;
    }

    /** q1 of each data descriptor without IDX, length, EOP and RS. */
    long common() {
        return common;
    }

    /** MACLEN of a packet without requests: the shell may leave the offload word 0. */
    static int plainMaclen(int l2Length) {
        return Math.max(l2Length, ETHERNET_HEADER);
    }

    /**
     * Plans the packet that begins at {@code first}.
     *
     * @return false if it must be refused; {@link #last} is valid all the same
     */
    boolean plan(PacketBurst burst, int first, int to) {
        measure(burst, first, to);
        return wellFormed && last - first < limits.maxSegments()
                && (burst.flags(first) & limits.refusedFlags()) == 0 && words(burst, first);
    }

    private void measure(PacketBurst burst, int first, int to) {
        int i = first;
        int needed = 0;
        long bytes = 0;
        boolean sane = true;
        while (true) {
            int length = burst.length(i);
            sane &= length > 0;
            bytes += length;
            needed += (length + AdvancedTxDescriptor.MAX_DATA - 1) / AdvancedTxDescriptor.MAX_DATA;
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
        descriptors = needed;
        wellFormed = sane && (burst.flags(first) & PacketFlags.SOP) != 0;
    }

    private boolean words(PacketBurst burst, int first) {
        int flags = burst.flags(first);
        boolean tso = (flags & PacketFlags.TX_TSO) != 0;
        boolean vlan = (flags & PacketFlags.TX_VLAN) != 0;
        int tag = vlan ? burst.txVlan(first) : 0;
        long options = vlan ? AdvancedTxDescriptor.VLE : 0;
        needsContext = true;
        if (tso) {
            return segmented(burst, first, flags, tag, options);
        }
        if (total < limits.minFrame() || total + (vlan ? VLAN_TAG : 0) > limits.maxFrame()) {
            return false;
        }
        if ((flags & CHECKSUMS) != 0) {
            return checksummed(burst, first, flags, tag, options);
        }
        needsContext = vlan || contextAlways;
        contextQ0 = TxContextDescriptor.q0(plainMaclen(burst.l2Length(first)), 0, tag);
        contextQ1 = TxContextDescriptor.PLAIN;
        common = AdvancedTxDescriptor.common(dataBits, 0, options, (int) total);
        return true;
    }

    private boolean checksummed(PacketBurst burst, int first, int flags, int tag, long options) {
        boolean tcp = (flags & PacketFlags.TX_TCP_CHECKSUM) != 0;
        boolean udp = (flags & PacketFlags.TX_UDP_CHECKSUM) != 0;
        int l2 = burst.l2Length(first);
        int l3 = burst.l3Length(first);
        // Constant header lengths: the device needs none here, and one context serves packets with other TCP options.
        int l4 = tcp ? TCP_HEADER : udp ? UDP_HEADER : 0;
        boolean ip = (flags & PacketFlags.TX_IP_CHECKSUM) != 0;
        if (tcp && udp || ip && (flags & PacketFlags.TX_IPV6) != 0 || l2 < ETHERNET_HEADER || l3 < MIN_IPLEN
                || l2 + l3 + l4 > Math.min(total, limits.maxHeaderBytes())) {
            return false;
        }
        boolean v4 = ip || (flags & PacketFlags.TX_IPV4) != 0;
        contextQ0 = TxContextDescriptor.q0(l2, l3, tag);
        contextQ1 = TxContextDescriptor.q1((v4 ? TxContextDescriptor.IPV4 : 0)
                | (tcp ? TxContextDescriptor.L4T_TCP : TxContextDescriptor.L4T_UDP), l4, 0);
        common = AdvancedTxDescriptor.common(dataBits, 0, options | (ip ? AdvancedTxDescriptor.IXSM : 0)
                | (tcp || udp ? AdvancedTxDescriptor.TXSM : 0), (int) total);
        return true;
    }

    private boolean segmented(PacketBurst burst, int first, int flags, int tag, long options) {
        boolean v4 = (flags & PacketFlags.TX_IPV4) != 0;
        boolean v6 = (flags & PacketFlags.TX_IPV6) != 0;
        int l2 = burst.l2Length(first);
        int l3 = burst.l3Length(first);
        int l4 = burst.l4Length(first);
        int mss = burst.txMss(first);
        int header = l2 + l3 + l4;
        boolean enabled = v4 ? !v6 && limits.tsoV4() : v6 && limits.tsoV6();
        if (!enabled || (flags & PacketFlags.TX_UDP_CHECKSUM) != 0 || l2 < ETHERNET_HEADER || l3 < MIN_IPLEN
                || l4 < TCP_HEADER || l4 > MAX_TCP_HEADER || header > limits.maxHeaderBytes() || header >= total
                || mss == 0 || header + mss + (options != 0 ? VLAN_TAG : 0) > limits.maxFrame()
                || total > limits.maxTsoBytes() || !headerFits(burst, first, header)) {
            return false;
        }
        contextQ0 = TxContextDescriptor.q0(l2, l3, tag);
        contextQ1 = TxContextDescriptor.q1((v4 ? TxContextDescriptor.IPV4 : 0) | TxContextDescriptor.L4T_TCP, l4,
                mss);
        common = AdvancedTxDescriptor.common(dataBits, 0, options | AdvancedTxDescriptor.TSE | AdvancedTxDescriptor.TXSM
                | (v4 ? AdvancedTxDescriptor.IXSM : 0), (int) total - header);
        return true;
    }

    private boolean headerFits(PacketBurst burst, int first, int header) {
        int bytes = 0;
        for (int i = first; i <= last && i - first < MAX_HEADER_BUFFERS; i++) {
            bytes += burst.length(i);
        }
        return bytes >= header;
    }
}
