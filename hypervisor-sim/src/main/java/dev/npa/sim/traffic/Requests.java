package dev.npa.sim.traffic;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.nio.ByteBuffer;

/**
 * Turns a complete frame into what an application's stack hands to a NIC that promises offloads: fields that the NIC
 * fills in hold what {@link PacketFlags} says they must, and the transmit word tells where the headers are. For
 * preparation, not for the data path.
 */
final class Requests {

    /** Longest IP datagram, segmented or not. */
    private static final int LONGEST_DATAGRAM = 65_535;

    private Requests() {}

    /** Whether the sender may ask for TSO: TCP with more payload than a segment takes. */
    static boolean canSegment(byte[] f, Headers h, Offloads offloads, int mtu) {
        return offloads.tso() && h.end - h.network <= LONGEST_DATAGRAM && needsSegments(f, h, offloads, mtu);
    }

    /** Whether a frame has more TCP payload than a segment takes, and can be cut. */
    static boolean needsSegments(byte[] f, Headers h, Offloads offloads, int mtu) {
        if (!TcpSegmenter.canSegment(f, h, mtu)) {
            return false;
        }
        int headers = h.transport + h.tcpHeader(f) - h.network;
        return h.end - h.network - headers > offloads.segmentBytes(mtu, headers);
    }

    /** Whether a frame is made unique by a number in its payload, because the NIC inserts the checksum over it. */
    static boolean countsInPayload(byte[] f, Headers h, Offloads offloads) {
        return offloads.checksum() && h.end >= Ether.MIN_FRAME && isUdp(f, h)
                && h.end - h.transport - Ether.UDP_HEADER >= FrameSequence.TRAILER;
    }

    private static boolean isUdp(byte[] f, Headers h) {
        return h.ipVersion != 0 && h.protocol == Ether.UDP && !h.fragment && h.end - h.transport >= Ether.UDP_HEADER
                && Net.u16(f, h.transport + Ether.UDP_LENGTH) == h.end - h.transport
                && Net.u16(f, h.transport + Ether.UDP_CHECKSUM) != 0;
    }

    /**
     * Puts the requests into an entry whose frame is complete.
     *
     * @param tso whether {@link #canSegment}
     */
    static void ask(SequenceBuilder.Entry e, Headers h, Offloads offloads, boolean tso, int mtu) {
        byte[] f = e.frame;
        int flags = 0;
        int l4 = 0;
        int mss = 0;
        boolean sums = (tso || offloads.checksum()) && !e.trailer && h.ipVersion != 0 && !h.fragment
                && f.length >= Ether.MIN_FRAME;
        if (sums && h.isTcp(f)) {
            l4 = h.tcpHeader(f);
            mss = tso ? offloads.segmentBytes(mtu, h.transport + l4 - h.network) : 0;
            flags |= PacketFlags.TX_TCP_CHECKSUM | (tso ? PacketFlags.TX_TSO : 0);
            e.frames = tso ? Expansion.count(h.end - h.transport - l4, mss) : 1;
            e.tcpChecksum = 0;
            Net.put16(f, h.transport + Ether.TCP_CHECKSUM, pseudo(f, tso ? 0 : h.end - h.transport));
        } else if (sums && isUdp(f, h)) {
            l4 = Ether.UDP_HEADER;
            flags |= PacketFlags.TX_UDP_CHECKSUM;
            Net.put16(f, h.transport + Ether.UDP_CHECKSUM, pseudo(f, h.end - h.transport));
        }
        if (sums && h.ipVersion == 4) {
            flags |= PacketFlags.TX_IP_CHECKSUM;
            e.ipChecksum = 0;
            Net.put16(f, h.network + Ether.IPV4_CHECKSUM, 0);
        }
        int tag = Ether.VLAN_TAG;
        boolean vlan = offloads.vlan() && Net.u16(f, Ether.TYPE) == Ether.TYPE_VLAN
                && f.length - tag >= Ether.MIN_FRAME;
        int tci = vlan ? Net.u16(f, Ether.TYPE + 2) : 0;
        if (vlan) {
            flags |= PacketFlags.TX_VLAN;
            untag(e);
        }
        if (flags != 0) {
            flags |= h.ipVersion == 4 ? PacketFlags.TX_IPV4 : h.ipVersion == 6 ? PacketFlags.TX_IPV6 : 0;
            int l3 = h.ipVersion == 0 ? 0 : h.transport - h.network;
            e.flags = flags;
            e.offload = PacketBurst.txOffload(h.network - (vlan ? tag : 0), l3, l4, mss, tci);
        }
    }

    private static int pseudo(byte[] f, int length) {
        FrameLayout at = new FrameLayout();
        ByteBuffer b = ByteBuffer.wrap(f);
        at.parse(b, 0, f.length, false);
        return OnesSum.pseudo(b, at, length);
    }

    private static void untag(SequenceBuilder.Entry e) {
        int tag = Ether.VLAN_TAG;
        byte[] f = new byte[e.frame.length - tag];
        System.arraycopy(e.frame, 0, f, 0, Ether.TYPE);
        System.arraycopy(e.frame, Ether.TYPE + tag, f, Ether.TYPE, f.length - Ether.TYPE);
        e.frame = f;
        e.field -= tag;
        e.ipChecksum -= e.ipChecksum == 0 ? 0 : tag;
        e.sequence -= e.sequence == 0 ? 0 : tag;
        e.tcpChecksum -= e.tcpChecksum == 0 ? 0 : tag;
    }
}
