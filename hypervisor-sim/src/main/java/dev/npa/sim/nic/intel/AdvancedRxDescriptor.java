package dev.npa.sim.nic.intel;

/**
 * Receive descriptors as two little-endian words q0, q1, 82599 §6.4 and §6.5, 82576 §5.3 and §5.4. Error bits
 * are the chip's own.
 *
 * <pre>
 * read       q0  63..0 packet buffer address
 *            q1  63..0 header buffer address, bit 0 must be 0
 * write-back q0  63..32 RSS hash or fragment checksum | 31 SPH | 30..21 HDR_LEN | 16..4 packet type | 3..0 RSS type
 *            q1  63..48 VLAN | 47..32 PKT_LEN | 31..20 errors | 19..0 status
 * </pre>
 */
public final class AdvancedRxDescriptor {

    public static final int SIZE = 16;

    public static final long DD = 1;
    public static final long EOP = 1 << 1;
    public static final long VP = 1 << 3;
    public static final long L4CS = 1 << 5;
    public static final long IPCS = 1 << 6;
    public static final long LB = 1 << 18;

    public static final int TYPE_IPV4 = 1 << 4;
    public static final int TYPE_IPV4_OPTIONS = 1 << 5;
    public static final int TYPE_IPV6 = 1 << 6;
    public static final int TYPE_IPV6_EXTENSIONS = 1 << 7;
    public static final int TYPE_TCP = 1 << 8;
    public static final int TYPE_UDP = 1 << 9;
    public static final int TYPE_SCTP = 1 << 10;

    private AdvancedRxDescriptor() {
    }

    /** First word of the write-back: hash, and the type of the packet and of the hash. */
    public static long writeBack0(int hash, int packetType, int rssType) {
        return (long) hash << 32 | packetType | rssType;
    }

    /** Second word of the write-back. */
    public static long writeBack1(long statusAndErrors, int length, int vlan) {
        return (long) vlan << 48 | (long) length << 32 | statusAndErrors;
    }

    /** One line for people; a descriptor without DD is still in read format. */
    public static String describe(long q0, long q1) {
        return (q1 & DD) == 0 ? "buffer 0x" + Long.toHexString(q0)
                : "done length=" + (q1 >>> 32 & 0xFFFF) + " status=0x" + Long.toHexString(q1 & 0xFFFFF) + " errors=0x"
                        + Long.toHexString(q1 >>> 20 & 0xFFF) + " vlan=" + (q1 >>> 48) + " type=0x"
                        + Long.toHexString(q0 & 0x1FFFF) + " hash=" + Long.toHexString(q0 >>> 32);
    }
}
