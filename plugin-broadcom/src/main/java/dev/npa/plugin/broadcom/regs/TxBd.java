package dev.npa.plugin.broadcom.regs;

import dev.npa.plugin.support.Headers;
import dev.npa.plugin.support.TxRequest;
import dev.npa.shell.PacketFlags;

/**
 * Transmit buffer descriptors: start, parse (E2 format) and data. 16 bytes each. §4.2, §4.3, §4.4
 *
 * <p>A VF must repeat the frame's Ethernet header in them, where the device compares it with the frame. §4.4, §4.6. The
 * header is passed as the frame's first 16 bytes, two numbers whose highest byte comes first in the frame:
 * {@code head} has the destination and the start of the source, {@code tail} the rest of it, the EtherType, and what is
 * the tag of a tagged frame.
 */
public final class TxBd {

    /** log2 of the bytes of a descriptor. */
    public static final int SHIFT = 4;

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
    private static final int IPV6_WITH_EXT_HDR = 1 << 15;
    private static final int MSS_SHIFT = 16;
    private static final int UNICAST = 1 << 30;
    private static final int MULTICAST = 2 << 30;
    private static final int BROADCAST = 3 << 30;

    /** general_data: the headers live in the first descriptor, no additional parse descriptor. */
    private static final long HDR_NBDS_1 = 1L << 56;

    private static final long GROUP = 1L << 56;
    private static final long ALL_STATIONS = 0xFFFF_FFFF_FFFFL;
    private static final int L4_WORK =
            PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_UDP_CHECKSUM | PacketFlags.TX_TSO;

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

    /** First word of a parse descriptor: destination and the end of the source, each with its last byte first. */
    public static long parse0(long head, long tail) {
        return tail >>> 32 << 48 | head >>> 16;
    }

    /** Second word of a parse descriptor: start of the source, kind of destination and {@link #parsing}. */
    public static long parse1(long head, long tail, int parsing) {
        return (long) (parsing | kind(head)) << 32 | (head & 0xFFFF) << 16 | tail >>> 48;
    }

    private static int kind(long head) {
        if ((head & GROUP) == 0) {
            return UNICAST;
        }
        return head >>> 16 == ALL_STATIONS ? BROADCAST : MULTICAST;
    }

    /** Whether the frame has a tag of its own. */
    public static boolean isTagged(long tail) {
        return (tail >>> 16 & 0xFFFF) == Headers.VLAN_TYPE;
    }

    /** EtherType, or the tag of a frame that has one. §4.6 */
    public static int tag(long tail) {
        return (int) (isTagged(tail) ? tail : tail >>> 16) & 0xFFFF;
    }

    /** VLAN mode bits of bd_flags that go with {@link #tag}. */
    public static int vlanMode(long tail) {
        return isTagged(tail) ? VLAN_IN_BAND : 0;
    }

    /** Whether offsets and lengths of a request can be told: in units of 2 and 4 bytes. §4.4 */
    public static boolean canTell(TxRequest request) {
        return !request.has(L4_WORK) || (request.l2() + request.l3() & 1) == 0 && (tcpBytes(request) & 3) == 0
                && tcpBytes(request) <= Math.min(Headers.MAX_TCP, request.total() - request.l2() - request.l3());
    }

    private static int tcpBytes(TxRequest request) {
        return request.has(PacketFlags.TX_UDP_CHECKSUM) ? 0 : Math.max(Headers.TCP, request.l4());
    }

    /** bd_flags for a request, without VLAN mode. §4.5 */
    public static int flags(TxRequest request) {
        int flags = START | (request.has(PacketFlags.TX_IP_CHECKSUM) ? IP_CSUM : 0);
        if (request.has(L4_WORK)) {
            flags |= L4_CSUM | (request.isV6() ? IPV6 : 0) | (request.has(PacketFlags.TX_UDP_CHECKSUM) ? IS_UDP : 0)
                    | (request.has(PacketFlags.TX_TSO) ? SW_LSO : 0);
        }
        return flags;
    }

    /** parsing_data for a request, without the kind of destination. §4.5 */
    public static int parsing(TxRequest request) {
        if (!request.has(L4_WORK)) {
            return 0;
        }
        return request.l2() + request.l3() >>> 1 | tcpBytes(request) >>> 2 << TCP_LENGTH_SHIFT
                | (request.has(PacketFlags.TX_TSO) ? request.mss() << MSS_SHIFT : 0)
                | (request.isV6() && request.l3() > Headers.IPV6 ? IPV6_WITH_EXT_HDR : 0);
    }
}
