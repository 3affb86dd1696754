package dev.npa.shell;

/**
 * Flag bits of an entry of a {@link PacketBurst}. Requests and results are valid on the first entry of a packet.
 */
public final class PacketFlags {

    /** First entry of a packet. */
    public static final int SOP = 1;
    /** Last entry of a packet. */
    public static final int EOP = 1 << 1;
    /** A whole packet in one entry. */
    public static final int WHOLE = SOP | EOP;

    /** Completion, from a shell to its operating system: the packet was not sent. No plugin sees or sets it. */
    public static final int ABORTED = 1 << 2;

    /** Transmit: IPv4 packet. */
    public static final int TX_IPV4 = 1 << 4;
    /** Transmit: IPv6 packet. */
    public static final int TX_IPV6 = 1 << 5;
    /** Transmit: insert the IPv4 header checksum; the field holds 0. */
    public static final int TX_IP_CHECKSUM = 1 << 6;
    /** Transmit: insert the TCP checksum; the field holds the folded pseudo-header sum, not inverted. */
    public static final int TX_TCP_CHECKSUM = 1 << 7;
    /** Transmit: insert the UDP checksum; the field holds the folded pseudo-header sum, not inverted. */
    public static final int TX_UDP_CHECKSUM = 1 << 8;
    /**
     * Transmit: cut into TCP segments of MSS payload bytes. Implies checksums. The IPv4 checksum field holds 0, the TCP
     * checksum field the folded pseudo-header sum over a length of 0; the IP header's length field is written anew for
     * each segment and may hold anything.
     */
    public static final int TX_TSO = 1 << 9;
    /** Transmit: insert the VLAN tag of the offload word. */
    public static final int TX_VLAN = 1 << 10;

    /** Receive: the VLAN tag was stripped and is in the offload word. */
    public static final int RX_VLAN = 1 << 16;
    /** Receive: the IPv4 header checksum was checked and is right. */
    public static final int RX_IP_GOOD = 1 << 17;
    /** Receive: the IPv4 header checksum was checked and is wrong. */
    public static final int RX_IP_BAD = 1 << 18;
    /** Receive: the TCP or UDP checksum was checked and is right. */
    public static final int RX_L4_GOOD = 1 << 19;
    /** Receive: the TCP or UDP checksum was checked and is wrong. */
    public static final int RX_L4_BAD = 1 << 20;
    /** Receive: the RSS hash in the offload word is valid. */
    public static final int RX_HASH = 1 << 21;
    /**
     * Receive: merged from several TCP segments; {@link PacketBurst#segments} and {@link PacketBurst#mss} are valid.
     */
    public static final int RX_LRO = 1 << 22;
    /** Receive: looped back inside the NIC, it was never on the wire. */
    public static final int RX_LOOPBACK = 1 << 23;
    /** Receive: IPv4 packet. */
    public static final int RX_IPV4 = 1 << 24;
    /** Receive: IPv6 packet. */
    public static final int RX_IPV6 = 1 << 25;
    /** Receive: TCP. */
    public static final int RX_TCP = 1 << 26;
    /** Receive: UDP. */
    public static final int RX_UDP = 1 << 27;
    /** Receive: an IP fragment. */
    public static final int RX_FRAGMENT = 1 << 28;

    private PacketFlags() {}
}
