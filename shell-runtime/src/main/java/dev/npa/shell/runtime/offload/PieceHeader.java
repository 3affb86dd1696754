package dev.npa.shell.runtime.offload;

import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/** The headers of a packet and, made of them, those of each of its pieces. */
final class PieceHeader {

    private static final int ADDRESSES = 12;
    private static final int ETHERNET = 14;
    private static final int TAG = 4;

    private final byte[] original;
    private final byte[] work;
    private int flags;
    private int l2;
    private int l3;
    private int l4;
    private int mss;
    private int tci;
    private int headerBytes;
    /** Bytes that a tag has put in front of the L3 header of the piece in work. */
    private int shift;
    private boolean tagLeft;
    /** Folded pseudo-header sum of the piece in work; -1 = its field holds it already. */
    private int pseudo;

    PieceHeader(int bytes) {
        original = new byte[bytes];
        work = new byte[bytes + TAG];
    }

    /** Reads the headers of a packet; returns how many bytes they are. */
    int read(PhysicalMemory memory, PacketBurst packet) {
        flags = packet.flags(0) & ~PacketFlags.WHOLE;
        l2 = packet.l2Length(0);
        l3 = packet.l3Length(0);
        l4 = packet.l4Length(0);
        mss = packet.txMss(0);
        tci = packet.txVlan(0);
        if (isTso()) {
            headerBytes = l2 + l3 + l4;
        } else if ((flags & TxLimits.CHECKSUMS) != 0) {
            int field = (flags & PacketFlags.TX_TCP_CHECKSUM) != 0 ? Headers.TCP_CHECKSUM + 2
                    : (flags & PacketFlags.TX_UDP_CHECKSUM) != 0 ? Headers.UDP_CHECKSUM + 2 : 0;
            headerBytes = l2 + l3 + field;
        } else {
            headerBytes = ETHERNET;
        }
        int done = 0;
        for (int i = 0; done < headerBytes; i++) {
            int part = Math.min(packet.length(i), headerBytes - done);
            memory.copyTo(packet.address(i), original, done, part);
            done += part;
        }
        return headerBytes;
    }

    boolean isTso() {
        return (flags & PacketFlags.TX_TSO) != 0;
    }

    int mss() {
        return mss;
    }

    /** Whether the carrier can cut what software only makes smaller. */
    boolean leavesCutting(TxLimits limits) {
        return limits.cuts(flags, l3, headerBytes + tagBytes(limits));
    }

    /** Bytes by which a tag that software inserts makes headers longer. */
    int tagBytes(TxLimits limits) {
        return (flags & limits.lacking() & PacketFlags.TX_VLAN) != 0 ? TAG : 0;
    }

    /**
     * Makes the headers of a piece.
     *
     * @param offset where its payload begins in the packet's
     * @param bytes payload bytes
     * @param cut whether the carrier cuts it further
     * @param last whether it is the packet's last
     * @return header bytes
     */
    int prepare(TxLimits limits, int offset, int bytes, boolean cut, boolean last) {
        shift = tagBytes(limits);
        tagLeft = (flags & PacketFlags.TX_VLAN) != 0 && shift == 0;
        System.arraycopy(original, 0, work, 0, ADDRESSES);
        System.arraycopy(original, ADDRESSES, work, ADDRESSES + shift, headerBytes - ADDRESSES);
        if (shift != 0) {
            Headers.u16(work, ADDRESSES, Headers.VLAN);
            Headers.u16(work, ADDRESSES + 2, tci);
        }
        pseudo = -1;
        if (isTso()) {
            segment(offset, bytes, cut, last);
        } else if ((flags & PacketFlags.TX_IP_CHECKSUM) != 0) {
            finishIpv4(l2 + shift);
        }
        return headerBytes + shift;
    }

    private void segment(int offset, int bytes, boolean cut, boolean last) {
        int ip = l2 + shift;
        int tcp = ip + l3;
        int length = l4 + bytes;
        if ((flags & PacketFlags.TX_IPV6) != 0) {
            Headers.u16(work, ip + Headers.IPV6_LENGTH, l3 - Headers.IPV6_HEADER + length);
        } else {
            Headers.u16(work, ip + Headers.IPV4_LENGTH, l3 + length);
            Headers.u16(work, ip + Headers.IPV4_ID, Headers.u16(work, ip + Headers.IPV4_ID) + offset / mss);
            Headers.u16(work, ip + Headers.IPV4_CHECKSUM, 0);
            if (!cut) {
                finishIpv4(ip);
            }
        }
        Headers.u32(work, tcp + Headers.TCP_SEQUENCE, Headers.u32(work, tcp + Headers.TCP_SEQUENCE) + offset);
        int clear = (last ? 0 : Headers.FIN | Headers.PSH) | (offset == 0 ? 0 : Headers.CWR);
        work[tcp + Headers.TCP_FLAGS] &= (byte) ~clear;
        if (!cut) {
            // The field holds the pseudo-header sum over a length of 0: the length of the segment is still to be added.
            int zero = Headers.u16(work, tcp + Headers.TCP_CHECKSUM);
            pseudo = Checksum.fold((long) zero + length);
            Headers.u16(work, tcp + Headers.TCP_CHECKSUM, 0);
        }
    }

    private void finishIpv4(int ip) {
        Headers.u16(work, ip + Headers.IPV4_CHECKSUM, 0);
        Headers.u16(work, ip + Headers.IPV4_CHECKSUM, ~Checksum.sum(work, ip, l3));
    }

    byte[] bytes() {
        return work;
    }

    /** Offset of the L4 header whose checksum software computes; -1 = none. */
    int checksumStart() {
        int any = PacketFlags.TX_TSO | PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_UDP_CHECKSUM;
        return (flags & any) == 0 ? -1 : l2 + shift + l3;
    }

    int checksumField() {
        boolean udp = (flags & (PacketFlags.TX_UDP_CHECKSUM | PacketFlags.TX_TSO)) == PacketFlags.TX_UDP_CHECKSUM;
        return checksumStart() + (udp ? Headers.UDP_CHECKSUM : Headers.TCP_CHECKSUM);
    }

    /** Where the L4 data of a piece of {@code total} bytes ends: padding behind the IP packet does not count. */
    int checksumEnd(int total) {
        int ip = l2 + shift;
        int length = (flags & PacketFlags.TX_IPV6) != 0
                ? Headers.IPV6_HEADER + Headers.u16(work, ip + Headers.IPV6_LENGTH)
                : Headers.u16(work, ip + Headers.IPV4_LENGTH);
        return Math.max(headerBytes + shift, Math.min(total, ip + length));
    }

    /** The checksum to store, from the sum over the L4 packet as it is in memory. */
    int finish(int sum) {
        int checksum = ~Checksum.fold((long) sum + Math.max(pseudo, 0)) & 0xFFFF;
        boolean udp = (flags & PacketFlags.TX_UDP_CHECKSUM) != 0;
        return udp && checksum == 0 ? 0xFFFF : checksum; // RFC 768: 0 means that there is none
    }

    /** Requests that are left to the carrier. */
    int flagsLeft(boolean cut) {
        int vlan = tagLeft ? PacketFlags.TX_VLAN : 0;
        return vlan | (cut ? flags & ~PacketFlags.TX_VLAN : 0);
    }

    long offloadLeft(boolean cut) {
        int tag = tagLeft ? tci : 0;
        return cut ? PacketBurst.txOffload(l2 + shift, l3, l4, mss, tag) : PacketBurst.txOffload(0, 0, 0, 0, tag);
    }
}
