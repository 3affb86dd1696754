package dev.npa.sim.vmxnet3;

/**
 * TxDesc and TxCompDesc; vmxnet3 §9. The second quadword of a TxDesc, d2 in the low and d3 in the high half:
 * <pre>
 *  d2  31..18 | 17   | 16    | 15  | 14  | 13..0           d3  31..16 | 15 | 14   | 13 | 12  | 11..10 | 9..0
 *      msscof | ext1 | dtype | oco | gen | len (0 = 16384)     tci    | ti | ext2 | cq | eop | om     | hlen
 * </pre>
 */
final class TxDescriptor {

    static final int OM_NONE = 0;
    static final int OM_ENCAPSULATION = 1;
    static final int OM_CHECKSUM = 2;
    static final int OM_TSO = 3;

    private TxDescriptor() {}

    static int gen(long word) {
        return (int) (word >>> 14) & 1;
    }

    /** Bytes in the buffer, 1..16384. */
    static int length(long word) {
        int len = (int) word & 0x3FFF;
        return len == 0 ? Vmxnet3Registers.MAX_TX_BUFFER : len;
    }

    static int type(long word) {
        return (int) (word >>> 16) & 1;
    }

    /** MSS, or offset of the checksum field. */
    static int msscof(long word) {
        return (int) (word >>> 18) & 0x3FFF;
    }

    static int hlen(long word) {
        return (int) (word >>> 32) & 0x3FF;
    }

    static int om(long word) {
        return (int) (word >>> 42) & 3;
    }

    static boolean eop(long word) {
        return (word >>> 44 & 1) != 0;
    }

    /** Completion requested: on the last descriptor of a packet. */
    static boolean cq(long word) {
        return (word >>> 45 & 1) != 0;
    }

    static boolean insertTag(long word) {
        return (word >>> 47 & 1) != 0;
    }

    static int tci(long word) {
        return (int) (word >>> 48);
    }

    /** Second quadword of a TxCompDesc. */
    static long completion(int gen) {
        return (long) gen << 63;
    }
}
