package dev.npa.sim.nic.intel;

/**
 * Transmit descriptors as two little-endian words q0, q1, 82599 §6.2 and §6.3, 82576 §5.1 and §5.2.
 *
 * <pre>
 * data    q0  63..0 buffer address
 *         q1  63..46 PAYLEN | 45..40 POPTS | 39 CC | 38..36 IDX | 35..32 STA | 31..24 DCMD | 23..20 DTYP | 15..0 DTALEN
 * context q0  31..16 VLAN | 15..9 MACLEN | 8..0 IPLEN
 *         q1  63..48 MSS | 47..40 L4LEN | 36 IDX | 29 DEXT | 23..20 DTYP | 19..9 TUCMD
 * </pre>
 */
public final class AdvancedTxDescriptor {

    public static final int SIZE = 16;
    public static final int DTYP_CONTEXT = 2;
    public static final int DTYP_DATA = 3;

    public static final long EOP = 1L << 24;
    public static final long IFCS = 1L << 25;
    public static final long RS = 1L << 27;
    public static final long DEXT = 1L << 29;
    public static final long VLE = 1L << 30;
    public static final long TSE = 1L << 31;
    public static final long DD = 1L << 32;
    /** Check context; reserved in an 82576. */
    public static final long CC = 1L << 39;
    public static final long IXSM = 1L << 40;
    public static final long TXSM = 1L << 41;

    /** TUCMD of a context: the packet is IPv4. */
    public static final long TUCMD_IPV4 = 1L << 10;
    /** L4T of a context. */
    public static final int L4T_UDP = 0;
    public static final int L4T_TCP = 1;
    public static final int L4T_SCTP = 2;

    private AdvancedTxDescriptor() {
    }

    public static int dtyp(long q1) {
        return (int) (q1 >>> 20) & 0xF;
    }

    public static int dtalen(long q1) {
        return (int) q1 & 0xFFFF;
    }

    public static int idx(long q1) {
        return (int) (q1 >>> 36) & 1;
    }

    public static int paylen(long q1) {
        return (int) (q1 >>> 46);
    }

    public static int iplen(long q0) {
        return (int) q0 & 0x1FF;
    }

    public static int maclen(long q0) {
        return (int) (q0 >>> 9) & 0x7F;
    }

    public static int vlan(long q0) {
        return (int) (q0 >>> 16) & 0xFFFF;
    }

    public static int l4t(long q1) {
        return (int) (q1 >>> 11) & 3;
    }

    public static int l4len(long q1) {
        return (int) (q1 >>> 40) & 0xFF;
    }

    public static int mss(long q1) {
        return (int) (q1 >>> 48);
    }

    /** One line for people. */
    public static String describe(long q0, long q1) {
        if ((q1 & DEXT) == 0) {
            return "legacy " + Long.toHexString(q0) + " " + Long.toHexString(q1);
        }
        if (dtyp(q1) == DTYP_CONTEXT) {
            return "context IDX=" + idx(q1) + " MACLEN=" + maclen(q0) + " IPLEN=" + iplen(q0) + " VLAN=" + vlan(q0)
                    + " L4T=" + l4t(q1) + " L4LEN=" + l4len(q1) + " MSS=" + mss(q1);
        }
        return "data 0x" + Long.toHexString(q0) + " DTALEN=" + dtalen(q1) + " PAYLEN=" + paylen(q1)
                + flag(q1, EOP, " EOP") + flag(q1, RS, " RS") + flag(q1, CC, " CC") + flag(q1, TSE, " TSE")
                + flag(q1, VLE, " VLE") + flag(q1, IXSM, " IXSM") + flag(q1, TXSM, " TXSM") + flag(q1, DD, " DD");
    }

    private static String flag(long q1, long bit, String name) {
        return (q1 & bit) != 0 ? name : "";
    }
}
