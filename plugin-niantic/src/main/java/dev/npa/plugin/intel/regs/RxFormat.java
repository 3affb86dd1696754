package dev.npa.plugin.intel.regs;

import dev.npa.shell.PacketFlags;

/**
 * How a chip reports checks in the status and error bits of a receive descriptor; one instance a chip. Decoding is two
 * table look-ups without a branch.
 */
public final class RxFormat {

    /** Status bits 2..6 go to bits 0..4 of an index of checks, L4 and IP error to bits 5 and 6, LB to bit 7. */
    private static final int CHECKS = 256;
    private static final int STATUS = 31;
    private static final int ERRORS = 96;
    private static final int LB = 128;
    private static final int LB_SHIFT = 11;
    /** RSS and packet type, bits 0..9 of q0, are an index of types as they are; "it is an L2 type" goes to bit 10. */
    private static final int TYPES = 2048;
    private static final int TYPE = 1023;
    private static final int L2 = 1024;
    private static final int L2_SHIFT = 5;

    private final long frameErrors;
    private final int errorShift;
    private final int[] checks = new int[CHECKS];
    /** Flags, and in the upper half which of the checks can be believed. */
    private final long[] types = new long[TYPES];

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
        for (int i = 0; i < CHECKS; i++) {
            long status = (long) (i & STATUS) << 2;
            boolean ignored = ignoreBit && (status & 4) != 0;
            checks[i] = ((status & AdvancedRxDescriptor.VP) != 0 ? PacketFlags.RX_VLAN : 0)
                    | (ignored || (status & l4Checked) == 0 ? 0
                            : (i & 32) != 0 ? PacketFlags.RX_L4_BAD : PacketFlags.RX_L4_GOOD)
                    | (ignored || (status & AdvancedRxDescriptor.IPCS) == 0 ? 0
                            : (i & 64) != 0 ? PacketFlags.RX_IP_BAD : PacketFlags.RX_IP_GOOD)
                    | ((i & LB) != 0 ? PacketFlags.RX_LOOPBACK : 0);
        }
        for (int i = 0; i < TYPES; i++) {
            int packet = (i & L2) != 0 ? 0 : i >>> 4; // IPv4, with options, IPv6, with extensions, TCP, UDP
            boolean udp = (packet & 32) != 0;
            int rss = i & 15;
            int flags = ((packet & 3) != 0 ? PacketFlags.RX_IPV4 : 0) | ((packet & 12) != 0 ? PacketFlags.RX_IPV6 : 0)
                    | ((packet & 16) != 0 ? PacketFlags.RX_TCP : 0) | (udp ? PacketFlags.RX_UDP : 0)
                    | (rss != 0 && rss != 15 ? PacketFlags.RX_HASH : 0);
            types[i] = (long) (udp && !udpErrors ? ~PacketFlags.RX_L4_BAD : -1) << 32 | flags;
        }
    }

    /** Error bits of q1 that make a frame worthless. */
    public long frameErrors() {
        return frameErrors;
    }

    /** Receive results of a packet, from the two words of its last descriptor, as {@link PacketFlags}. */
    public int flags(long q0, long q1) {
        int low = (int) q0;
        long type = types[low & TYPE | low >>> L2_SHIFT & L2];
        int check = checks[(int) (q1 >>> 2) & STATUS | (int) (q1 >>> errorShift) & ERRORS
                | (int) (q1 >>> LB_SHIFT) & LB];
        return (int) type | check & (int) (type >>> 32);
    }
}
