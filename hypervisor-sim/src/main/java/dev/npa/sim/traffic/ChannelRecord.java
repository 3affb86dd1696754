package dev.npa.sim.traffic;

/**
 * Layout of a record of the workload channel, docs/workload-channel.md, and what a guest says about a received frame.
 * The object is reused from record to record; one thread at a time.
 */
public final class ChannelRecord {

    /** Bytes before the frame. */
    public static final int HEADER = 32;
    /** Queue of a record for sending whose queue the guest's stack chooses. */
    public static final int ANY_QUEUE = 0xFFFF;

    /** Length of a record that takes all slots up to the end of the ring and says nothing. */
    static final int SKIP = -1;

    static final int LENGTH = 0x00;
    static final int FLAGS = 0x04;
    static final int OFFLOAD = 0x08;
    static final int LRO = 0x10;
    static final int QUEUE = 0x14;
    static final int RESERVED = 0x16;

    /** Longest frame: an IP datagram of 65,535 bytes behind an Ethernet header with a tag. */
    static final int LONGEST_FRAME = 65_535 + Ether.HEADER + Ether.VLAN_TAG;

    private int flags;
    private long offload;
    private int lro;
    private int queue;

    /** Describes a frame about which nothing is known. */
    void clear() {
        set(0, 0, 0, 0);
    }

    void set(int newFlags, long newOffload, int newLro, int newQueue) {
        flags = newFlags;
        offload = newOffload;
        lro = newLro;
        queue = newQueue;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** RX bits of {@link dev.npa.shell.PacketFlags}. */
    public int flags() {
        return flags;
    }

    /** RSS hash, with RX_HASH. */
    public int hash() {
        return (int) offload;
    }

    /** Stripped tag, with RX_VLAN: PCP, DEI and VID. */
    public int vlanTci() {
        return (int) (offload >>> 32) & 0xFFFF;
    }

    /** Merged segments, with RX_LRO. */
    public int segments() {
        return lro >>> 16;
    }

    /** Payload bytes of a merged segment, with RX_LRO. */
    public int mss() {
        return lro & 0xFFFF;
    }

    /** Receive queue of the guest's NIC that it came through. */
    public int queue() {
        return queue;
    }
}
