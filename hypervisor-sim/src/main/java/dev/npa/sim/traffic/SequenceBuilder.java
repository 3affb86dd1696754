package dev.npa.sim.traffic;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gathers the frames of one direction, decides what the sender asks for with each ({@link Requests}) and how each is
 * made unique ({@link FrameSequence}):
 * <ul>
 * <li>A TCP segment with data over IPv6, which has no field to spare, advances its sequence number from round to round
 *     by what its flow sends in one. So does every TCP frame that is part of a made stream.</li>
 * <li>Any other TCP frame, and a frame that fills its MTU, carries a number of its flow in the IPv4 identification or
 *     the IPv6 flow label; it recurs after 2^16 or 2^20 frames of the flow. A frame that becomes several on the wire
 *     takes as many numbers.</li>
 * <li>A UDP datagram whose checksum the NIC inserts carries a 32-bit number in its last four bytes.</li>
 * <li>Every other frame carries a 32-bit number as a trailer behind its datagram, where no protocol looks.</li>
 * <li>Fragments of one datagram share a new identification.</li>
 * </ul>
 * Numbers count over all rounds. What follows an IP datagram in a frame (padding of another link) is cut off; frames
 * without requests are padded to 60 bytes.
 */
final class SequenceBuilder {

    /** A frame of a round. */
    static final class Entry {
        byte[] frame;
        long nanos;
        int flags;
        long offload;
        int frames = 1;
        boolean trailer;
        byte kind;
        /** Offset of the field that {@link #kind} names; for IPV4_ID of the IPv4 header. */
        int field;
        /** Value in round 0. */
        int number;
        /** Counter that the number was drawn from; null without. */
        Counter flow;
        int ipChecksum;
        int sequence;
        int tcpChecksum;
        Counter stream;

        /** How far the number advances from one round to the next. */
        int stride() {
            return flow == null ? 0 : flow.next;
        }

        int sequenceStride() {
            return stream == null ? 0 : stream.next;
        }
    }

    /** Numbers drawn so far. */
    static final class Counter {
        private int next;

        int take(int count) {
            int first = next;
            next += count;
            return first;
        }
    }

    /** A fragmented datagram: its key and which of its fragments were seen. */
    private static final class Datagram {
        private int number;
        private final Set<Integer> offsets = new HashSet<>();
    }

    final List<Entry> entries = new ArrayList<>();
    private final Map<Long, Counter> flows = new HashMap<>();
    private final Map<Long, Counter> streams = new HashMap<>();
    /** TCP segments over IPv6 of this round, by flow and sequence number. */
    private final Set<List<Long>> segments = new HashSet<>();
    private final Map<List<Integer>, Datagram> datagrams = new HashMap<>();
    private final Counter fragments = new Counter();
    private final int mtu;
    private final Offloads offloads;

    /** A builder of frames without requests. */
    SequenceBuilder(int mtu) {
        this(mtu, Offloads.NONE);
    }

    /**
     * @param mtu largest datagram; a frame may be 14 bytes longer, and 4 for each VLAN tag
     * @param offloads what the sender asks for
     */
    SequenceBuilder(int mtu, Offloads offloads) {
        this.mtu = mtu;
        this.offloads = offloads;
    }

    /** Longest frame that may leave without TSO, given where its network header is. */
    int longest(Headers h) {
        return mtu + h.network;
    }

    Offloads offloads() {
        return offloads;
    }

    /**
     * Adds a frame with right checksums.
     *
     * @param f the frame; a copy is kept
     * @param nanos time from the start of a round, not before the frame added last
     * @return false if it is too long, or fills its frame and has no field that could make it unique
     */
    boolean add(byte[] f, Headers h, long nanos) {
        return add(f, h, nanos, false);
    }

    /**
     * Adds a frame.
     *
     * @param stream whether its flow is a TCP stream that goes on in the next round
     */
    boolean add(byte[] f, Headers h, long nanos, boolean stream) {
        Entry e = new Entry();
        e.nanos = nanos;
        e.frame = Arrays.copyOf(f, h.end);
        boolean tso = Requests.canSegment(e.frame, h, offloads, mtu);
        if (h.end > longest(h) && !tso || !number(e, h, stream)) {
            return false;
        }
        if (e.trailer) {
            e.frame = Arrays.copyOf(e.frame, Math.max(h.end + FrameSequence.TRAILER, Ether.MIN_FRAME));
        }
        if (offloads.any()) {
            Requests.ask(e, h, offloads, tso, mtu);
        }
        if (e.flags == 0) {
            e.frame = Arrays.copyOf(e.frame, Math.max(e.frame.length, Ether.MIN_FRAME));
        }
        if (e.kind == FrameSequence.IPV4_ID && !h.fragment) {
            e.number = e.flow.take(e.frames);
        }
        entries.add(e);
        return true;
    }

    private boolean number(Entry e, Headers h, boolean stream) {
        byte[] f = e.frame;
        boolean v4 = h.ipVersion == 4;
        boolean room = h.end + FrameSequence.TRAILER <= longest(h);
        e.field = h.network;
        if (v4) {
            e.ipChecksum = h.network + Ether.IPV4_CHECKSUM;
        }
        if (h.fragment) {
            e.kind = v4 ? FrameSequence.IPV4_ID : FrameSequence.IPV6_FRAGMENT_ID;
            e.field = v4 ? h.network : h.fragmentId;
            e.number = datagram(f, h);
            e.flow = fragments;
            e.trailer = room;
            return true;
        }
        boolean tcp = h.isTcp(f);
        int payload = tcp ? h.end - h.transport - h.tcpHeader(f) : 0;
        long key = FlowKey.of(ByteBuffer.wrap(f), 0, f.length);
        if (tcp && payload > 0 && (stream || !v4
                && segments.add(List.of(key, (long) Net.get32(f, h.transport + Ether.TCP_SEQUENCE))))) {
            e.stream = streams.computeIfAbsent(key, k -> new Counter());
            e.stream.take(payload);
            e.sequence = h.transport + Ether.TCP_SEQUENCE;
            e.tcpChecksum = h.transport + Ether.TCP_CHECKSUM;
        }
        if (v4 && (tcp || !room)) {
            e.kind = FrameSequence.IPV4_ID;
            e.flow = flows.computeIfAbsent(key, k -> new Counter());
        } else if (!v4 && h.ipVersion == 6 && e.sequence == 0 && (tcp || !room)) {
            e.kind = FrameSequence.IPV6_LABEL;
            e.flow = flows.computeIfAbsent(key, k -> new Counter());
            e.number = e.flow.take(1);
        } else if (Requests.countsInPayload(f, h, offloads)) {
            e.kind = FrameSequence.PAYLOAD;
            e.field = h.end - FrameSequence.TRAILER;
        } else if (e.sequence == 0) {
            e.trailer = true;
            return room;
        }
        return true;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    FrameSequence build(long periodNanos) {
        return new FrameSequence(this, periodNanos);
    }

    /** A fragment that was seen before begins another datagram with the same identification. */
    private int datagram(byte[] f, Headers h) {
        List<Integer> key = new ArrayList<>();
        int from = h.network + (h.ipVersion == 4 ? Ether.IPV4_SOURCE : Ether.IPV6_SOURCE);
        for (int i = 0; i < (h.ipVersion == 4 ? 8 : 32); i += 4) {
            key.add(Net.get32(f, from + i));
        }
        key.add(h.protocol);
        key.add(h.ipVersion == 4 ? Net.u16(f, h.fragmentId) : Net.get32(f, h.fragmentId));
        Datagram d = datagrams.get(key);
        if (d == null || d.offsets.contains(h.fragmentOffset)) {
            d = new Datagram();
            d.number = fragments.take(1);
            datagrams.put(key, d);
        }
        d.offsets.add(h.fragmentOffset);
        return d.number;
    }
}
