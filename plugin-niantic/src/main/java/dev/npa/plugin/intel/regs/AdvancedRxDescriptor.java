package dev.npa.plugin.intel.regs;

import dev.npa.shell.PacketBurst;

/**
 * Advanced receive descriptor, write-back format: 16 bytes, two little-endian words. 82599 §6.4, §6.5; 82576 §5.3,
 * §5.4. Which error bit means what differs: {@link RxFormat}.
 *
 * <pre>
 *  q0  63..32 RSS hash | 30..21 HDR_LEN | 16..4 packet type | 3..0 RSS type
 *  q1  63..48 VLAN tag | 47..32 PKT_LEN | 31..20 errors | 19..0 status
 * </pre>
 *
 * <p>In the read format q0 is the buffer's address and q1, the header buffer's, is 0: its bit 0 is where DD will be.
 */
public final class AdvancedRxDescriptor {

    /** log2 of the 16 bytes of a descriptor. */
    public static final int SHIFT = 4;

    public static final long DD = 1L;
    public static final long EOP = 1L << 1;
    public static final long VP = 1L << 3;
    public static final long UDPCS = 1L << 4;
    public static final long L4CS = 1L << 5;
    public static final long IPCS = 1L << 6;
    public static final long LB = 1L << 18;

    /** q0: the packet type is an L2 type. */
    public static final int L2_TYPE = 1 << 15;
    /** q0: packet type TCP. */
    public static final int TCP_TYPE = 1 << 8;
    /** q0: packet type UDP. */
    public static final int UDP_TYPE = 1 << 9;

    private AdvancedRxDescriptor() {}

    /** PKT_LEN: bytes that the device wrote into this buffer. */
    public static int length(long q1) {
        return (int) (q1 >>> 32) & 0xFFFF;
    }

    /** Offload word of a packet: the stripped tag, valid with VP, and the RSS hash, valid with an RSS type. */
    public static long offload(long q0, long q1) {
        return PacketBurst.rxOffload((int) (q0 >>> 32), (int) (q1 >>> 48));
    }
}
