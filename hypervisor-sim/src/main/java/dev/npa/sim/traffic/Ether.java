package dev.npa.sim.traffic;

/** Numbers of the protocols that frames are read and made of. Offsets are from the start of the header concerned. */
final class Ether {

    static final int HEADER = 14;
    static final int VLAN_TAG = 4;
    /** Shortest frame without FCS. */
    static final int MIN_FRAME = 60;
    static final int TYPE = 12;

    static final int TYPE_IPV4 = 0x0800;
    static final int TYPE_ARP = 0x0806;
    static final int TYPE_VLAN = 0x8100;
    static final int TYPE_IPV6 = 0x86DD;
    static final int TYPE_QINQ = 0x88A8;
    /** Smaller values of the type field are the length of an IEEE 802.3 frame. */
    static final int FIRST_TYPE = 0x0600;

    static final int IPV4_HEADER = 20;
    static final int IPV4_TOTAL_LENGTH = 2;
    static final int IPV4_ID = 4;
    static final int IPV4_FRAGMENT = 6;
    static final int IPV4_PROTOCOL = 9;
    static final int IPV4_CHECKSUM = 10;
    static final int IPV4_SOURCE = 12;
    /** More-fragments flag and fragment offset. */
    static final int IPV4_FRAGMENT_MASK = 0x3FFF;

    static final int IPV6_HEADER = 40;
    static final int IPV6_PAYLOAD_LENGTH = 4;
    static final int IPV6_NEXT_HEADER = 6;
    static final int IPV6_SOURCE = 8;

    static final int HOP_BY_HOP = 0;
    static final int ICMP = 1;
    static final int IGMP = 2;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ROUTING = 43;
    static final int FRAGMENT = 44;
    static final int ICMPV6 = 58;
    static final int DESTINATION_OPTIONS = 60;
    static final int SCTP = 132;
    static final int FRAGMENT_HEADER = 8;
    static final int FRAGMENT_ID = 4;

    static final int TCP_HEADER = 20;
    static final int TCP_SEQUENCE = 4;
    static final int TCP_FLAGS = 13;
    static final int TCP_CHECKSUM = 16;
    static final int TCP_FIN = 0x01;
    static final int TCP_SYN = 0x02;
    static final int TCP_PSH = 0x08;
    static final int TCP_ACK = 0x10;
    static final int TCP_CWR = 0x80;

    static final int UDP_HEADER = 8;
    static final int UDP_LENGTH = 4;
    static final int UDP_CHECKSUM = 6;
    static final int ICMP_CHECKSUM = 2;

    private Ether() {}

    static boolean isTag(int type) {
        return type == TYPE_VLAN || type == TYPE_QINQ;
    }

    /** Length of an IPv6 extension header that is no fragment header, from its second byte. */
    static int extensionLength(int lengthByte) {
        return 8 * (lengthByte + 1);
    }

    static boolean isExtension(int nextHeader) {
        return nextHeader == HOP_BY_HOP || nextHeader == ROUTING || nextHeader == DESTINATION_OPTIONS;
    }
}
