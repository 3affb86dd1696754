package dev.npa.plugin.broadcom.regs;

/** Transmit buffer descriptors: start, parse (E2 format) and data. 16 bytes each. §4.2, §4.3, §4.4 */
public final class TxBd {

    /** log2 of the bytes of a descriptor. */
    public static final int SHIFT = 4;
    /** Most bytes of a fragment. */
    public static final int MAX_BYTES = 0xFFFF;

    /** bd_flags of the start descriptor. §4.2 */
    public static final int IP_CSUM = 1;
    public static final int L4_CSUM = 1 << 1;
    public static final int VLAN_OUT_OF_BAND = 1 << 2;
    public static final int VLAN_IN_BAND = 2 << 2;
    public static final int START = 1 << 4;
    public static final int IS_UDP = 1 << 5;
    public static final int SW_LSO = 1 << 6;
    public static final int IPV6 = 1 << 7;

    /** parsing_data. §4.4 */
    private static final int TCP_LENGTH_SHIFT = 11;
    private static final int MSS_SHIFT = 16;
    /** parsing_data: an IPv6 header with extension headers. */
    public static final int IPV6_WITH_EXT_HDR = 1 << 15;
    /** parsing_data: kind of the destination address. */
    public static final int UNICAST = 1 << 30;
    public static final int MULTICAST = 2 << 30;
    public static final int BROADCAST = 3 << 30;

    /** general_data: the headers live in the first descriptor, no additional parse descriptor. */
    private static final long HDR_NBDS_1 = 1L << 56;

    private TxBd() {}

    /**
     * Second word of a start descriptor; the first is the address.
     *
     * @param nbd descriptors of the packet without page links
     * @param bytes bytes of the first fragment
     * @param tag VLAN tag or EtherType. §4.6
     * @param flags bd_flags
     */
    public static long start(int nbd, int bytes, int tag, int flags) {
        return HDR_NBDS_1 | (long) flags << 48 | (long) tag << 32 | (long) bytes << 16 | nbd;
    }

    /** Second word of a data descriptor; {@code packetBytes} only in the first one after the first fragment. §4.3 */
    public static long data(int bytes, int packetBytes) {
        return (long) bytes << 16 | packetBytes & 0xFFFF;
    }

    /** First word of a parse descriptor; addresses have their first byte in bits 47..40. */
    public static long parse0(long destination, long source) {
        return source << 48 | destination;
    }

    /** Second word of a parse descriptor. */
    public static long parse1(long source, int parsingData) {
        return (long) parsingData << 32 | source >>> 16;
    }

    /**
     * parsing_data without the kind of address.
     *
     * @param l4Offset bytes from the frame's start to the TCP or UDP header, even
     * @param tcpLength bytes of the TCP header; 0 for UDP
     * @param mss payload bytes of a segment; 0 without TSO
     */
    public static int parsing(int l4Offset, int tcpLength, int mss) {
        return l4Offset >>> 1 | tcpLength >>> 2 << TCP_LENGTH_SHIFT | mss << MSS_SHIFT;
    }
}
