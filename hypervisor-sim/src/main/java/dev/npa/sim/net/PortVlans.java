package dev.npa.sim.net;

import java.nio.ByteBuffer;

/**
 * A {@link VlanPolicy} compiled for the data path, and the tag operations that it needs. Immutable. A VLAN id of 0
 * stands for untagged and priority-tagged frames of the segment.
 */
final class PortVlans {

    /** Bytes of an 802.1Q tag. */
    static final int TAG = 4;
    private static final int MACS = 12;
    private static final int UNTAGGED = -1;

    private final int portVlan;
    private final long[] members = new long[(VlanPolicy.MAX_VLAN >> 6) + 1];

    PortVlans(VlanPolicy policy) {
        portVlan = policy.portVlan();
        for (int vlan : policy.vlans()) {
            members[vlan >> 6] |= 1L << vlan;
        }
        if (portVlan == 0) {
            members[0] |= 1;
        }
    }

    /** The VLAN that the port's frames are in on the segment; 0 if its guest decides. */
    int portVlan() {
        return portVlan;
    }

    /** Whether the port is a member of a VLAN, 0..4095. */
    boolean isMember(int vlan) {
        return vlan <= VlanPolicy.MAX_VLAN && (members[vlan >> 6] & 1L << vlan) != 0;
    }

    /** Whether the guest may send a frame: within its VLANs, or with a port VLAN without any tag. */
    boolean maySend(ByteBuffer frame, int offset, int length) {
        int tci = tci(frame, offset, length);
        return portVlan != 0 ? tci == UNTAGGED : tci == UNTAGGED || isMember(tci & 0xFFF);
    }

    /** VLAN id of a frame as it is on the segment; 0 if it has no tag. */
    static int vlan(ByteBuffer frame, int offset, int length) {
        int tci = tci(frame, offset, length);
        return tci == UNTAGGED ? 0 : tci & 0xFFF;
    }

    private static int tci(ByteBuffer frame, int offset, int length) {
        if (length < MACS + TAG + 2 || frame.get(offset + MACS) != (byte) 0x81 || frame.get(offset + MACS + 1) != 0) {
            return UNTAGGED;
        }
        return (frame.get(offset + MACS + 2) & 0xFF) << 8 | frame.get(offset + MACS + 3) & 0xFF;
    }

    /** Copies a frame with a tag put in; returns the new length. */
    static int copyTagged(ByteBuffer frame, int offset, int length, int vlan, ByteBuffer into, int at) {
        into.put(at, frame, offset, MACS);
        into.put(at + MACS, (byte) 0x81).put(at + MACS + 1, (byte) 0);
        into.put(at + MACS + 2, (byte) (vlan >>> 8)).put(at + MACS + 3, (byte) vlan);
        into.put(at + MACS + TAG, frame, offset + MACS, length - MACS);
        return length + TAG;
    }

    /** Copies a tagged frame without its tag; returns the new length. */
    static int copyUntagged(ByteBuffer frame, int offset, int length, ByteBuffer into, int at) {
        into.put(at, frame, offset, MACS);
        into.put(at + MACS, frame, offset + MACS + TAG, length - MACS - TAG);
        return length - TAG;
    }
}
