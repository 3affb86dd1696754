package dev.npa.sim.vmxnet3;

import dev.npa.sim.machine.DmaPort;

/**
 * A receive command ring as its consumer; vmxnet3 §9, §10. A cursor reads ahead, so that a packet's buffers can be
 * found before any is consumed.
 */
final class RxCommandRing {

    private final DmaPort dma;
    private long base;
    private int size;
    private int next;
    private int gen;
    private int cursor;
    private int cursorGen;

    RxCommandRing(DmaPort dma) {
        this.dma = dma;
    }

    /** Starts at index 0 and generation 1; 0 entries = there is no such ring. */
    void start(long address, int entries) {
        base = address;
        size = entries;
        next = 0;
        gen = 1;
        rewind();
    }

    /** Puts the cursor to the oldest descriptor that is not consumed. */
    void rewind() {
        cursor = next;
        cursorGen = gen;
    }

    /** Consumes everything before the cursor. */
    void consume() {
        next = cursor;
        gen = cursorGen;
    }

    /** Second quadword of the descriptor at the cursor; -1 if the driver has not filled it. */
    long peek() {
        if (size == 0) {
            return -1;
        }
        long word = dma.readLong(base + (long) cursor * Vmxnet3Registers.DESCRIPTOR + 8) & 0xFFFF_FFFFL;
        return RxDescriptor.gen(word) == cursorGen ? word : -1;
    }

    /** Address in the descriptor at the cursor. */
    long address() {
        return dma.readLong(base + (long) cursor * Vmxnet3Registers.DESCRIPTOR);
    }

    /** Index of the descriptor at the cursor. */
    int index() {
        return cursor;
    }

    void advance() {
        if (++cursor == size) {
            cursor = 0;
            cursorGen ^= 1;
        }
    }

    int size() {
        return size;
    }

    int next() {
        return next;
    }

    int gen() {
        return gen;
    }
}
