package dev.npa.plugin.intel.ring;

/**
 * Arithmetic of positions {@code 0..size-1} in a ring whose size need not be a power of two.
 *
 * <p>Head and tail registers of this device count slots and nothing else. A ring whose descriptors carry a generation
 * bit, as vmxnet3's, needs the lap besides, so that plugin has other arithmetic; a plugin image brings all its code.
 */
public final class RingIndex {

    private RingIndex() {}

    /** The position after {@code i}. */
    public static int next(int i, int size) {
        int n = i + 1;
        return n == size ? 0 : n;
    }

    /** Steps from {@code from} forward to {@code to}, 0..size-1. */
    public static int distance(int from, int to, int size) {
        int d = to - from;
        return d < 0 ? d + size : d;
    }

    /** Descriptors that can be added between tail and head; one always stays free, since head = tail means empty. */
    public static int free(int head, int tail, int size) {
        return size - 1 - distance(head, tail, size);
    }
}
