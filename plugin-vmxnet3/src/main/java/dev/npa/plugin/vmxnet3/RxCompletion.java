package dev.npa.plugin.vmxnet3;

import dev.npa.shell.PacketFlags;

/**
 * Layout of RxCompDesc, 16 bytes (fact sheet §9). The device stores dword 3, which has the generation bit, last. One
 * completion a buffer; checksum, tag and hash are on the packet's last, LRO fields on its first.
 *
 * <pre>
 *  d0  30 cnc   29..26 rssType   25..16 rqID   15 sop   14 eop   11..0 rxdIdx
 *  d1  31..0 rssHash                              LRO: 7..0 segCnt
 *  d2  31..16 tci   15 ts   14 err   13..0 len
 *  d3  31 gen   30..24 type   22 frg   21 v4   20 v6   19 ipc   18 tcp   17 udp   16 tuc
 *      15..0 csum                                 LRO: 15..0 mss
 * </pre>
 */
final class RxCompletion {

    static final int SIZE = 16;
    static final int D0 = 0;
    static final int D1 = 4;
    static final int D2 = 8;
    static final int D3 = 12;

    private static final int EOP = 1 << 14;
    private static final int SOP = 1 << 15;
    private static final int CNC = 1 << 30;
    private static final int ERR = 1 << 14;
    private static final int TS = 1 << 15;
    private static final int TUC = 1 << 16;
    private static final int UDP = 1 << 17;
    private static final int TCP = 1 << 18;
    private static final int IPC = 1 << 19;
    private static final int V6 = 1 << 20;
    private static final int V4 = 1 << 21;
    private static final int FRG = 1 << 22;
    private static final int TYPE_LRO = 4;

    private RxCompletion() {}

    static int generation(int d3) {
        return d3 >>> 31;
    }

    static int rxdIdx(int d0) {
        return d0 & 0xFFF;
    }

    /** q = ring 0 of queue q, number of receive queues + q = its ring 1. */
    static int rqId(int d0) {
        return d0 >>> 16 & 0x3FF;
    }

    static boolean isSop(int d0) {
        return (d0 & SOP) != 0;
    }

    static boolean isEop(int d0) {
        return (d0 & EOP) != 0;
    }

    static int rssType(int d0) {
        return d0 >>> 26 & 0xF;
    }

    /** Bytes in this buffer. */
    static int length(int d2) {
        return d2 & 0x3FFF;
    }

    /** Valid on the packet's last completion. */
    static boolean isError(int d2) {
        return (d2 & ERR) != 0;
    }

    static int tci(int d2) {
        return d2 >>> 16;
    }

    static boolean isLro(int d3) {
        return (d3 >>> 24 & 0x7F) == TYPE_LRO;
    }

    /** Segments merged; of an LRO completion. */
    static int segments(int d1) {
        return d1 & 0xFF;
    }

    /** Payload bytes of a merged segment, 0 = not told; of an LRO completion. */
    static int mss(int d3) {
        return d3 & 0xFFFF;
    }

    /** Results of a packet in terms of {@link PacketFlags}, from its last completion. */
    static int flags(int d0, int d2, int d3) {
        int flags = (d2 & TS) != 0 ? PacketFlags.RX_VLAN : 0;
        if (rssType(d0) != 0 && !isLro(d3)) { // an LRO completion has segCnt where the hash would be
            flags |= PacketFlags.RX_HASH;
        }
        return (d0 & CNC) != 0 ? flags : flags | checked(d3);
    }

    private static int checked(int d3) {
        int flags = 0;
        if ((d3 & V4) != 0) {
            flags = PacketFlags.RX_IPV4 | ((d3 & IPC) != 0 ? PacketFlags.RX_IP_GOOD : PacketFlags.RX_IP_BAD);
        } else if ((d3 & V6) != 0) {
            flags = PacketFlags.RX_IPV6;
        }
        if ((d3 & FRG) != 0) {
            return flags | PacketFlags.RX_FRAGMENT; // an L4 checksum spans all fragments
        }
        if ((d3 & (TCP | UDP)) != 0) {
            flags |= (d3 & TCP) != 0 ? PacketFlags.RX_TCP : PacketFlags.RX_UDP;
            flags |= transport(d3);
        }
        return flags;
    }

    /** With tuc 0, a raw sum in csum means "not judged"; only without it the checksum is known to be wrong. */
    private static int transport(int d3) {
        if ((d3 & TUC) != 0) {
            // §9: over IPv4 tuc counts only together with ipc.
            return (d3 & V4) == 0 || (d3 & IPC) != 0 ? PacketFlags.RX_L4_GOOD : 0;
        }
        return !isLro(d3) && (d3 & 0xFFFF) != 0 ? 0 : PacketFlags.RX_L4_BAD;
    }
}
