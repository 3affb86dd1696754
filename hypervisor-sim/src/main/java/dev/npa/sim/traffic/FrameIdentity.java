package dev.npa.sim.traffic;

import java.nio.ByteBuffer;

/**
 * By what a frame in canonical form is known: its addresses and everything behind the tag that its {@link TagRule}
 * leaves out. A TCP segment ends with its IP datagram, because padding behind it is the link's and a receiver that
 * merges segments has none; any other frame ends where it ends.
 *
 * <p>Reused from frame to frame; one thread at a time.
 */
final class FrameIdentity {

    /** Frame with a tag; a link pads to this. */
    private static final int PADDED = Ether.MIN_FRAME + Ether.VLAN_TAG;
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    final FrameLayout layout = new FrameLayout();
    private final TagRule tags;
    ByteBuffer buffer;
    /** The addresses; {@link Ether#TYPE} bytes. */
    int head;
    int rest;
    int restLength;
    /** Hash of all of it. */
    long content;
    /** By which it is looked for: flow and sequence number of a TCP segment with payload, else the content. */
    long key;
    /** Payload of a TCP segment; 0 for every other frame. */
    int payload;
    private int frameEnd;

    FrameIdentity(TagRule tags) {
        this.tags = tags;
    }

    void of(ByteBuffer frame, int offset, int length) {
        layout.parse(frame, offset, length, false);
        buffer = frame;
        head = offset;
        rest = offset + tags.start(frame, offset, length);
        frameEnd = offset + length;
        restLength = (layout.tcp ? layout.end : frameEnd) - rest;
        content = ContentHash.of(frame, head, Ether.TYPE) * SPREAD + ContentHash.of(frame, rest, restLength);
        payload = layout.tcp ? layout.end - layout.payload : 0;
        key = payload == 0 ? content : segmentKey(frame, offset, length, layout.sequence(frame));
    }

    /** Key of a TCP segment with payload in the flow of this frame. */
    static long segmentKey(ByteBuffer frame, int offset, int length, int sequence) {
        return ContentHash.mix(FlowKey.of(frame, offset, length) + Integer.toUnsignedLong(sequence) * SPREAD);
    }

    /** Bytes that count. */
    int length() {
        return Ether.TYPE + restLength;
    }

    /** Whether nothing but the padding of a short frame follows a TCP segment. */
    boolean endsClean() {
        int end = rest + restLength;
        if (end < frameEnd && frameEnd - head > PADDED) {
            return false;
        }
        for (int at = end; at < frameEnd; at++) {
            if (buffer.get(at) != 0) {
                return false;
            }
        }
        return true;
    }
}
