package dev.npa.plugin.support;

/** Sizes in bytes of protocol headers without options, and what tells a tagged frame. */
public final class Headers {

    public static final int ETHERNET = 14;
    /** What a VLAN tag adds to the Ethernet header. */
    public static final int VLAN_TAG = 4;
    /** EtherType of a tagged frame. */
    public static final int VLAN_TYPE = 0x8100;
    /** Shortest frame without FCS that may go on the wire. */
    public static final int SHORTEST_FRAME = 60;
    public static final int IPV4 = 20;
    public static final int IPV6 = 40;
    public static final int TCP = 20;
    /** A TCP header with all the options it can have. */
    public static final int MAX_TCP = 60;
    /** TCP's timestamp option with its padding. */
    public static final int TCP_TIMESTAMP = 12;
    public static final int UDP = 8;

    private Headers() {}
}
