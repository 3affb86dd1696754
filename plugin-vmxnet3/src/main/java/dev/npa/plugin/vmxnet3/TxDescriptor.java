package dev.npa.plugin.vmxnet3;

/**
 * Layout of TxDesc, 16 bytes (fact sheet §9), as two 64-bit words. This driver leaves the fields of later device
 * revisions 0.
 *
 * <pre>
 *  +0  63..0   addr
 *  +8  31..18  msscof  MSS or offset of the checksum field   63..48  tci   tag to insert
 *      14      gen                                           47      ti    insert the tag
 *      13..0   len     0 = 16384                             45      cq    completion wanted
 *                                                            44      eop   last of the packet
 *                                                            43..42  om    offload mode
 *                                                            41..32  hlen  header bytes
 * </pre>
 * msscof, hlen, om, ti and tci count on a packet's first descriptor, eop and cq on its last.
 */
final class TxDescriptor {

    static final int SIZE = 16;
    static final int ADDRESS = 0;
    static final int WORD = 8;

    /** Most bytes of one buffer. */
    static final int MAX_BUFFER = 16384;
    /** Most descriptors of a packet without TSO. */
    static final int MAX_PER_PACKET = 16;
    /** Most descriptors of a packet with TSO. */
    static final int MAX_PER_TSO = 24;
    /** Largest value of msscof as an MSS. */
    static final int MAX_MSS = 0x3FFF;

    static final long GEN = 1L << 14;
    static final long EOP = 1L << 44;
    static final long CQ = 1L << 45;
    /** What the last descriptor of every packet carries. */
    static final long END = EOP | CQ;

    private static final int MSSCOF_SHIFT = 18;
    private static final int HLEN_SHIFT = 32;
    private static final long OM_CHECKSUM = 2L << 42;
    private static final long OM_TSO = 3L << 42;
    private static final long TI = 1L << 47;
    private static final int TCI_SHIFT = 48;

    private TxDescriptor() {}

    /** Length (1..16384) and generation bit. */
    static long word(int length, int generation) {
        return length & MAX_BUFFER - 1 | (long) generation << 14;
    }

    /** Checksum request: L4 header at {@code hlen}, checksum field at {@code offset}. */
    static long checksum(int hlen, int offset) {
        return OM_CHECKSUM | (long) hlen << HLEN_SHIFT | (long) offset << MSSCOF_SHIFT;
    }

    /** TSO request: {@code hlen} bytes of L2, L3 and L4 headers. */
    static long tso(int hlen, int mss) {
        return OM_TSO | (long) hlen << HLEN_SHIFT | (long) mss << MSSCOF_SHIFT;
    }

    /** VLAN insertion request. */
    static long vlan(int tci) {
        return TI | (long) tci << TCI_SHIFT;
    }
}
