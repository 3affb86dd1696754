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
    private static final long ALL_ONES = 0xFFFF_FFFF_FFFFL;

    private final DmaMemory packets;
    private final long base;
    private final long lastStart;
    private long destination;
    private long source;
    private int tag;
    private int vlanMode;
    private int kind;

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
        int offset = (int) start;
        long first = packets.getLong(offset);
        long middle = Integer.toUnsignedLong(packets.getInt(offset + 8));
        int last = packets.getInt(offset + 12);
        destination = Long.reverseBytes(first) >>> 16;
        source = Long.reverseBytes(first >>> 48 | middle << 16) >>> 16;
        tag = Short.toUnsignedInt(Short.reverseBytes((short) last));
        vlanMode = 0;
        kind = destination == ALL_ONES ? TxBd.BROADCAST : (first & 1) != 0 ? TxBd.MULTICAST : TxBd.UNICAST;
        if (tag == VLAN_TYPE) {
            tag = Short.toUnsignedInt(Short.reverseBytes((short) (last >>> 16)));
            vlanMode = TxBd.VLAN_IN_BAND;
            return length >= TAGGED_BYTES;
        }
        return true;
    }

    long parse0() {
        return TxBd.parse0(destination, source);
    }

    long parse1(int parsing) {
        return TxBd.parse1(source, parsing | kind);
    }

    /** EtherType, or the tag of a frame that has one. */
    int tag() {
        return tag;
    }

    /** VLAN mode bits that go with {@link #tag}. */
    int vlanMode() {
        return vlanMode;
    }
}
