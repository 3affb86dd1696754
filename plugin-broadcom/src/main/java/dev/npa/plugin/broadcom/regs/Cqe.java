package dev.npa.plugin.broadcom.regs;

import dev.npa.shell.PacketFlags;

/**
 * Elements of the receive completion queue, 64 bytes each. {@code q0} and {@code q1} are the first two 8-byte words.
 * §5.3
 */
public final class Cqe {

    /** log2 of the bytes of an element. */
    public static final int SHIFT = 6;
    /** Offset of the first of eight 16-bit SGE indices. */
    public static final int SGL = 16;
    /** SGE indices that an element holds. */
    public static final int SGL_SIZE = 8;
    /** Offset of the marker: all ones when seeded by the driver, 0 when the device has written the element. */
    public static final int MARKER = 60;
    /** Value of a seeded marker. */
    public static final int SEED = -1;

    /** Types. */
    public static final int FAST = 0;
    public static final int RAMROD = 1;
    public static final int START_AGGREGATION = 2;
    public static final int STOP_AGGREGATION = 3;

    /** q0: the frame was decoded with an error. */
    public static final int PHY_DECODE_ERR = 1 << 3;
    /** q0 of a ramrod completion: it failed. */
    public static final int RAMROD_ERROR = 1 << 2;

    private static final int IP_BAD = 1 << 4;
    private static final int L4_BAD = 1 << 5;
    private static final int HASH_VALID = 1 << 11;
    private static final int IP_NO_VALIDATION = 1 << 14;
    private static final int L4_NO_VALIDATION = 1 << 15;

    private static final int P_VLAN = 1 << 1;
    private static final int P_FRAGMENT = 1 << 6;
    private static final int P_TIMESTAMP = 1 << 11;

    private static final int ETHERNET = 14;
    private static final int TAG = 4;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int TCP_HEADER = 20;
    private static final int TIMESTAMP = 12;

    /** Result flags by parsing flags bits 4..3 (network) and 8..7 (transport). */
    private static final int[] NETWORK = {0, PacketFlags.RX_IPV4, PacketFlags.RX_IPV6, 0};
    private static final int[] TRANSPORT = {0, PacketFlags.RX_TCP, PacketFlags.RX_UDP, 0};

    private Cqe() {}

    public static int type(long q0) {
        return (int) q0 & 3;
    }

    /** Whether this is a frame that lies in one buffer. */
    public static boolean isPlain(long q0, long q1) {
        return type(q0) == FAST && packetLength(q1) == lengthOnBd(q1);
    }

    /** Aggregation that is started or stopped. */
    public static int queueIndex(long q0) {
        return (int) q0 >>> 16 & 0xFF;
    }

    /** Bytes from the buffer's address to the frame. */
    public static int placement(long q0) {
        return (int) q0 >>> 24;
    }

    public static int hash(long q0) {
        return (int) (q0 >>> 32);
    }

    public static int vlan(long q1) {
        return (int) q1 & 0xFFFF;
    }

    /** Bytes of the frame without FCS. */
    public static int packetLength(long q1) {
        return (int) q1 >>> 16;
    }

    /** Bytes in the receive buffer. */
    public static int lengthOnBd(long q1) {
        return (int) (q1 >>> 32) & 0xFFFF;
    }

    private static int parsing(long q1) {
        return (int) (q1 >>> 48);
    }

    /** Stop: segments that were merged. */
    public static int segments(long q1) {
        return (int) q1 & 0xFFFF;
    }

    /** Ramrod: connection. */
    public static int cid(long q0) {
        return (int) (q0 >>> 32) & 0xFF_FFFF;
    }

    /** Ramrod: command. */
    public static int command(long q0) {
        return (int) (q0 >>> 56);
    }

    /** Result flags of a frame, see {@link PacketFlags}. */
    public static int flags(long q0, long q1) {
        int parsing = parsing(q1);
        int network = NETWORK[parsing >>> 3 & 3];
        int flags = network | TRANSPORT[parsing >>> 7 & 3];
        int status = (int) q0;
        if ((parsing & P_VLAN) != 0) {
            flags |= PacketFlags.RX_VLAN;
        }
        if ((status & HASH_VALID) != 0) {
            flags |= PacketFlags.RX_HASH;
        }
        if ((parsing & P_FRAGMENT) != 0) {
            flags |= PacketFlags.RX_FRAGMENT;
        }
        if (network == PacketFlags.RX_IPV4 && (status & IP_NO_VALIDATION) == 0) {
            flags |= (status & IP_BAD) != 0 ? PacketFlags.RX_IP_BAD : PacketFlags.RX_IP_GOOD;
        }
        if ((flags & (PacketFlags.RX_TCP | PacketFlags.RX_UDP)) != 0 && (status & L4_NO_VALIDATION) == 0) {
            flags |= (status & L4_BAD) != 0 ? PacketFlags.RX_L4_BAD : PacketFlags.RX_L4_GOOD;
        }
        return flags;
    }

    /**
     * Payload bytes of an aggregation's first segment. Only frames without IP options and with no TCP option but the
     * timestamp are merged, so the header's length follows from the flags. §5.5
     *
     * @param stripped whether a tag that was seen is no longer in the frame
     */
    public static int mss(long q1, boolean stripped) {
        int parsing = parsing(q1);
        int header = ETHERNET + TCP_HEADER + ((parsing >>> 3 & 3) == 2 ? IPV6_HEADER : IPV4_HEADER)
                + ((parsing & P_TIMESTAMP) != 0 ? TIMESTAMP : 0)
                + ((parsing & P_VLAN) != 0 && !stripped ? TAG : 0);
        return Math.max(0, packetLength(q1) - header);
    }
}
