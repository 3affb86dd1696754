package dev.npa.sim.nic.niantic;

/**
 * Receive descriptors as two little-endian words q0, q1, 82599 §6.4 and §6.5.
 *
 * <pre>
 * read       q0  63..0 packet buffer address
 *            q1  63..0 header buffer address, bit 0 must be 0
 * write-back q0  63..32 RSS hash or fragment checksum | 31 SPH | 30..21 HDR_LEN | 16..4 packet type | 3..0 RSS type
 *            q1  63..48 VLAN | 47..32 PKT_LEN | 31..20 errors | 19..0 status
 * </pre>
 */
final class AdvancedRxDescriptor {

    static final int SIZE = 16;

    static final long DD = 1;
    static final long EOP = 1 << 1;
    static final long VP = 1 << 3;
    static final long L4CS = 1 << 5;
    static final long IPCS = 1 << 6;
    static final long LB = 1 << 18;
    static final long TCPE = 1L << 30;
    static final long IPE = 1L << 31;

    static final int TYPE_IPV4 = 1 << 4;
    static final int TYPE_IPV4_OPTIONS = 1 << 5;
    static final int TYPE_IPV6 = 1 << 6;
    static final int TYPE_IPV6_EXTENSIONS = 1 << 7;
    static final int TYPE_TCP = 1 << 8;
    static final int TYPE_UDP = 1 << 9;
    static final int TYPE_SCTP = 1 << 10;

    private AdvancedRxDescriptor() {
    }

    /** First word of the write-back: hash, and the type of the packet and of the hash. */
    static long writeBack0(int hash, int packetType, int rssType) {
        return (long) hash << 32 | packetType | rssType;
    }

    /** Second word of the write-back. */
    static long writeBack1(long statusAndErrors, int length, int vlan) {
        return (long) vlan << 48 | (long) length << 32 | statusAndErrors;
    }

    /** One line for people; a descriptor without DD is still in read format. */
    static String describe(long q0, long q1) {
        return (q1 & DD) == 0 ? "buffer 0x" + Long.toHexString(q0)
                : "done length=" + (q1 >>> 32 & 0xFFFF) + " status=0x" + Long.toHexString(q1 & 0xFFFFF) + " errors=0x"
                        + Long.toHexString(q1 >>> 20 & 0xFFF) + " vlan=" + (q1 >>> 48) + " type=0x"
                        + Long.toHexString(q0 & 0x1FFFF) + " hash=" + Long.toHexString(q0 >>> 32);
    }
}
