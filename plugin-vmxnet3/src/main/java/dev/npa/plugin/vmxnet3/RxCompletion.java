package dev.npa.plugin.vmxnet3;

import dev.npa.shell.PacketFlags;

/**
 * Layout of RxCompDesc, 16 bytes (fact sheet §9), as two 64-bit words. The device stores dword 3, which has the
 * generation bit, last. One completion a buffer; checksum, tag and hash are on the packet's last, LRO fields on its
 * first.
 *
 * <pre>
 *  low   30 cnc   29..26 rssType   25..16 rqID   15 sop   14 eop   11..0 rxdIdx
 *        63..32 rssHash                                       LRO: 39..32 segCnt
 *  high  31..16 tci   15 ts   14 err   13..0 len
 *        63 gen   62..56 type   54 frg   53 v4   52 v6   51 ipc   50 tcp   49 udp   48 tuc
 *        47..32 csum                                          LRO: 47..32 mss
 * </pre>
 */
final class RxCompletion {

    static final int HIGH = 8;
    static final int D3 = 12;

    static final int EOP = 1 << 14;
    static final int SOP = 1 << 15;
    /** Index, first, last, ring: where a completion belongs. */
    static final int PLACE = 0x03FF_CFFF;
    static final int RQ_ID_SHIFT = 16;

    private static final int CNC = 1 << 30;
    private static final int RSS_TYPE = 0xF << 26;
    private static final int ERR = 1 << 14;
    private static final int TS = 1 << 15;
    private static final int TYPE_LRO = 4;
    private static final int VERDICT_SHIFT = 48;
    private static final int TUC = 1;
    private static final int UDP = 1 << 1;
    private static final int TCP = 1 << 2;
    private static final int IPC = 1 << 3;
    private static final int V6 = 1 << 4;
    private static final int V4 = 1 << 5;
    private static final int FRG = 1 << 6;
    /** Flags for each value of the seven bits from tuc to frg. */
    private static final int[] VERDICTS = new int[1 << 7];

    static {
        for (int bits = 0; bits < VERDICTS.length; bits++) {
            VERDICTS[bits] = verdict(bits);
        }
    }

    private RxCompletion() {}

    private static int verdict(int bits) {
        boolean v4 = (bits & V4) != 0;
        boolean ipGood = (bits & IPC) != 0;
        int flags = v4 ? PacketFlags.RX_IPV4 | (ipGood ? PacketFlags.RX_IP_GOOD : PacketFlags.RX_IP_BAD)
                : (bits & V6) != 0 ? PacketFlags.RX_IPV6 : 0;
        if ((bits & FRG) != 0) {
            return flags | PacketFlags.RX_FRAGMENT; // an L4 checksum spans all fragments
        }
        if ((bits & (TCP | UDP)) == 0) {
            return flags;
        }
        flags |= (bits & TCP) != 0 ? PacketFlags.RX_TCP : PacketFlags.RX_UDP;
        if ((bits & TUC) == 0) {
            return flags | PacketFlags.RX_L4_BAD;
        }
        return v4 && !ipGood ? flags : flags | PacketFlags.RX_L4_GOOD; // §9: over IPv4 tuc counts only with ipc
    }

    static int rxdIdx(long low) {
        return (int) low & 0xFFF;
    }

    /** q = ring 0 of queue q, number of receive queues + q = its ring 1. */
    static int rqId(long low) {
        return (int) low >>> RQ_ID_SHIFT & 0x3FF;
    }

    static boolean isSop(long low) {
        return (low & SOP) != 0;
    }

    static boolean isEop(long low) {
        return (low & EOP) != 0;
    }

    static int hash(long low) {
        return (int) (low >>> 32);
    }

    /** Segments merged; of an LRO completion. */
    static int segments(long low) {
        return (int) (low >>> 32) & 0xFF;
    }

    /** Bytes in this buffer. */
    static int length(long high) {
        return (int) high & 0x3FFF;
    }

    /** Valid on the packet's last completion. */
    static boolean isError(long high) {
        return (high & ERR) != 0;
    }

    static int tci(long high) {
        return (int) high >>> 16;
    }

    static boolean isLro(long high) {
        return ((int) (high >>> 56) & 0x7F) == TYPE_LRO;
    }

    /** Payload bytes of a merged segment, 0 = not told; of an LRO completion. */
    static int mss(long high) {
        return (int) (high >>> 32) & 0xFFFF;
    }

    /** Results of a packet in terms of {@link PacketFlags}, from its last completion. */
    static int flags(long low, long high) {
        int flags = (high & TS) != 0 ? PacketFlags.RX_VLAN : 0;
        if ((low & RSS_TYPE) != 0 && !isLro(high)) { // an LRO completion has segCnt where the hash would be
            flags |= PacketFlags.RX_HASH;
        }
        if ((low & CNC) != 0) {
            return flags;
        }
        flags |= VERDICTS[(int) (high >>> VERDICT_SHIFT) & VERDICTS.length - 1];
        // With tuc 0, a raw sum in csum means "not judged"; only without it the checksum is known to be wrong.
        return (flags & PacketFlags.RX_L4_BAD) != 0 && !isLro(high) && (high >>> 32 & 0xFFFF) != 0
                ? flags & ~PacketFlags.RX_L4_BAD : flags;
    }
}
