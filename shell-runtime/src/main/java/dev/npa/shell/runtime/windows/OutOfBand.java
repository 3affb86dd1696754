package dev.npa.shell.runtime.windows;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/** Between out-of-band information of net buffer lists and the requests and results of the network device. */
final class OutOfBand {

    private static final int SEND_CHECKSUMS = PacketFlags.TX_IPV4 | PacketFlags.TX_IPV6 | PacketFlags.TX_IP_CHECKSUM
            | PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_UDP_CHECKSUM;

    private OutOfBand() {}

    /** Takes what an application asks for. */
    static void requests(NetBufferList list, int requests, long word) {
        list.checksumInfo = requests & SEND_CHECKSUMS;
        list.layer2HeaderLength = (int) word & 0x7F;
        list.layer3HeaderLength = (int) (word >>> 7) & 0x1FF;
        list.layer4HeaderLength = (int) (word >>> 16) & 0xFF;
        list.largeSendMss = (requests & PacketFlags.TX_TSO) == 0 ? 0 : (int) (word >>> 24) & 0xFFFF;
        list.ieee8021q = (requests & PacketFlags.TX_VLAN) == 0 ? -1 : (int) (word >>> 40) & 0xFFFF;
    }

    /** Appends a list as a packet with requests. The burst has room. */
    static void append(NetBufferList list, PacketBurst burst) {
        int first = burst.size();
        for (int i = 0; i < list.mdlCount; i++) {
            burst.add(list.mdlAddress[i], list.mdl[i], list.mdlBytes[i], 0);
        }
        int last = burst.size() - 1;
        int flags = list.checksumInfo & SEND_CHECKSUMS;
        if (list.largeSendMss > 0) {
            // Large send brings its checksums along.
            flags = flags & (PacketFlags.TX_IPV4 | PacketFlags.TX_IPV6) | PacketFlags.TX_TSO;
        }
        if (list.ieee8021q >= 0) {
            flags |= PacketFlags.TX_VLAN;
        }
        burst.flags(first, PacketFlags.SOP | flags);
        burst.flags(last, burst.flags(last) | PacketFlags.EOP);
        burst.packetLength(first, list.dataLength);
        burst.offload(first, PacketBurst.txOffload(list.layer2HeaderLength, list.layer3HeaderLength,
                list.layer4HeaderLength, list.largeSendMss, Math.max(0, list.ieee8021q)));
    }

    /** Fills a list with a received packet: entries {@code [first, end)}. */
    static void received(NetBufferList list, PacketBurst burst, int first, int end, int queue) {
        for (int i = first; i < end; i++) {
            int at = list.mdlCount++;
            list.mdl[at] = burst.handle(i);
            list.mdlAddress[at] = burst.address(i);
            list.mdlBytes[at] = burst.length(i);
            list.dataLength += burst.length(i);
        }
        int results = burst.flags(first);
        list.queue = queue;
        list.checksumInfo = results & ~(PacketFlags.WHOLE | PacketFlags.RX_VLAN | PacketFlags.RX_HASH
                | PacketFlags.RX_LRO);
        if ((results & PacketFlags.RX_VLAN) != 0) {
            list.ieee8021q = burst.rxVlan(first);
        }
        if ((results & PacketFlags.RX_HASH) != 0) {
            list.hashed = true;
            list.hashValue = burst.rxHash(first);
        }
        if ((results & PacketFlags.RX_LRO) != 0) {
            list.coalescedSegments = burst.segments(first);
            list.coalescedMss = burst.mss(first);
        }
    }

    /** Results of a received list, as RX bits. */
    static int results(NetBufferList list) {
        return list.checksumInfo | (list.ieee8021q >= 0 ? PacketFlags.RX_VLAN : 0)
                | (list.hashed ? PacketFlags.RX_HASH : 0)
                | (list.coalescedSegments > 0 ? PacketFlags.RX_LRO : 0);
    }

    /** The receive word of a list as {@link PacketBurst} packs it. */
    static long receiveWord(NetBufferList list) {
        return PacketBurst.rxOffload(list.hashValue, Math.max(0, list.ieee8021q));
    }
}
