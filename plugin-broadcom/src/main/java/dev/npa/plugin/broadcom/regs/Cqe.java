package dev.npa.plugin.broadcom.regs;

import dev.npa.plugin.support.Headers;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/**
 * Elements of the receive completion queue, 64 bytes each. {@code q0} and {@code q1} are the first two 8-byte words. Every
 * element ends in a marker that the device writes last; the status block tells the same of many at once. §5.3
 */
public final class Cqe {

    /** log2 of the bytes of an element. */
    public static final int SHIFT = 6;
    /** Offset of the first of eight 16-bit SGE indices. */
    public static final int SGL = 16;
    /** SGE indices that an element holds. */
    public static final int SGL_SIZE = 8;

    /** Types. */
    public static final int FAST = 0;
    public static final int START_AGGREGATION = 2;
    public static final int STOP_AGGREGATION = 3;

    /** q0: the frame was decoded with an error. */
    private static final int PHY_DECODE_ERR = 1 << 3;
    private static final int TYPE = 3;
    private static final int IP_BAD = 1 << 4;
    private static final int L4_BAD = 1 << 5;
    private static final int HASH_VALID_BIT = 11;
    private static final int IP_NO_VALIDATION = 1 << 14;
    private static final int L4_NO_VALIDATION = 1 << 15;

    /** Parsing flags in q1. */
    private static final int P_SHIFT = 49; // the first bit tells unicast, which nobody asks for
    private static final int P_VLAN = 1;
    private static final int P_FRAGMENT = 1 << 5;
    private static final int P_TIMESTAMP = 1 << 10;
    private static final int P_FLAGS = 256;

    /** Result flags by parsing flags, of a frame whose checksums were looked at and are right. */
    private static final int[] RESULTS = new int[P_FLAGS];

    static {
        int[] network = {0, PacketFlags.RX_IPV4 | PacketFlags.RX_IP_GOOD, PacketFlags.RX_IPV6, 0};
        int[] transport = {0, PacketFlags.RX_TCP | PacketFlags.RX_L4_GOOD,
            PacketFlags.RX_UDP | PacketFlags.RX_L4_GOOD, 0};
        for (int parsing = 0; parsing < P_FLAGS; parsing++) {
            RESULTS[parsing] = network[parsing >>> 2 & 3] | transport[parsing >>> 6 & 3]
                    | ((parsing & P_VLAN) != 0 ? PacketFlags.RX_VLAN : 0)
                    | ((parsing & P_FRAGMENT) != 0 ? PacketFlags.RX_FRAGMENT : 0);
        }
    }

    private Cqe() {}

    public static int type(long q0) {
        return (int) q0 & TYPE;
    }

    /** Whether this is a frame that lies in one buffer and was decoded without an error. */
    public static boolean isPlain(long q0, long q1) {
        return ((int) q0 & (TYPE | PHY_DECODE_ERR)) == FAST && packetLength(q1) == lengthOnBd(q1);
    }

    /** Whether the bytes in the first buffer can lie there. */
    public static boolean isSane(long q0, long q1, int bufferBytes) {
        int length = lengthOnBd(q1);
        return ((int) q0 & PHY_DECODE_ERR) == 0 && length > 0 && placement(q0) + length <= bufferBytes;
    }

    /** Aggregation that is started or stopped. */
    public static int queueIndex(long q0) {
        return (int) q0 >>> 16 & 0xFF;
    }

    /** Bytes from the buffer's address to the frame. */
    public static int placement(long q0) {
        return (int) q0 >>> 24;
    }

    /** Hash and tag as a burst's offload word. */
    public static long offload(long q0, long q1) {
        return PacketBurst.rxOffload((int) (q0 >>> 32), (int) q1 & 0xFFFF);
    }

    /** Bytes of the frame without FCS. */
    public static int packetLength(long q1) {
        return (int) q1 >>> 16;
    }

    /** Bytes in the receive buffer. */
    public static int lengthOnBd(long q1) {
        return (int) (q1 >>> 32) & 0xFFFF;
    }

    /** Stop: segments that were merged. */
    public static int segments(long q1) {
        return (int) q1 & 0xFFFF;
    }

    /** Result flags of a frame, see {@link PacketFlags}. */
    public static int flags(long q0, long q1) {
        int status = (int) q0;
        int flags = RESULTS[(int) (q1 >>> P_SHIFT) & P_FLAGS - 1]
                | (status >>> HASH_VALID_BIT & 1) * PacketFlags.RX_HASH;
        return (status & (IP_BAD | L4_BAD | IP_NO_VALIDATION | L4_NO_VALIDATION)) == 0 ? flags : judged(flags, status);
    }

    private static int judged(int flags, int status) {
        int ip = flags & PacketFlags.RX_IP_GOOD;
        int l4 = flags & PacketFlags.RX_L4_GOOD;
        int judged = flags ^ ip ^ l4;
        if (ip != 0 && (status & IP_NO_VALIDATION) == 0) {
            judged |= (status & IP_BAD) != 0 ? PacketFlags.RX_IP_BAD : ip;
        }
        if (l4 != 0 && (status & L4_NO_VALIDATION) == 0) {
            judged |= (status & L4_BAD) != 0 ? PacketFlags.RX_L4_BAD : l4;
        }
        return judged;
    }

    /**
     * Payload bytes of an aggregation's first segment. Only frames without IP options and with no TCP option but the
     * timestamp are merged, so the header's length follows from the flags. §5.5
     *
     * @param stripped whether a tag that was seen is no longer in the frame
     */
    public static int mss(long q1, boolean stripped) {
        int parsing = (int) (q1 >>> P_SHIFT);
        boolean v6 = (RESULTS[parsing & P_FLAGS - 1] & PacketFlags.RX_IPV6) != 0;
        int header = Headers.ETHERNET + Headers.TCP + (v6 ? Headers.IPV6 : Headers.IPV4)
                + ((parsing & P_TIMESTAMP) != 0 ? Headers.TCP_TIMESTAMP : 0)
                + ((parsing & P_VLAN) != 0 && !stripped ? Headers.VLAN_TAG : 0);
        return Math.max(0, packetLength(q1) - header);
    }
}
