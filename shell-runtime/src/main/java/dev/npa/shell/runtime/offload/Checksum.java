package dev.npa.shell.runtime.offload;

import dev.npa.hw.PhysicalMemory;

/** The Internet checksum (RFC 1071). Sums are 16 bits, folded, not inverted. */
public final class Checksum {

    private Checksum() {}

    /** Sum of a range of memory as big-endian words; an odd last byte is the high half of a word. */
    public static int sum(PhysicalMemory memory, long address, int length) {
        long sum = 0;
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            long word = memory.getLong(address + i);
            sum += (word & 0xFFFF_FFFFL) + (word >>> 32);
        }
        for (; i + 2 <= length; i += 2) {
            sum += memory.getShort(address + i) & 0xFFFF;
        }
        if (i < length) {
            sum += memory.getByte(address + i) & 0xFF;
        }
        // The sum does not depend on the byte order but for one swap at the end.
        return swap(fold(sum));
    }

    /** The same of a range of an array. */
    public static int sum(byte[] bytes, int from, int length) {
        long sum = 0;
        int i = 0;
        for (; i + 2 <= length; i += 2) {
            sum += (bytes[from + i] & 0xFF) << 8 | bytes[from + i + 1] & 0xFF;
        }
        if (i < length) {
            sum += (bytes[from + i] & 0xFF) << 8;
        }
        return fold(sum);
    }

    /** Adds the sum of what follows; {@code odd} tells whether it begins at an odd distance from the start. */
    public static int add(int sum, int next, boolean odd) {
        return fold((long) sum + (odd ? swap(next) : next));
    }

    static int fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xFFFF) + (folded >>> 16);
        }
        return (int) folded;
    }

    private static int swap(int sum) {
        return sum >>> 8 & 0xFF | sum << 8 & 0xFF00;
    }
}
