package dev.npa.sim.vmxnet3;

/**
 * RxDesc and RxCompDesc; vmxnet3 §9. Second quadword of an RxDesc:
 * <pre>
 *  d2  31  | 30..16 | 15    | 14    | 13..0
 *      gen | 0      | dtype | btype | len
 * </pre>
 * RxCompDesc:
 * <pre>
 *  d0  31   | 30  | 29..26  | 25..16 | 15  | 14  | 13..12 | 11..0      d1  RSS hash
 *      ext2 | cnc | rssType | rqID   | sop | eop | ext1   | rxdIdx
 *  d2  31..16 | 15 | 14  | 13..0     d3  31  | 30..24 | 23  | 22  | 21 | 20 | 19  | 18  | 17  | 16  | 15..0
 *      tci    | ts | err | len           gen | type   | fcs | frg | v4 | v6 | ipc | tcp | udp | tuc | csum
 * </pre>
 */
final class RxDescriptor {

    static final int HEAD = 0;
    static final int BODY = 1;

    static final int EOP = 1 << 14;
    static final int SOP = 1 << 15;
    static final int CNC = 1 << 30;
    static final int ERR = 1 << 14;
    static final int TS = 1 << 15;

    static final int TUC = 1 << 16;
    static final int UDP = 1 << 17;
    static final int TCP = 1 << 18;
    static final int IPC = 1 << 19;
    static final int V6 = 1 << 20;
    static final int V4 = 1 << 21;
    static final int FRG = 1 << 22;
    static final int FCS = 1 << 23;
    /** Completion type 3, RX completion. */
    static final int TYPE_RX = 3 << 24;
    /** Completion type 4, RX completion for LRO, revision 2: d1 has segCnt and tsDelta, d3 the MSS instead of csum. */
    static final int TYPE_LRO = 4 << 24;

    private RxDescriptor() {}

    static int gen(long word) {
        return (int) (word >>> 31) & 1;
    }

    static int length(long word) {
        return (int) word & 0x3FFF;
    }

    static int bufferType(long word) {
        return (int) (word >>> 14) & 1;
    }

    static int descriptorType(long word) {
        return (int) (word >>> 15) & 1;
    }

    /** d0 of a completion without flags. */
    static int completion(int index, int rqId, int rssType) {
        return index | rqId << 16 | rssType << 26;
    }

    /** Joins two dwords of a completion. */
    static long quad(int low, int high) {
        return Integer.toUnsignedLong(low) | (long) high << 32;
    }
}
