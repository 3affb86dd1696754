package dev.npa.plugin.broadcom.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.broadcom.regs.TxBd;

/**
 * The Ethernet header of a packet that is about to be sent. A VF must repeat it in the descriptors, where the device
 * compares it with the frame. §4.4, §4.6. An instance is reused for every packet.
 */
final class FrameHeader {

    private static final int BYTES = 14;
    private static final int TAGGED_BYTES = 18;
    private static final int VLAN_TYPE = 0x8100;
    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final long GROUP = 1L << 56;

    private final DmaMemory packets;
    private final long base;
    private final long lastStart;
    /** The first 16 bytes, as numbers whose highest byte is the first: destination and source, ... */
    private long first;
    /** ... rest of the source, EtherType, and what may be the tag of a tagged frame. */
    private long second;

    FrameHeader(DmaMemory packets) {
        this.packets = packets;
        this.base = packets.address();
        this.lastStart = packets.length() - TAGGED_BYTES;
    }

    /**
     * Reads the header.
     *
     * @param address of the frame's first byte
     * @param length bytes of the first segment
     * @return false if the segment does not hold the whole header or is not in the packets' memory
     */
    boolean read(long address, int length) {
        long start = address - base;
        if (length < BYTES || start < 0 || start > lastStart) {
            return false;
        }
        first = Long.reverseBytes(packets.getLong((int) start));
        second = Long.reverseBytes(packets.getLong((int) start + 8));
        return length >= TAGGED_BYTES || !isTagged();
    }

    private boolean isTagged() {
        return (second >>> 16 & 0xFFFF) == VLAN_TYPE;
    }

    private int kind() {
        if ((first & GROUP) == 0) {
            return TxBd.UNICAST;
        }
        return first >>> 16 == BROADCAST ? TxBd.BROADCAST : TxBd.MULTICAST;
    }

    /** First word of the parse descriptor. */
    long parse0() {
        return TxBd.parse0(first >>> 16, second >>> 32);
    }

    /** Second word of the parse descriptor. */
    long parse1(int parsing) {
        return TxBd.parse1(first << 32 & 0xFFFF_0000_0000L | second >>> 32, parsing | kind());
    }

    /** EtherType, or the tag of a frame that has one. */
    int tag() {
        return (int) (isTagged() ? second : second >>> 16) & 0xFFFF;
    }

    /** VLAN mode bits that go with {@link #tag}. */
    int vlanMode() {
        return isTagged() ? TxBd.VLAN_IN_BAND : 0;
    }
}
