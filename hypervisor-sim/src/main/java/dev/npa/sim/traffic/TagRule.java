package dev.npa.sim.traffic;

import java.nio.ByteBuffer;

/**
 * How the VLAN tag counts when a received frame is matched with a sent one. Immutable.
 *
 * <p>On most ways a frame arrives as it was sent, tag included. Where a port VLAN lies between, one end has the tag and
 * the other has not: then the outermost tag is left out of a frame's identity, and what arrives must have the tag, or
 * no tag, as the receiving end demands. Only VLAN tags of type 8100h count.
 */
final class TagRule {

    /** Frames arrive byte for byte as they were sent. */
    static final TagRule AS_SENT = new TagRule(-1);

    /** Demanded at the receiver: a VLAN id; 0 = no tag; -1 = as sent. */
    private final int received;

    private TagRule(int received) {
        this.received = received;
    }

    /** Frames arrive in this VLAN, whatever tag they were sent with; 0 = without a tag. */
    static TagRule receivedWith(int vlan) {
        return new TagRule(vlan);
    }

    /** Whether a received frame of at least 14 bytes has the tag that it must have. */
    boolean mayArrive(ByteBuffer frame, int offset, int length) {
        if (received < 0) {
            return true;
        }
        if (!isTagged(frame, offset, length)) {
            return received == 0;
        }
        int tci = (frame.get(offset + Ether.HEADER) & 0xFF) << 8 | frame.get(offset + Ether.HEADER + 1) & 0xFF;
        return received != 0 && (tci & 0xFFF) == received;
    }

    /** Offset, in the frame, of what counts behind the addresses. */
    int start(ByteBuffer frame, int offset, int length) {
        return received >= 0 && isTagged(frame, offset, length) ? Ether.TYPE + Ether.VLAN_TAG : Ether.TYPE;
    }

    private static boolean isTagged(ByteBuffer frame, int offset, int length) {
        return length >= Ether.HEADER + Ether.VLAN_TAG
                && (frame.get(offset + Ether.TYPE) & 0xFF) << 8 == (Ether.TYPE_VLAN & 0xFF00)
                && (frame.get(offset + Ether.TYPE + 1) & 0xFF) == (Ether.TYPE_VLAN & 0xFF);
    }
}
