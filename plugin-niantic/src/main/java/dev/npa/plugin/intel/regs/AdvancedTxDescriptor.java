package dev.npa.plugin.intel.regs;

/**
 * Advanced transmit data descriptor (DTYP 3): 16 bytes, two little-endian words. 82599 §6.2, 82576 §5.1.
 * CC exists on the 82599 only.
 *
 * <pre>
 *  q0  63..0   buffer address
 *  q1  63..46 PAYLEN | 45..40 POPTS | 39 CC | 38..36 IDX | 35..32 STA | 31 TSE | 30 VLE | 29 DEXT | 27 RS
 *      25 IFCS | 24 EOP | 23..20 DTYP=3 | 15..0 DTALEN
 * </pre>
 */
public final class AdvancedTxDescriptor {

    /** log2 of the 16 bytes of a descriptor. */
    public static final int SHIFT = 4;

    public static final long DTYP_DATA = 3L << 20;
    public static final long EOP = 1L << 24;
    public static final long IFCS = 1L << 25;
    public static final long RS = 1L << 27;
    public static final long DEXT = 1L << 29;
    public static final long VLE = 1L << 30;
    public static final long TSE = 1L << 31;
    /** Written by the device: done. */
    public static final long DD = 1L << 32;
    public static final int IDX_SHIFT = 36;
    public static final long CC = 1L << 39;
    public static final long IXSM = 1L << 40;
    public static final long TXSM = 1L << 41;
    public static final int PAYLEN_SHIFT = 46;

    /** Most bytes that go into one descriptor; DTALEN has 16 bits, drivers split at 16 KiB. */
    public static final int MAX_DATA = 16384;
    /** Bits that every data descriptor has on every chip. */
    public static final long BASE = DTYP_DATA | DEXT | IFCS;

    private AdvancedTxDescriptor() {}
}
