package dev.npa.plugin.vmxnet3;

/**
 * Layout of TxDesc, 16 bytes (fact sheet §9), as two 64-bit words, and of TxCompDesc. This driver leaves the fields of
 * later device revisions 0.
 *
 * <pre>
 *  +0  63..0   addr
 *  +8  31..18  msscof  MSS or offset of the checksum field   63..48  tci   tag to insert
 *      14      gen                                           47      ti    insert the tag
 *      13..0   len     0 = 16384                             45      cq    completion wanted
 *                                                            44      eop   last of the packet
 *                                                            43..42  om    offload mode
 *                                                            41..32  hlen  header bytes
 *
 *  completion, as dwords:  +0  11..0  txdIdx     +12  31  gen
 * </pre>
 * msscof, hlen, om, ti and tci count on a packet's first descriptor, eop and cq on its last. The device stores the
 * dword of a completion that has the generation bit last.
 */
final class TxDescriptor {

    /** log2 of the bytes of a descriptor, and of a completion. */
    static final int SHIFT = 4;
    static final int WORD = 8;
    static final int COMPLETION_D3 = 12;
    /** Of a completion's dword 0. */
    static final int TXD_IDX = 0xFFF;

    /** Most bytes of one buffer, a power of two. */
    static final int MAX_BUFFER = 16384;
    /** Most descriptors of a packet without TSO; with TSO it is 24, more than the splitting of large buffers can add. */
    static final int MAX_PER_PACKET = 16;
    /** Largest value of hlen. */
    static final int MAX_HEADERS = 1023;

    static final long GEN = 1L << 14;
    static final long EOP = 1L << 44;
    static final long CQ = 1L << 45;

    private static final int MSSCOF_SHIFT = 18;
    private static final int HLEN_SHIFT = 32;
    private static final long OM_CHECKSUM = 2L << 42;
    private static final long OM_TSO = 3L << 42;
    private static final long TI = 1L << 47;
    private static final int TCI_SHIFT = 48;

    private TxDescriptor() {}

    /** Length field of 1..16384 bytes. */
    static long length(int bytes) {
        return bytes & MAX_BUFFER - 1;
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
