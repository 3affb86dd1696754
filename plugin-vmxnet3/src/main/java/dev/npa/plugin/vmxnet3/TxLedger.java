package dev.npa.plugin.vmxnet3;

import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/**
 * Packets that a transmit queue took and has not completed, in order: which buffers, how many descriptors, whether to
 * be completed as aborted. A first-in-first-out of packets over one of segments. Packets are pushed, then released when
 * the device is done with them, then popped.
 */
final class TxLedger {

    private int[] handle;
    private int[] flags;
    private final int[] segments;
    private final int[] descriptors;
    private final int[] bytes;
    private final boolean[] aborted;
    private final int packetMask;
    // Free-running counts; differences survive overflow.
    private int segmentTail;
    private int segmentHead;
    private int packetTail;
    private int released;
    private int packetHead;
    private int credit;

    /**
     * Creates an empty ledger.
     *
     * @param ringSize descriptors of the ring; a ledger holds twice as many packets, so that refused packets, which
     * take     no descriptor, find room
     */
    TxLedger(int ringSize) {
        int capacity = Integer.highestOneBit(2 * ringSize - 1) << 1;
        handle = new int[capacity];
        flags = new int[capacity];
        segments = new int[capacity];
        descriptors = new int[capacity];
        bytes = new int[capacity];
        aborted = new boolean[capacity];
        packetMask = capacity - 1;
    }

    /** Whether a packet of so many segments can be pushed. */
    boolean hasRoom(int count) {
        if (outstanding() > packetMask) {
            return false;
        }
        if (count > handle.length) {
            grow(count);
        }
        return segmentTail - segmentHead + count <= handle.length;
    }

    /** Only for a packet of more segments than the ring has descriptors: absurd, but it must come back in its order. */
    private void grow(int count) {
        int capacity = Integer.highestOneBit(count) << 1;
        int[] newHandle = new int[capacity];
        int[] newFlags = new int[capacity];
        for (int i = segmentHead; i != segmentTail; i++) {
            newHandle[i & capacity - 1] = handle[i & handle.length - 1];
            newFlags[i & capacity - 1] = flags[i & flags.length - 1];
        }
        handle = newHandle;
        flags = newFlags;
    }

    /**
     * Pushes a packet.
     *
     * @param descriptorCount descriptors it takes; 0 = refused, it will be completed as aborted
     */
    void push(PacketBurst burst, int from, int to, int descriptorCount, int packetBytes) {
        int mask = handle.length - 1;
        for (int i = from; i < to; i++) {
            int at = segmentTail++ & mask;
            handle[at] = burst.handle(i);
            flags[at] = burst.flags(i) & ~PacketFlags.ABORTED;
        }
        int at = packetTail++ & packetMask;
        segments[at] = to - from;
        descriptors[at] = descriptorCount;
        bytes[at] = packetBytes;
        aborted[at] = descriptorCount == 0;
    }

    int outstanding() {
        return packetTail - packetHead;
    }

    /** Releases the packets whose descriptors the device is done with. */
    void release(int descriptorCount) {
        credit += descriptorCount;
        while (released != packetTail && descriptors[released & packetMask] <= credit) {
            credit -= descriptors[released++ & packetMask];
        }
    }

    /** Releases what is left, as aborted: the device lost it. */
    void abort() {
        while (released != packetTail) {
            aborted[released++ & packetMask] = true;
        }
        credit = 0;
    }

    /** Packets that can be popped. */
    int completed() {
        return released - packetHead;
    }

    /** Segments of the packet that is popped next. */
    int nextSegments() {
        return segments[packetHead & packetMask];
    }

    /**
     * Pops a released packet into a burst with room for it.
     *
     * @return its bytes, or -1 when it is completed as aborted
     */
    int pop(PacketBurst done) {
        int at = packetHead++ & packetMask;
        int mark = aborted[at] ? PacketFlags.ABORTED : 0;
        int mask = handle.length - 1;
        for (int n = segments[at]; n > 0; n--) {
            int segment = segmentHead++ & mask;
            done.add(0, handle[segment], 0, flags[segment] | mark);
        }
        return mark != 0 ? -1 : bytes[at];
    }
}
