package dev.npa.plugin.broadcom.ring;

import java.util.Arrays;

/** Packets that the device is merging: first buffer and start completion of each, by aggregation number. §5.5 */
final class Aggregations {

    /** Aggregation numbers are below this. */
    static final int BINS = 64;

    private final long[] address = new long[BINS];
    private final int[] handle = new int[BINS];
    private final long[] q0 = new long[BINS];
    private final long[] q1 = new long[BINS];

    boolean isOpen(int bin) {
        return bin < BINS && address[bin] != 0;
    }

    void open(int bin, long bufferAddress, int bufferHandle, long startQ0, long startQ1) {
        address[bin] = bufferAddress;
        handle[bin] = bufferHandle;
        q0[bin] = startQ0;
        q1[bin] = startQ1;
    }

    void close(int bin) {
        address[bin] = 0;
    }

    void closeAll() {
        Arrays.fill(address, 0);
    }

    long address(int bin) {
        return address[bin];
    }

    int handle(int bin) {
        return handle[bin];
    }

    long q0(int bin) {
        return q0[bin];
    }

    long q1(int bin) {
        return q1[bin];
    }
}
