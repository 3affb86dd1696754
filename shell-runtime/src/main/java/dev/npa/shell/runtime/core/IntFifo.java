package dev.npa.shell.runtime.core;

/** A queue of ints that never has more than its capacity: its users put each buffer's handle in once at most. */
final class IntFifo {

    private final int[] values;
    private final int mask;
    private int head;
    private int tail;

    IntFifo(int capacity) {
        int size = Integer.highestOneBit(Math.max(2, capacity) - 1) << 1;
        values = new int[size];
        mask = size - 1;
    }

    int size() {
        return tail - head;
    }

    boolean isEmpty() {
        return head == tail;
    }

    void add(int value) {
        if (size() == values.length) {
            throw new IllegalStateException("a queue of " + values.length + " is full");
        }
        values[tail++ & mask] = value;
    }

    /** The value {@code ahead} places behind the oldest. */
    int peek(int ahead) {
        return values[head + ahead & mask];
    }

    int remove() {
        return values[head++ & mask];
    }
}
