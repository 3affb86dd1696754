package dev.npa.sim.nic.broadcom;

import dev.npa.sim.machine.DmaFault;
import dev.npa.sim.net.packet.InternetChecksum;
import dev.npa.sim.net.packet.PacketHeaders;
import dev.npa.sim.time.Component;
import java.nio.ByteBuffer;

/**
 * Places frames on BDs and SGEs, and merges TCP segments where TPA is on (LRO mode), 57712 §5.4 and §5.5.
 *
 * <p>All segments but the last have the size of the first, so that what is merged can be cut again (the sheet leaves that
 * open). Each open aggregation has a CQE in reserve, so that it can always be closed. Used under the path's lock.
 */
final class Tpa {

    /** An aggregation without a new segment for this long is closed. */
    static final long IDLE = 20_000;

    private static final int ACK = 0x10;
    private static final int PSH = 0x08;
    private static final int TIMESTAMP_HEADER = 32;

    private final StatusBlocks blocks;
    private final Aggregation single = new Aggregation(0);
    /** Queues with open aggregations, for the timer. */
    private final RxQueue[] open = new RxQueue[Path.CLIENTS];
    private int openCount;
    private long earliest = Component.NEVER;

    Tpa(StatusBlocks blocks) {
        this.blocks = blocks;
    }

    /** Whether a frame finds a BD, a CQE and SGEs; closes aggregations of the queue if that helps. */
    boolean makeRoom(RxQueue q, int sges) {
        if (q.hasRoom(sges, q.open < q.tpaQueues && (q.tpaV4 || q.tpaV6) ? 2 : 1)) {
            return true;
        }
        if (q.open > 0) {
            closeAll(q, 0);
        }
        return q.hasRoom(sges, 1);
    }

    /** Takes a frame for which {@link #makeRoom} has been asked; {@code shift} bytes of a tag were removed. */
    void take(RxQueue q, ByteBuffer b, int start, int length, FrameInfo f, int shift, int status, int hash, int tci,
            int parsing, long now) {
        if (!q.tpaV4 && !q.tpaV6) {
            single(q, b, start, length, f, status, hash, tci, parsing);
            return;
        }
        PacketHeaders h = f.headers;
        int header = h.isTcp() ? h.l4() - shift + (h.octet(h.l4() + 12) >>> 4) * 4 : 0;
        int payload = h.isTcp() ? h.ipEnd() - shift - header : 0;
        Aggregation a = h.isTcp() ? find(q, b, start, h, shift) : null;
        boolean mergeable = h.isTcp() && payload > 0 && isMergeable(q, f, header - (h.l4() - shift));
        if (a != null) {
            if (mergeable && fits(q, a, b, start, h, shift, header, payload, tci)) {
                merge(q, a, b, start + header, payload, now);
                updateHeader(a, b, start);
                if ((h.octet(h.l4() + 13) & PSH) != 0 || payload < a.segmentSize) {
                    close(q, a, now);
                }
                return;
            }
            close(q, a, now);
        }
        if (!mergeable || (h.octet(h.l4() + 13) & PSH) != 0 || !canStart(q, length)) {
            single(q, b, start, length, f, status, hash, tci, parsing);
            return;
        }
        start(q, b, start, length, f, shift, header, status, hash, tci, parsing, now);
    }

    private static boolean isMergeable(RxQueue q, FrameInfo f, int tcpLength) {
        PacketHeaders h = f.headers;
        int flags = h.octet(h.l4() + 13);
        boolean on = h.ipVersion() == 4 ? q.tpaV4 : q.tpaV6;
        boolean options = tcpLength == 20
                || tcpLength == TIMESTAMP_HEADER && (f.parsing & Cqe.PARSE_TIMESTAMP) != 0;
        return on && options && !h.isExtended() && f.errors == 0 && (f.notValidated & Cqe.L4_NOT_VALIDATED) == 0
                && (flags & ~PSH) == ACK && !(q.tpaNotOverVlan && f.tagged);
    }

    /** The open aggregation of the frame's addresses and ports. */
    private static Aggregation find(RxQueue q, ByteBuffer b, int start, PacketHeaders h, int shift) {
        for (int i = 0; i < q.tpaQueues && q.open > 0; i++) {
            Aggregation a = q.bins[i];
            if (a != null && a.active && a.v4 == (h.ipVersion() == 4) && a.l3 == h.l3() - shift
                    && sameFlow(a, b, start, h.l4() - shift)) {
                return a;
            }
        }
        return null;
    }

    /** A frame with IP options is of the flow as well and must not overtake it; its ports are at {@code l4}. */
    private static boolean sameFlow(Aggregation a, ByteBuffer b, int start, int l4) {
        int from = a.l3 + (a.v4 ? 12 : 8);
        int to = from + (a.v4 ? 8 : 32);
        for (int i = from; i < to; i += 4) {
            if (a.headers.getInt(i) != b.getInt(start + i)) {
                return false;
            }
        }
        return a.headers.getInt(a.l4) == b.getInt(start + l4);
    }

    private static long sequence(ByteBuffer b, int l4) {
        return Integer.toUnsignedLong(Integer.reverseBytes(b.getInt(l4 + 4)));
    }

    private boolean fits(RxQueue q, Aggregation a, ByteBuffer b, int start, PacketHeaders h, int shift, int header,
            int payload, int tci) {
        int more = payload - (a.sgeCount > 0 ? q.sgeSize - a.sgeUsed : 0);
        int need = more <= 0 ? 0 : (more + q.sgeSize - 1) / q.sgeSize;
        int l4 = h.l4() - shift;
        return payload <= a.segmentSize && header == a.headerLength && l4 == a.l4 && tci == a.tci
                && sequence(b, start + l4) == a.nextSequence
                && a.total + payload <= q.maxAggregation && a.sgeCount + need <= q.maxSges && q.hasSge(need);
    }

    private boolean canStart(RxQueue q, int length) {
        return q.hasSges && q.maxAggregation > length && q.hasRoom(q.sgesFor(length), 2);
    }

    private void start(RxQueue q, ByteBuffer b, int start, int length, FrameInfo f, int shift, int header, int status,
            int hash, int tci, int parsing, long now) {
        PacketHeaders h = f.headers;
        int end = h.ipEnd() - shift; // padding is no payload
        Aggregation a = freeBin(q, now);
        place(q, a, b, start, end);
        a.active = true;
        a.headers.put(0, b, start, header);
        a.headerLength = header;
        a.l3 = h.l3() - shift;
        a.l4 = h.l4() - shift;
        a.v4 = h.ipVersion() == 4;
        a.tci = tci;
        a.nextSequence = sequence(b, start + a.l4) + end - header & 0xFFFF_FFFFL;
        a.segmentSize = end - header;
        a.segments = 1;
        a.lastNanos = now;
        int at = q.cqes.take();
        Cqe.write(q.port, q.cqes.address(at), Cqe.head(Cqe.START_AGGREGATION, status, a.bin, a.placement, hash),
                Cqe.lengths(tci, end, a.onBd, parsing), 0, 0);
        if (q.open++ == 0) {
            open[openCount++] = q;
        }
        earliest = Math.min(earliest, now + IDLE);
    }

    private Aggregation freeBin(RxQueue q, long now) {
        for (int i = 0; i < q.tpaQueues; i++) {
            if (q.bins[i] == null) {
                q.bins[i] = new Aggregation(i);
            }
            if (!q.bins[i].active) {
                return q.bins[i];
            }
        }
        Aggregation a = q.bins[q.victim];
        q.victim = (q.victim + 1) % q.tpaQueues;
        close(q, a, now);
        return a;
    }

    /** An ordinary frame: one BD, one CQE, SGEs for what the buffer cannot hold. */
    private void single(RxQueue q, ByteBuffer b, int start, int length, FrameInfo f, int status, int hash, int tci,
            int parsing) {
        place(q, single, b, start, length);
        int at = q.cqes.take();
        Cqe.write(q.port, q.cqes.address(at), Cqe.head(f.errors, status, 0, single.placement, hash),
                Cqe.lengths(tci, length, single.onBd, parsing), single.list(0), single.list(4));
    }

    private static void place(RxQueue q, Aggregation a, ByteBuffer b, int start, int length) {
        long buffer = q.port.readLong(q.bds.address(q.bds.take()));
        a.placement = q.placement(buffer);
        a.frameAddress = buffer + a.placement;
        a.onBd = Math.min(length, q.bufferSize - a.placement);
        a.sgeCount = 0;
        a.sgeUsed = 0;
        a.total = a.onBd;
        q.port.write(a.frameAddress, b, start, a.onBd);
        append(q, a, b, start + a.onBd, length - a.onBd);
    }

    private static void append(RxQueue q, Aggregation a, ByteBuffer b, int from, int length) {
        int at = from;
        int left = length;
        while (left > 0) {
            if (a.sgeCount == 0 || a.sgeUsed == q.sgeSize) {
                int index = q.sges.take();
                a.slots[a.sgeCount++] = q.sges.slot(index);
                a.sgeAddress = q.port.readLong(q.sges.address(index));
                a.sgeUsed = 0;
            }
            int chunk = Math.min(left, q.sgeSize - a.sgeUsed);
            q.port.write(a.sgeAddress + a.sgeUsed, b, at, chunk);
            a.sgeUsed += chunk;
            at += chunk;
            left -= chunk;
        }
        a.total += length;
    }

    private void merge(RxQueue q, Aggregation a, ByteBuffer b, int from, int payload, long now) {
        append(q, a, b, from, payload);
        a.nextSequence = a.nextSequence + payload & 0xFFFF_FFFFL;
        a.segments++;
        a.lastNanos = now;
        q.client.counters.coalescedPackets++;
        q.client.counters.coalescedBytes += payload;
    }

    /** Acknowledgement, flags, window and timestamp are those of the last segment. */
    private static void updateHeader(Aggregation a, ByteBuffer b, int start) {
        a.headers.putInt(a.l4 + 8, b.getInt(start + a.l4 + 8));
        a.headers.put(a.l4 + 13, (byte) (a.headers.get(a.l4 + 13) | b.get(start + a.l4 + 13)));
        a.headers.putShort(a.l4 + 14, b.getShort(start + a.l4 + 14));
        if (a.headerLength - a.l4 == TIMESTAMP_HEADER) {
            a.headers.putLong(a.l4 + 24, b.getLong(start + a.l4 + 24));
        }
    }

    private void close(RxQueue q, Aggregation a, long now) {
        a.active = false;
        if (--q.open == 0) {
            for (int i = 0; i < openCount; i++) {
                if (open[i] == q) {
                    open[i] = open[--openCount];
                    break;
                }
            }
        }
        if (a.segments > 1) {
            patch(a);
            q.port.write(a.frameAddress, a.headers, 0, Math.min(a.headerLength, a.onBd));
        }
        q.client.counters.coalescedEvents++;
        int at = q.cqes.take();
        Cqe.write(q.port, q.cqes.address(at), Cqe.STOP_AGGREGATION | a.bin << 16,
                a.segments | (long) a.total << 16 | (long) a.pureAcks << 32, a.list(0), a.list(4));
        blocks.complete(q.statusBlock, q.sbIndex, q.cqes.consumer(), now);
    }

    private static void patch(Aggregation a) {
        ByteBuffer h = a.headers;
        if (a.v4) {
            h.putShort(a.l3 + 2, Short.reverseBytes((short) (a.total - a.l3)));
            h.putShort(a.l3 + 10, (short) 0);
            int sum = InternetChecksum.complement(InternetChecksum.sum(h, a.l3, a.l4 - a.l3));
            h.putShort(a.l3 + 10, Short.reverseBytes((short) sum));
        } else {
            h.putShort(a.l3 + 4, Short.reverseBytes((short) (a.total - a.l3 - 40)));
        }
    }

    /** Closes all aggregations of a queue. */
    void closeAll(RxQueue q, long now) {
        try {
            for (Aggregation a : q.bins) {
                if (a != null && a.active) {
                    close(q, a, now);
                }
            }
        } catch (DmaFault e) {
            q.stop(); // recorded; the function is stopped
            forget(q);
        }
    }

    /** Closes all there are, as for a hold of reception. */
    void closeAll(long now) {
        while (openCount > 0) {
            closeAll(open[openCount - 1], now);
        }
        earliest = Component.NEVER;
    }

    /** The queue is gone; nothing of it may be written any more. */
    void forget(RxQueue q) {
        for (int i = 0; i < openCount; i++) {
            if (open[i] == q) {
                open[i] = open[--openCount];
                return;
            }
        }
    }

    /** Closes what has waited too long. */
    void tick(long now) {
        if (now < earliest) {
            return;
        }
        earliest = Component.NEVER;
        for (int i = openCount - 1; i >= 0; i--) {
            RxQueue q = open[i];
            for (Aggregation a : q.bins) {
                if (a != null && a.active) {
                    expire(q, a, now);
                }
            }
        }
    }

    private void expire(RxQueue q, Aggregation a, long now) {
        if (a.lastNanos + IDLE > now) {
            earliest = Math.min(earliest, a.lastNanos + IDLE);
            return;
        }
        try {
            close(q, a, now);
        } catch (DmaFault e) {
            q.stop();
            forget(q);
        }
    }

    long nextEvent() {
        return openCount == 0 ? Component.NEVER : earliest;
    }
}
