package dev.npa.plugin.intel.ring;

import dev.npa.plugin.intel.regs.AdvancedTxDescriptor;
import dev.npa.plugin.intel.regs.ChipQueues;
import dev.npa.plugin.intel.regs.TxContextDescriptor;
import dev.npa.plugin.support.TxRequest;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/** The words of one packet's descriptors. Used again for every packet; results are those of the packet planned last. */
final class TxPlan {

    private static final int TCP_HEADER = 20;
    private static final int UDP_HEADER = 8;
    /** The device reads the header of a TSO packet from at most this many buffers. 82599 §6.3 */
    private static final int MAX_HEADER_BUFFERS = 4;

    private final TxRequest request;
    private final long dataBits;
    private final boolean contextAlways;
    private boolean needsContext;
    private long contextQ0;
    private long contextQ1;
    private long common;
    private int unpaid;

    TxPlan(TxRequest request, ChipQueues chip) {
        this.request = request;
        this.dataBits = chip.dataBits();
        this.contextAlways = chip.contextAlways();
    }

    /** Data descriptors that suffice for the packet, whose first entry is {@code first}. */
    int descriptors(int first) {
        return request.last() - first + 1 + request.total() / AdvancedTxDescriptor.MAX_DATA;
    }

    /** Whether the packet refers to a context at all. */
    boolean needsContext() {
        return needsContext;
    }

    long contextQ0() {
        return contextQ0;
    }

    /** q1 of the context without IDX. */
    long contextQ1() {
        return contextQ1;
    }

    /** q1 of each data descriptor without IDX, PAYLEN, DTALEN, EOP and RS. */
    long common() {
        return common;
    }

    /** PAYLEN of a packet of so many bytes. */
    long paylen(int total) {
        return (long) (total - unpaid) << AdvancedTxDescriptor.PAYLEN_SHIFT;
    }

    /**
     * Plans the packet that begins at {@code first}.
     *
     * @return false if it must be refused
     */
    boolean plan(PacketBurst burst, int first, int to) {
        boolean allowed = request.read(burst, first, to);
        if (!request.isRepeated()) {
            write();
        }
        return allowed && (unpaid == 0 || headerFits(burst, first));
    }

    private void write() {
        boolean tso = request.has(PacketFlags.TX_TSO);
        boolean vlan = request.has(PacketFlags.TX_VLAN);
        boolean v4 = request.has(PacketFlags.TX_IPV4 | PacketFlags.TX_IP_CHECKSUM);
        boolean ip = tso ? v4 : request.has(PacketFlags.TX_IP_CHECKSUM);
        boolean tcp = tso || request.has(PacketFlags.TX_TCP_CHECKSUM);
        boolean udp = request.has(PacketFlags.TX_UDP_CHECKSUM);
        if (ip || tcp || udp) {
            // With a checksum alone the device needs no L4LEN: a constant lets one context serve all TCP options.
            int l4 = tso ? request.l4() : tcp ? TCP_HEADER : udp ? UDP_HEADER : 0;
            needsContext = true;
            contextQ0 = TxContextDescriptor.q0(request.l2(), request.l3(), request.vlan());
            contextQ1 = TxContextDescriptor.q1((v4 ? TxContextDescriptor.IPV4 : 0)
                    | (tcp ? TxContextDescriptor.L4T_TCP : TxContextDescriptor.L4T_UDP), l4, tso ? request.mss() : 0);
        } else {
            needsContext = contextAlways || vlan;
            contextQ0 = TxContextDescriptor.plainQ0(request.l2(), request.vlan());
            contextQ1 = TxContextDescriptor.PLAIN;
        }
        common = dataBits | (vlan ? AdvancedTxDescriptor.VLE : 0) | (tso ? AdvancedTxDescriptor.TSE : 0)
                | (ip ? AdvancedTxDescriptor.IXSM : 0) | (tcp || udp ? AdvancedTxDescriptor.TXSM : 0);
        unpaid = tso ? request.header() : 0; // with TSE, PAYLEN is that of the TCP payload
    }

    private boolean headerFits(PacketBurst burst, int first) {
        int bytes = 0;
        for (int i = first; i <= request.last() && i - first < MAX_HEADER_BUFFERS; i++) {
            bytes += burst.length(i);
        }
        return bytes >= unpaid;
    }
}
