package dev.npa.sim.time;

import java.util.Arrays;

/**
 * Record of a seeded run, to compare two runs byte for byte: for each step that did work the time since the last such
 * step in nanoseconds, the component's index (components count from 0 as they are added) and the work done, each as a
 * variable-length number of 7 bits a byte, least significant first, bit 7 set in all but the last byte. Not
 * thread-safe.
 */
public final class History {

    private byte[] bytes = new byte[1024];
    private int size;
    private long last;

    void record(long nanos, int component, int work) {
        if (size + 20 > bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
        number(nanos - last);
        number(component);
        number(work);
        last = nanos;
    }

    private void number(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[size++] = (byte) (rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** A copy of what was recorded so far. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }
}
