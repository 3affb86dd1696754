package dev.npa.sim.nic.broadcom;

import dev.npa.hw.PhysicalMemory;
import dev.npa.sim.machine.IommuDomain;

import java.nio.ByteBuffer;

/**
 * Fetches the next packet of a BD ring and checks it, 57712 §4 and §13. Data goes into the queue's buffer. Used under
 * the path's lock.
 */
final class TxFetch {

    /** BDs that the device fetches for a packet or for a segment. */
    private static final int WINDOW = 13;
    /** Segment size plus headers beyond which real firmware crashes, 57712 §15. */
    private static final int CRASH = 9700;
    /** Bytes of a BD, which no page border divides. */
    private static final int BD = 16;
    private static final int MAX_PIECES = 1024;

    private final Path path;
    private final int[] pieces = new int[MAX_PIECES];

    TxFetch(Path path) {
        this.path = path;
    }

    /**
     * Fetches one packet.
     *
     * @return null if the ring holds no complete packet; {@link Malice#NONE} if the packet is in the queue's buffer;
     *     else what is wrong with it
     */
    Malice fetch(TxQueue q) {
        int producer = q.producer();
        if (!q.bds.walk() || !q.bds.has(producer, 1)) {
            if (q.bds.entries() > 0 && q.bds.available(producer) < 0) {
                stall(q, producer, "is outside the ring of " + q.bds.entries());
            }
            return null;
        }
        int first = q.bds.settle(q.bds.consumer());
        long q1 = q.port.readLong(q.bds.address(first) + 8);
        Malice wrong = checkStart(q1);
        if (wrong != Malice.NONE) {
            return wrong;
        }
        int nbd = TxBd.nbd(q1);
        if (!q.bds.has(producer, nbd)) {
            stall(q, producer, "ends inside a packet of " + nbd + " BDs");
            return null;
        }
        q.options = q1;
        q.start = TxQueue.HEADROOM;
        q.length = 0;
        q.segment = 0;
        q.drop = false;
        return gather(q, first, nbd);
    }

    private void stall(TxQueue q, int producer, String what) {
        if (q.stalledAt != producer) {
            q.stalledAt = producer;
            path.violation(q.client.owner, "doorbell of client " + q.client.id + ": BD producer " + producer + " "
                    + what);
        }
    }

    private static Malice checkStart(long q1) {
        int flags = TxBd.flags(q1);
        if ((flags & TxBd.START_BD) == 0) {
            return Malice.NO_START_BD;
        }
        if (TxBd.headerBds(q1) == 0) {
            return Malice.ZERO_HDR_NBDS;
        }
        if (TxBd.hasTunnel(q1)) {
            return Malice.TUNNEL_NOT_SUPPORTED;
        }
        // A second parse BD belongs to a tunnel.
        if (TxBd.extraParseBds(q1) != 0 || TxBd.nbd(q1) < 2) {
            return Malice.ILLEGAL_PARSE_NBDS;
        }
        boolean tso = (flags & TxBd.SW_LSO) != 0;
        if (!tso && TxBd.nbd(q1) > WINDOW || TxBd.nbd(q1) > MAX_PIECES) {
            return Malice.TOO_MANY_BDS;
        }
        if ((flags & TxBd.IPV6) != 0 && (flags & TxBd.IP_CSUM) != 0) {
            return Malice.IPV6_WITH_IP_CSUM;
        }
        return Malice.NONE;
    }

    private Malice gather(TxQueue q, int first, int nbd) {
        boolean tso = q.isSegmented();
        if (tso) {
            q.grow();
        }
        int limit = tso ? TxQueue.MAX_TSO : q.client.mtu + 18;
        int at = first;
        int total = -1;
        for (int i = 0; i < nbd; i++) {
            at = q.bds.settle(at);
            long address = q.bds.address(at);
            PhysicalMemory memory = q.port.reach(address, BD, IommuDomain.READ);
            long b0 = memory.getLong(address);
            long b1 = memory.getLong(address + 8);
            at = at + 1 & 0xFFFF;
            if (i == 1) {
                q.parsedDestination = TxBd.destination(b0);
                q.parsedSource = TxBd.source(b0, b1);
                q.parsing = TxBd.parsingData(b1);
                continue;
            }
            int bytes = TxBd.nbytes(b1);
            if (bytes == 0) {
                return Malice.ILLEGAL_BD_LENGTHS;
            }
            if (q.length + bytes > limit) {
                return Malice.PAYLOAD_TOO_BIG;
            }
            if (i == 2) {
                total = TxBd.totalBytes(b1);
            }
            pieces[i] = bytes;
            q.port.read(b0, q.packet, TxQueue.HEADROOM + q.length, bytes);
            q.length += bytes;
        }
        q.nextConsumer = at;
        if (!tso && total >= 0 && total != (q.length & 0xFFFF)) {
            return Malice.ILLEGAL_BD_LENGTHS;
        }
        return checkPacket(q, nbd);
    }

    private Malice checkPacket(TxQueue q, int nbd) {
        if (q.length < 14) {
            return Malice.PACKET_TOO_SHORT;
        }
        int flags = TxBd.flags(q.options);
        int l4 = TxBd.l4Offset(q.parsing);
        if (q.isSegmented()) {
            return checkSegmentation(q, nbd, l4 + TxBd.tcpLength(q.parsing));
        }
        boolean udp = (flags & TxBd.IS_UDP) != 0;
        if ((flags & TxBd.L4_CSUM) != 0 && (l4 < 34 || l4 + (udp ? 8 : 20) > q.length)) {
            return Malice.PACKET_TOO_SHORT;
        }
        if ((flags & TxBd.IP_CSUM) != 0 && q.length < 34) {
            return Malice.PACKET_TOO_SHORT;
        }
        return checkVlan(q);
    }

    private Malice checkSegmentation(TxQueue q, int nbd, int header) {
        int mss = TxBd.mss(q.parsing);
        if (TxBd.tcpLength(q.parsing) < 20 || TxBd.l4Offset(q.parsing) < 34 || header != TxBd.nbytes(q.options)
                || header >= q.length || (TxBd.flags(q.options) & TxBd.IS_UDP) != 0) {
            return Malice.ILLEGAL_LSO_HEADER;
        }
        if (mss + header > CRASH) {
            path.violation(q.client.owner, "segments of " + (mss + header) + " bytes: real firmware panics beyond "
                    + CRASH + " (erratum 1)");
            return Malice.ILLEGAL_LSO_MSS;
        }
        if (mss == 0 || mss + header > q.client.mtu + 18) {
            return Malice.ILLEGAL_LSO_MSS;
        }
        return fitsWindow(nbd, mss) ? checkVlan(q) : Malice.TOO_MANY_BDS;
    }

    /** Whether no segment needs more than 13 BDs, start and parse BD included, 57712 §4.5. */
    private boolean fitsWindow(int nbd, int mss) {
        int used = 0; // data BDs of the present segment
        int room = mss;
        for (int i = 2; i < nbd; i++) {
            int left = pieces[i];
            used++;
            while (left > 0) {
                if (used > WINDOW - 2) {
                    return false;
                }
                int chunk = Math.min(left, room);
                left -= chunk;
                room -= chunk;
                if (room == 0) {
                    room = mss;
                    used = left > 0 ? 1 : 0;
                }
            }
        }
        return true;
    }

    /** The VLAN or type word against the frame, for clients with security, 57712 §4.6. */
    private static Malice checkVlan(TxQueue q) {
        if (!q.security) {
            return Malice.NONE;
        }
        ByteBuffer b = q.packet;
        int type = FrameInfo.word(b, q.start + 12);
        boolean tagged = type == 0x8100;
        int word = TxBd.vlanOrEtherType(q.options);
        switch (TxBd.vlanMode(q.options)) {
            case TxBd.VLAN_NONE -> {
                if (tagged) {
                    return Malice.VLAN_FLAG_INCORRECT;
                }
                return word == type ? Malice.NONE : Malice.ILLEGAL_ETHERTYPE;
            }
            case TxBd.VLAN_IN_BAND -> {
                return tagged && q.length >= 18 && word == FrameInfo.word(b, q.start + 14)
                        ? Malice.NONE : Malice.VLAN_FLAG_INCORRECT;
            }
            case TxBd.VLAN_OUT_OF_BAND -> {
                return Malice.NONE;
            }
            default -> {
                return Malice.VLAN_FLAG_INCORRECT;
            }
        }
    }
}
