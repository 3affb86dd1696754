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
 * Gathers the frames of one direction and decides how each is made unique ({@link FrameSequence}). What follows an IP
 * datagram in a frame (padding of another link) is cut off; frames are padded to 60 bytes.
 */
final class SequenceBuilder {

    /**
     * How a frame is made unique.
     *
     * @param field offset of the field that {@code kind} names (for IPV4_ID of the IPv4 header)
     * @param number value in round 0
     * @param flow counter that {@code number} was drawn from; null for fragments and frames with a trailer only
     */
    record Entry(long nanos, boolean trailer, byte kind, int field, int number, Counter flow) {}

    /** Numbers drawn so far. */
    static final class Counter {
        private int next;
    }

    /** A fragmented datagram: its key and which of its fragments were seen. */
    private static final class Datagram {
        private int number;
        private final Set<Integer> offsets = new HashSet<>();
    }

    final List<byte[]> frames = new ArrayList<>();
    final List<Entry> entries = new ArrayList<>();
    private final Map<Long, Counter> flows = new HashMap<>();
    private final Map<List<Integer>, Datagram> datagrams = new HashMap<>();
    private final Counter fragments = new Counter();
    private final int mtu;

    /** @param mtu largest datagram; a frame may be 14 bytes longer, and 4 for each VLAN tag */
    SequenceBuilder(int mtu) {
        this.mtu = mtu;
    }

    /** Longest frame that may leave, given where its network header is. */
    int longest(Headers h) {
        return mtu + h.network;
    }

    /**
     * Adds a frame with right checksums.
     *
     * @param f the frame; a copy is kept
     * @param nanos time from the start of a round, not before the frame added last
     * @return false if it is too long, or fills its frame and has no field that could make it unique
     */
    boolean add(byte[] f, Headers h, long nanos) {
        int plain = h.end;
        if (plain > longest(h)) {
            return false;
        }
        boolean trailer = plain + FrameSequence.TRAILER <= longest(h);
        byte kind = FrameSequence.NONE;
        int field = h.network;
        int number = 0;
        Counter flow = null;
        if (h.fragment) {
            kind = h.ipVersion == 4 ? FrameSequence.IPV4_ID : FrameSequence.IPV6_FRAGMENT_ID;
            field = h.ipVersion == 4 ? h.network : h.fragmentId;
            number = datagram(f, h);
            flow = fragments;
        } else if (!trailer) {
            if (h.ipVersion == 0) {
                return false;
            }
            kind = h.ipVersion == 4 ? FrameSequence.IPV4_ID : FrameSequence.IPV6_LABEL;
            flow = flows.computeIfAbsent(FlowKey.of(ByteBuffer.wrap(f), 0, plain), k -> new Counter());
            number = flow.next++;
        }
        int length = trailer ? Math.max(plain + FrameSequence.TRAILER, Ether.MIN_FRAME) : plain;
        frames.add(Arrays.copyOf(Arrays.copyOf(f, plain), length));
        entries.add(new Entry(nanos, trailer, kind, field, number, flow));
        return true;
    }

    /** How far the number of an entry advances from one round to the next. */
    int stride(Entry e) {
        return e.flow == null ? 0 : e.flow.next;
    }

    boolean isEmpty() {
        return frames.isEmpty();
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
            d.number = fragments.next++;
            datagrams.put(key, d);
        }
        d.offsets.add(h.fragmentOffset);
        return d.number;
    }
}
