package dev.npa.sim.pcap;

/**
 * Link types of capture files, as registered at tcpdump.org. Only Ethernet is read; the others are named in messages.
 */
final class LinkType {

    static final int ETHERNET = 1;

    private LinkType() {}

    static String name(int type) {
        return switch (type) {
            case 0 -> "BSD loopback";
            case ETHERNET -> "Ethernet";
            case 6 -> "Token Ring";
            case 8 -> "SLIP";
            case 9 -> "PPP";
            case 10 -> "FDDI";
            case 12, 14, 101 -> "raw IP";
            case 105 -> "IEEE 802.11";
            case 108 -> "OpenBSD loopback";
            case 113 -> "Linux cooked";
            case 119 -> "IEEE 802.11 with Prism header";
            case 127 -> "IEEE 802.11 with radiotap header";
            case 189 -> "Linux USB";
            case 192 -> "PPI";
            case 195, 230 -> "IEEE 802.15.4";
            case 220 -> "Linux USB, padded";
            case 227 -> "SocketCAN";
            case 228 -> "raw IPv4";
            case 229 -> "raw IPv6";
            case 249 -> "USBPcap";
            case 251 -> "Bluetooth Low Energy";
            case 253 -> "Netlink";
            case 276 -> "Linux cooked v2";
            default -> "unknown";
        };
    }

    static String refusal(String where, int type) {
        return where + ": link type " + type + " (" + name(type)
                + ") is not Ethernet (1); capture on an Ethernet interface";
    }
}
