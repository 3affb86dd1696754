package dev.npa.plugin.vmxnet3;

/**
 * Layout of RxDesc, 16 bytes (fact sheet §9), as two 64-bit words. The device never writes it.
 *
 * <pre>
 *  +0  63..0  addr
 *  +8  31     gen     14  btype  0 HEAD, 1 BODY     13..0  len
 * </pre>
 */
final class RxDescriptor {

    /** log2 of the bytes of a descriptor, and of a completion. */
    static final int SHIFT = 4;
    static final int WORD = 8;

    static final long GEN = 1L << 31;
    static final long HEAD = 0;
    static final long BODY = 1L << 14;

    /** Largest buffer that len can tell. */
    static final int MAX_BUFFER = 16383;
    /** Smallest HEAD buffer that every device takes. */
    static final int MIN_HEAD = 128;

    private RxDescriptor() {}
}
