package dev.npa.plugin.broadcom.ring;

/** Receive buffers of dropped packets, to be posted again before new ones are asked for. */
final class SpareBuffers {

    private final long[] address;
    private final int[] handle;
    private int count;

    /** Creates an empty stack; a ring never drops more than {@code capacity} buffers before it posts them again. */
    SpareBuffers(int capacity) {
        address = new long[capacity];
        handle = new int[capacity];
    }

    int count() {
        return count;
    }

    void add(long bufferAddress, int bufferHandle) {
        address[count] = bufferAddress;
        handle[count++] = bufferHandle;
    }

    /** Removes the youngest; it is then at {@link #address} and {@link #handle}. */
    void pop() {
        count--;
    }

    long address() {
        return address[count];
    }

    int handle() {
        return handle[count];
    }
}
