package dev.npa.plugin.vmxnet3;

import dev.npa.hw.DmaMemory;

/** What all rings share. */
final class Rings {

    private Rings() {}

    /** Zeroes a range; offset and length are multiples of 8. */
    static void clear(DmaMemory memory, int offset, int length) {
        for (int at = offset; at < offset + length; at += 8) {
            memory.putLong(at, 0);
        }
    }
}
