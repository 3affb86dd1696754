package dev.npa.sim.nic.broadcom;

import java.nio.ByteBuffer;

/** One TPA bin: a TCP flow whose segments are being merged, 57712 §5.5. */
final class Aggregation {

    /** Longest header block: Ethernet, tag, IPv6, TCP with timestamp. */
    private static final int HEADERS = 128;

    final int bin;
    boolean active;
    /** Headers of the first frame as they lie in its buffer; patched and written again at the end. */
    final ByteBuffer headers = TxQueue.buffer(HEADERS);
    int headerLength;
    int l3;
    int l4;
    boolean v4;
    int tci;
    long nextSequence;
    long frameAddress;
    int placement;
    int onBd;
    int total;
    /** Payload bytes of the first segment, which drivers take for the size of all. */
    int segmentSize;
    int segments;
    int pureAcks;
    long lastNanos;

    /** SGEs in use: ring slots, address of the last one and bytes in it. */
    final int[] slots = new int[RxQueue.MAX_SGES];
    int sgeCount;
    long sgeAddress;
    int sgeUsed;

    Aggregation(int bin) {
        this.bin = bin;
    }

    long list(int from) {
        long q = 0;
        for (int i = 0; i < 4 && from + i < sgeCount; i++) {
            q |= (long) slots[from + i] << 16 * i;
        }
        return q;
    }
}
