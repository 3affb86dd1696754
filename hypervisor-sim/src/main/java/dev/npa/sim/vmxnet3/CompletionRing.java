package dev.npa.sim.vmxnet3;

import dev.npa.sim.machine.DmaPort;

/** A completion ring as its producer: 16-byte entries whose last dword carries the generation; vmxnet3 §10. */
final class CompletionRing {

    private final DmaPort dma;
    private long base;
    private int size;
    private int next;
    private int gen;

    CompletionRing(DmaPort dma) {
        this.dma = dma;
    }

    /** Starts at index 0 and generation 1, with all entries zeroed. */
    void start(long address, int entries) {
        base = address;
        size = entries;
        next = 0;
        gen = 1;
        for (int i = 0; i < 2 * entries; i++) {
            dma.writeLong(address + 8L * i, 0);
        }
    }

    /**
     * Writes the next entry.
     *
     * @param high second quadword with generation 0
     */
    void put(long low, long high) {
        long at = base + (long) next * Vmxnet3Registers.DESCRIPTOR;
        dma.writeLong(at, low);
        // Release: a driver that sees the generation sees the rest of the entry, and what it tells of.
        dma.writeLongRelease(at + 8, high | (long) gen << 63);
        if (++next == size) {
            next = 0;
            gen ^= 1;
        }
    }

    int next() {
        return next;
    }

    int gen() {
        return gen;
    }
}
