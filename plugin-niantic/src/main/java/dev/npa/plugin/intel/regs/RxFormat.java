package dev.npa.plugin.intel.regs;

import dev.npa.shell.PacketFlags;

/**
 * How a chip reports checks in the status and error bits of a receive descriptor; one instance a chip. Decoding is two
 * table look-ups without a branch on the chip.
 */
public final class RxFormat {

    /** Flags by bits 4..9 of q0: IPv4, IPv4 with options, IPv6, IPv6 with extensions, TCP, UDP. */
    private static final int[] TYPE = new int[64];

    static {
        for (int i = 0; i < TYPE.length; i++) {
            TYPE[i] = ((i & 3) != 0 ? PacketFlags.RX_IPV4 : 0) | ((i & 12) != 0 ? PacketFlags.RX_IPV6 : 0)
                    | ((i & 16) != 0 ? PacketFlags.RX_TCP : 0) | ((i & 32) != 0 ? PacketFlags.RX_UDP : 0);
        }
    }

    private final long frameErrors;
    private final int errorShift;
    /** Flags by status bits 2..6 in bits 0..4, L4 and IP error in bits 5 and 6, "it is UDP" in bit 7. */
    private final int[] checks = new int[256];

    /**
     * Describes a chip.
     *
     * @param frameErrors error bits of q1 that make a frame worthless, unlike wrong checksums
     * @param l4Error bit number in q1 of a wrong L4 checksum; that of the IP checksum follows
     * @param l4Checked status bits that say that an L4 checksum was checked, among bits 4 and 5
     * @param ignoreBit whether status bit 2 says that checksums are to be ignored
     * @param udpErrors whether a wrong checksum of a UDP packet can be believed
     */
    public RxFormat(long frameErrors, int l4Error, long l4Checked, boolean ignoreBit, boolean udpErrors) {
        this.frameErrors = frameErrors;
        this.errorShift = l4Error - 5;
        for (int i = 0; i < checks.length; i++) {
            long status = (long) (i & 31) << 2;
            boolean ignored = ignoreBit && (status & 4) != 0;
            boolean udp = (i & 128) != 0;
            checks[i] = ((status & AdvancedRxDescriptor.VP) != 0 ? PacketFlags.RX_VLAN : 0)
                    | l4(!ignored && (status & l4Checked) != 0, (i & 32) != 0, udp && !udpErrors)
                    | ip(!ignored && (status & AdvancedRxDescriptor.IPCS) != 0, (i & 64) != 0);
        }
    }

    private static int l4(boolean checked, boolean wrong, boolean doubtful) {
        if (!checked || wrong && doubtful) {
            return 0;
        }
        return wrong ? PacketFlags.RX_L4_BAD : PacketFlags.RX_L4_GOOD;
    }

    private static int ip(boolean checked, boolean wrong) {
        if (!checked) {
            return 0;
        }
        return wrong ? PacketFlags.RX_IP_BAD : PacketFlags.RX_IP_GOOD;
    }

    /** Error bits of q1 that make a frame worthless. */
    public long frameErrors() {
        return frameErrors;
    }

    /** Receive results of a packet, from the two words of its last descriptor, as {@link PacketFlags}. */
    public int flags(long q0, long q1) {
        int low = (int) q0;
        int type = (low & AdvancedRxDescriptor.L2_TYPE) != 0 ? 0 : low;
        int rss = low & 15;
        return TYPE[type >>> 4 & 63]
                | checks[(int) (q1 >>> 2) & 31 | (int) (q1 >>> errorShift) & 96
                        | (type & AdvancedRxDescriptor.UDP_TYPE) >>> 2]
                | ((q1 & AdvancedRxDescriptor.LB) != 0 ? PacketFlags.RX_LOOPBACK : 0)
                | (rss != 0 && rss != 15 ? PacketFlags.RX_HASH : 0);
    }
}
