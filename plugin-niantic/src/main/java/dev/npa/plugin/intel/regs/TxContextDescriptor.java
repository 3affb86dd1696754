package dev.npa.plugin.intel.regs;

/**
 * Advanced transmit context descriptor (DTYP 2): what data descriptors refer to by IDX. 82599 §6.3, 82576
 * §5.2.
 *
 * <pre>
 *  q0  31..16 VLAN | 15..9 MACLEN | 8..0 IPLEN
 *  q1  63..48 MSS | 47..40 L4LEN | 36 IDX | 29 DEXT | 23..20 DTYP=2 | 12..11 L4T | 10 IPV4
 * </pre>
 */
public final class TxContextDescriptor {

    public static final long IPV4 = 1L << 10;
    public static final long L4T_UDP = 0L;
    public static final long L4T_TCP = 1L << 11;
    public static final long DTYP_CONTEXT = 2L << 20;
    public static final long DEXT = 1L << 29;
    public static final int IDX_SHIFT = 36;
    public static final int L4LEN_SHIFT = 40;
    public static final int MSS_SHIFT = 48;
    /** q1 of a context without any offload. */
    public static final long PLAIN = DTYP_CONTEXT | DEXT;

    private static final int ETHERNET_HEADER = 14;

    private TxContextDescriptor() {}

    /** q0 from header lengths in bytes and a tag. */
    public static long q0(int maclen, int iplen, int vlan) {
        return (vlan & 0xFFFFL) << 16 | (maclen & 0x7FL) << 9 | iplen & 0x1FFL;
    }

    /** q0 of a context without any offload but a tag; MACLEN must be valid, though the shell may not say it. */
    public static long plainQ0(int l2Length, int vlan) {
        return q0(Math.max(l2Length, ETHERNET_HEADER), 0, vlan);
    }

    /**
     * q1 without IDX.
     *
     * @param tucmd {@link #IPV4} and one of the L4T values
     */
    public static long q1(long tucmd, int l4len, int mss) {
        return PLAIN | tucmd | (l4len & 0xFFL) << L4LEN_SHIFT | (long) mss << MSS_SHIFT;
    }
}
