package dev.npa.sim.nic.intel;

import dev.npa.hw.PhysicalMemory;
import dev.npa.sim.machine.IommuDomain;

/**
 * Fetches the next packet of a transmit ring: context descriptors into their slots, data into the queue's buffer, 82599
 * §6 and §16, 82576 §5. A malformed packet is consumed to its end, recorded, and marked to be dropped.
 */
final class TxFetch {

    private static final int MIN_PACKET = 17;
    private static final int MAX_TSO = 256 * 1024 - 1;
    private static final int MAX_HEADER = 512;

    /** What a chip demands beyond what all do. */
    interface Rules {
        /** Bits of the first data descriptor that mean something to the chip. */
        long options();

        /** What is wrong with the options of a packet, or null. */
        String fault(TxQueue q);
    }

    private final IntelCore core;
    private final RegisterFile regs;
    private final QueueSlots slots;
    private final Rules rules;

    TxFetch(IntelCore core, Rules rules) {
        this.core = core;
        this.regs = core.regs;
        this.slots = core.queueSlots;
        this.rules = rules;
    }

    /**
     * Fetches one packet.
     *
     * @return false if the ring holds no complete packet
     */
    boolean fetch(TxQueue q) {
        // Acquire: what the driver wrote before the tail is visible.
        int tail = regs.getAcquire(slots.tdt + q.index);
        if (tail == q.head) {
            return false;
        }
        if (tail < 0 || tail >= q.size) {
            complainOnce(q, tail, "is outside its ring of " + q.size);
            return false;
        }
        q.length = 0;
        q.start = TxQueue.HEADROOM;
        String fault = null;
        boolean begun = false;
        int at = q.head;
        while (at != tail) {
            long address = q.base + (long) at * AdvancedTxDescriptor.SIZE;
            PhysicalMemory memory = q.descriptor(address, IommuDomain.READ);
            long q0 = memory.getLong(address);
            long q1 = memory.getLong(address + 8);
            int here = at;
            at = at + 1 == q.size ? 0 : at + 1;
            if (fault == null) {
                if (isContext(q1) && !begun) {
                    context(q, q0, q1);
                    consume(q, at);
                    continue;
                }
                if (!begun) {
                    begun = true;
                    q.options = q1 & rules.options();
                }
                fault = accumulate(q, q0, q1, core.maxTransmit());
            }
            if ((q1 & AdvancedTxDescriptor.EOP) != 0 && !isContext(q1)) {
                finish(q, here, at, q1, fault == null ? check(q) : fault);
                return true;
            }
        }
        if (begun) {
            complainOnce(q, tail, "is not at the end of a packet");
        }
        return false;
    }

    private static boolean isContext(long q1) {
        return (q1 & AdvancedTxDescriptor.DEXT) != 0
                && AdvancedTxDescriptor.dtyp(q1) == AdvancedTxDescriptor.DTYP_CONTEXT;
    }

    private static void context(TxQueue q, long q0, long q1) {
        int slot = AdvancedTxDescriptor.idx(q1);
        q.context[2 * slot] = q0;
        q.context[2 * slot + 1] = q1;
        q.contexts |= 1 << slot;
    }

    private void consume(TxQueue q, int next) {
        q.head = next;
        regs.set(slots.tdh + q.index, next);
    }

    /** Copies a data descriptor's buffer; the first options decide. Returns what is wrong, or null. */
    private static String accumulate(TxQueue q, long q0, long q1, int longest) {
        if ((q1 & AdvancedTxDescriptor.DEXT) == 0) {
            return "legacy descriptor";
        }
        if (AdvancedTxDescriptor.dtyp(q1) != AdvancedTxDescriptor.DTYP_DATA) {
            return AdvancedTxDescriptor.dtyp(q1) == AdvancedTxDescriptor.DTYP_CONTEXT ? "context inside a packet"
                    : "DTYP " + AdvancedTxDescriptor.dtyp(q1);
        }
        boolean eop = (q1 & AdvancedTxDescriptor.EOP) != 0;
        if ((q1 & AdvancedTxDescriptor.RS) != 0 && !eop) {
            return "RS without EOP";
        }
        int bytes = AdvancedTxDescriptor.dtalen(q1);
        if (bytes == 0) {
            return eop ? null : "DTALEN 0 without EOP";
        }
        boolean tso = (q.options & AdvancedTxDescriptor.TSE) != 0;
        if (q.length + bytes > (tso ? MAX_TSO + MAX_HEADER : longest)) {
            return "packet longer than the device can send";
        }
        if (tso) {
            q.grow();
        }
        q.port.read(q0, q.packet, TxQueue.HEADROOM + q.length, bytes);
        q.length += bytes;
        return null;
    }

    private void finish(TxQueue q, int last, int next, long q1, String fault) {
        q.last = last;
        q.nextHead = next;
        q.report = (q1 & AdvancedTxDescriptor.RS) != 0;
        q.segment = 0;
        q.badTail = -1;
        q.held = true;
        q.drop = fault != null;
        if (fault != null) {
            core.violation(q.index, "transmit descriptor " + last + " of queue " + q.index + ": " + fault);
        }
    }

    /** Checks a complete packet against its options and context. */
    private String check(TxQueue q) {
        long o = q.options;
        boolean tso = (o & AdvancedTxDescriptor.TSE) != 0;
        String own = rules.fault(q);
        if (own != null) {
            return own;
        }
        if (q.length < MIN_PACKET) {
            return "packet of " + q.length + " bytes, the least is " + MIN_PACKET;
        }
        if (!tso && AdvancedTxDescriptor.paylen(o) != q.length) {
            return "PAYLEN " + AdvancedTxDescriptor.paylen(o) + " but " + q.length + " bytes of data";
        }
        long needs = AdvancedTxDescriptor.CC | AdvancedTxDescriptor.IXSM | AdvancedTxDescriptor.TXSM
                | AdvancedTxDescriptor.TSE | AdvancedTxDescriptor.VLE;
        return (o & needs) == 0 ? null : checkContext(q, o, tso);
    }

    private String checkContext(TxQueue q, long o, boolean tso) {
        int slot = AdvancedTxDescriptor.idx(o);
        if ((q.contexts & 1 << slot) == 0) {
            return "context " + slot + " was never loaded";
        }
        long c0 = q.context[2 * slot];
        long c1 = q.context[2 * slot + 1];
        int maclen = AdvancedTxDescriptor.maclen(c0);
        int iplen = AdvancedTxDescriptor.iplen(c0);
        boolean vlanOnly = (o & ~AdvancedTxDescriptor.VLE & (AdvancedTxDescriptor.CC | AdvancedTxDescriptor.IXSM
                | AdvancedTxDescriptor.TXSM | AdvancedTxDescriptor.TSE)) == 0;
        if (!vlanOnly && maclen < 14) {
            return "MACLEN " + maclen + ", 14..127 is legal";
        }
        boolean layer3 = tso || (o & (AdvancedTxDescriptor.IXSM | AdvancedTxDescriptor.TXSM)) != 0;
        if (layer3 && (iplen < 6 || maclen + iplen > q.length)) {
            return "IPLEN " + iplen + " with MACLEN " + maclen + " in a packet of " + q.length + " bytes";
        }
        return tso ? checkSegmentation(q, o, c1, maclen + iplen + AdvancedTxDescriptor.l4len(c1)) : null;
    }

    private String checkSegmentation(TxQueue q, long o, long c1, int header) {
        int l4t = AdvancedTxDescriptor.l4t(c1);
        int least = l4t == AdvancedTxDescriptor.L4T_TCP ? 20 : 8;
        if (l4t > AdvancedTxDescriptor.L4T_TCP || AdvancedTxDescriptor.l4len(c1) < least) {
            return "TSE with L4T " + l4t + " and L4LEN " + AdvancedTxDescriptor.l4len(c1);
        }
        if (header > MAX_HEADER || AdvancedTxDescriptor.mss(c1) == 0
                || header + AdvancedTxDescriptor.mss(c1) > core.maxTransmit()) {
            return "TSE with MSS " + AdvancedTxDescriptor.mss(c1) + " and headers of " + header + " bytes";
        }
        int paylen = AdvancedTxDescriptor.paylen(o);
        return paylen == 0 || paylen != q.length - header
                ? "PAYLEN " + paylen + " but " + (q.length - header) + " bytes behind the headers" : null;
    }

    private void complainOnce(TxQueue q, int tail, String what) {
        if (q.badTail != tail) {
            q.badTail = tail;
            core.violation(q.index, "TDT " + tail + " of queue " + q.index + " " + what);
        }
    }
}
