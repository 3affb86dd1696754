package dev.npa.shell.runtime.core;

import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/**
 * A 64-bit hash of a received frame that does not depend on the carrier: not on how the frame lies in buffers, whether its
 * tag was stripped, and whether a short frame was padded on its way.
 */
final class FrameHash {

    private static final long SEED = 0x9E3779B97F4A7C15L;
    private static final int ADDRESSES = 12;
    private static final int TAG = 4;
    /** 0x8100 as {@link PhysicalMemory} reads it. */
    private static final short VLAN = 0x0081;
    private static final int SHORTEST = 60;

    private long hash;
    private long word;
    private int bytes;

    /** The frame in {@code [from, to)}, of at least 14 bytes in the first buffer. */
    long of(PhysicalMemory memory, PacketBurst burst, int from, int to) {
        hash = SEED;
        word = 0;
        bytes = 0;
        long frame = burst.address(from);
        int length = burst.length(from);
        add(memory, frame, ADDRESSES);
        int next = ADDRESSES;
        if ((burst.flags(from) & PacketFlags.RX_VLAN) != 0) {
            hash = mix(hash, burst.rxVlan(from));
        } else if (length >= ADDRESSES + TAG && memory.getShort(frame + ADDRESSES) == VLAN) {
            hash = mix(hash, Short.toUnsignedLong(Short.reverseBytes(memory.getShort(frame + ADDRESSES + 2))));
            next += TAG;
        }
        add(memory, frame + next, length - next);
        for (int s = from + 1; s < to; s++) {
            add(memory, burst.address(s), burst.length(s));
        }
        while (bytes < SHORTEST || bytes % 8 != 0) {
            add(0);
        }
        return hash;
    }

    private void add(PhysicalMemory memory, long address, int length) {
        for (int i = 0; i < length; i++) {
            add(memory.getByte(address + i) & 0xFF);
        }
    }

    private void add(int octet) {
        word = word << 8 | octet;
        if (++bytes % 8 == 0) {
            hash = mix(hash, word);
        }
    }

    static long mix(long hash, long word) {
        long mixed = (hash ^ word) * 0xFF51AFD7ED558CCDL;
        mixed ^= mixed >>> 33;
        return mixed * 0xC4CEB9FE1A85EC53L ^ mixed >>> 29;
    }
}
