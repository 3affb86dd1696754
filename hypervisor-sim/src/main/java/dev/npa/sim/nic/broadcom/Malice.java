package dev.npa.sim.nic.broadcom;

/** What makes firmware declare a VF malicious, with the error ids of 57712 §8.5. */
enum Malice {
    NONE(0, ""),
    CHANNEL_NOT_READY(1, "mailbox trigger while the channel is not ready"),
    ILLEGAL_BD_LENGTHS(2, "illegal BD lengths"),
    PACKET_TOO_SHORT(3, "packet too short"),
    PAYLOAD_TOO_BIG(4, "payload too big"),
    ILLEGAL_ETHERTYPE(5, "ethertype in the start BD is not the frame's"),
    ILLEGAL_LSO_HEADER(6, "illegal LSO header length"),
    TOO_MANY_BDS(7, "too many BDs, 13 a packet or segment"),
    ZERO_HDR_NBDS(8, "HDR_NBDS is 0"),
    NO_START_BD(9, "START_BD is clear in the first BD"),
    ILLEGAL_PARSE_NBDS(10, "illegal number of parse BDs"),
    IPV6_WITH_IP_CSUM(11, "IPV6 with IP_CSUM"),
    VLAN_FLAG_INCORRECT(12, "VLAN mode or tag in the start BD is not the frame's"),
    ILLEGAL_LSO_MSS(13, "illegal LSO MSS"),
    TUNNEL_NOT_SUPPORTED(14, "tunnel not supported");

    final int id;
    final String text;

    Malice(int id, String text) {
        this.id = id;
        this.text = text;
    }
}
