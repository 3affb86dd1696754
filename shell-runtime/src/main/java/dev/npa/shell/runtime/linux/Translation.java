package dev.npa.shell.runtime.linux;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/** Between what a socket buffer says and the requests and results of the network device. */
final class Translation {

    private static final int L4_REQUESTS = PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_UDP_CHECKSUM
            | PacketFlags.TX_TSO;

    private Translation() {}

    /** Takes what a socket asks for; lengths come from the transmit word as {@link PacketBurst} packs it. */
    static void requests(SkBuff skb, int requests, long word) {
        skb.macLen = (int) word & 0x7F;
        skb.networkLen = (int) (word >>> 7) & 0x1FF;
        skb.transportLen = (int) (word >>> 16) & 0xFF;
        skb.ipVersion = (requests & PacketFlags.TX_IPV4) != 0 ? 4 : (requests & PacketFlags.TX_IPV6) != 0 ? 6 : 0;
        skb.ipHeaderSum = (requests & PacketFlags.TX_IP_CHECKSUM) != 0;
        if ((requests & L4_REQUESTS) != 0) {
            skb.ipSummed = SkBuff.CHECKSUM_PARTIAL;
            skb.csumStart = skb.macLen + skb.networkLen;
            skb.csumOffset = (requests & PacketFlags.TX_UDP_CHECKSUM) != 0 ? SkBuff.UDP_CHECK : SkBuff.TCP_CHECK;
        }
        if ((requests & PacketFlags.TX_TSO) != 0) {
            skb.gsoSize = (int) (word >>> 24) & 0xFFFF;
        }
        if ((requests & PacketFlags.TX_VLAN) != 0) {
            skb.vlanPresent = true;
            skb.vlanTci = (int) (word >>> 40) & 0xFFFF;
        }
    }

    /** Appends a socket buffer as a packet with requests. The burst has room. */
    static void append(SkBuff skb, PacketBurst burst) {
        int first = burst.size();
        for (int i = 0; i < skb.nrFrags; i++) {
            burst.add(skb.fragAddress[i], skb.frag[i], skb.fragSize[i], 0);
        }
        int last = burst.size() - 1;
        burst.flags(first, PacketFlags.SOP | flags(skb));
        burst.flags(last, burst.flags(last) | PacketFlags.EOP);
        burst.packetLength(first, skb.len);
        burst.offload(first, PacketBurst.txOffload(skb.macLen, skb.networkLen, skb.transportLen, skb.gsoSize,
                skb.vlanTci));
    }

    private static int flags(SkBuff skb) {
        int flags = skb.vlanPresent ? PacketFlags.TX_VLAN : 0;
        flags |= skb.ipVersion == 4 ? PacketFlags.TX_IPV4 : skb.ipVersion == 6 ? PacketFlags.TX_IPV6 : 0;
        if (skb.ipHeaderSum) {
            flags |= PacketFlags.TX_IP_CHECKSUM;
        }
        if (skb.gsoSize > 0) {
            return flags | PacketFlags.TX_TSO;
        }
        if (skb.ipSummed == SkBuff.CHECKSUM_PARTIAL) {
            flags |= skb.csumOffset == SkBuff.UDP_CHECK ? PacketFlags.TX_UDP_CHECKSUM : PacketFlags.TX_TCP_CHECKSUM;
        }
        return flags;
    }

    /** Fills a socket buffer with a received packet: entries {@code [first, end)}. */
    static void received(SkBuff skb, PacketBurst burst, int first, int end, int queue) {
        for (int i = first; i < end; i++) {
            int at = skb.nrFrags++;
            skb.frag[at] = burst.handle(i);
            skb.fragAddress[at] = burst.address(i);
            skb.fragSize[at] = burst.length(i);
            skb.len += burst.length(i);
        }
        int results = burst.flags(first) & ~PacketFlags.WHOLE;
        skb.results = results;
        skb.queueMapping = queue;
        skb.ipVersion = (results & PacketFlags.RX_IPV4) != 0 ? 4 : (results & PacketFlags.RX_IPV6) != 0 ? 6 : 0;
        boolean checked = (results & PacketFlags.RX_L4_GOOD) != 0;
        skb.ipSummed = checked ? SkBuff.CHECKSUM_UNNECESSARY : SkBuff.CHECKSUM_NONE;
        if ((results & PacketFlags.RX_VLAN) != 0) {
            skb.vlanPresent = true;
            skb.vlanTci = burst.rxVlan(first);
        }
        if ((results & PacketFlags.RX_HASH) != 0) {
            skb.hashValid = true;
            skb.hash = burst.rxHash(first);
        }
        if ((results & PacketFlags.RX_LRO) != 0) {
            skb.gsoSize = burst.mss(first);
            skb.gsoSegs = burst.segments(first);
        }
    }

    /** The receive word of a socket buffer as {@link PacketBurst} packs it. */
    static long receiveWord(SkBuff skb) {
        return PacketBurst.rxOffload(skb.hash, skb.vlanTci);
    }
}
