package dev.npa.plugin.support;

/**
 * Arithmetic of positions {@code 0..size-1} in a ring whose size need not be a power of two, as head and tail registers
 * count them.
 */
public final class RingIndex {

    private RingIndex() {}

    /** The position after {@code i}. */
    public static int next(int i, int size) {
        int n = i + 1;
        return n == size ? 0 : n;
    }

    /** The position {@code count} (0..size) further on. */
    public static int advance(int i, int count, int size) {
        int n = i + count;
        return n < size ? n : n - size;
    }

    /** Steps from {@code from} forward to {@code to}, 0..size-1. */
    public static int distance(int from, int to, int size) {
        int d = to - from;
        return d < 0 ? d + size : d;
    }

    /** Descriptors that can be added between head and tail; one always stays free, since head = tail means empty. */
    public static int free(int head, int tail, int size) {
        return size - 1 - distance(head, tail, size);
    }
}
