package dev.npa.plugin.niantic.regs;

import dev.npa.shell.PacketFlags;

/**
 * Advanced receive descriptor, write-back format: 16 bytes, two little-endian words. Fact sheet §6.4, §6.5.
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
    public static final long L4CS = 1L << 5;
    public static final long IPCS = 1L << 6;
    public static final long LB = 1L << 18;
    public static final long CE = 1L << 24;
    public static final long LE = 1L << 25;
    public static final long PE = 1L << 27;
    public static final long OSE = 1L << 28;
    public static final long RXE = 1L << 29;
    public static final long TCPE = 1L << 30;
    public static final long IPE = 1L << 31;
    /** Errors that make a frame worthless, unlike wrong checksums. */
    public static final long FRAME_ERRORS = CE | LE | PE | OSE | RXE;

    /** q0: the packet type is an L2 type. */
    public static final int L2_TYPE = 1 << 15;

    private static final int UDP_TYPE = 1 << 9;
    /** Flags by bits 4..9 of q0: IPv4, IPv4 with options, IPv6, IPv6 with extensions, TCP, UDP. */
    private static final int[] TYPE = new int[64];
    /** Flags by L4CS, IPCS, TCPE, IPE and "it is UDP" in bits 0..4. */
    private static final int[] CHECKSUM = new int[32];

    static {
        for (int i = 0; i < TYPE.length; i++) {
            TYPE[i] = ((i & 3) != 0 ? PacketFlags.RX_IPV4 : 0) | ((i & 12) != 0 ? PacketFlags.RX_IPV6 : 0)
                    | ((i & 16) != 0 ? PacketFlags.RX_TCP : 0) | ((i & 32) != 0 ? PacketFlags.RX_UDP : 0);
        }
        for (int i = 0; i < CHECKSUM.length; i++) {
            CHECKSUM[i] = l4((i & 1) != 0, (i & 4) != 0, (i & 16) != 0) | ip((i & 2) != 0, (i & 8) != 0);
        }
    }

    private AdvancedRxDescriptor() {}

    private static int l4(boolean checked, boolean wrong, boolean udp) {
        if (!checked || wrong && udp) {
            return 0; // §14: UDP without a checksum is flagged wrong, so a wrong UDP checksum says nothing
        }
        return wrong ? PacketFlags.RX_L4_BAD : PacketFlags.RX_L4_GOOD;
    }

    private static int ip(boolean checked, boolean wrong) {
        if (!checked) {
            return 0;
        }
        return wrong ? PacketFlags.RX_IP_BAD : PacketFlags.RX_IP_GOOD;
    }

    /** PKT_LEN: bytes that the device wrote into this buffer. */
    public static int length(long q1) {
        return (int) (q1 >>> 32) & 0xFFFF;
    }

    /** The stripped tag; valid with VP. */
    public static int vlan(long q1) {
        return (int) (q1 >>> 48);
    }

    /** The RSS hash; valid with an RSS type. */
    public static int hash(long q0) {
        return (int) (q0 >>> 32);
    }

    /** Receive results of a packet, from the two words of its last descriptor, as {@link PacketFlags}. */
    public static int flags(long q0, long q1) {
        int low = (int) q0;
        int type = (low & L2_TYPE) != 0 ? 0 : low;
        int rss = low & 15;
        return TYPE[type >>> 4 & 63]
                | CHECKSUM[(int) (q1 >>> 5) & 3 | (int) (q1 >>> 28) & 12 | (type & UDP_TYPE) >>> 5]
                | ((q1 & VP) != 0 ? PacketFlags.RX_VLAN : 0)
                | ((q1 & LB) != 0 ? PacketFlags.RX_LOOPBACK : 0)
                | (rss != 0 && rss != 15 ? PacketFlags.RX_HASH : 0);
    }
}
