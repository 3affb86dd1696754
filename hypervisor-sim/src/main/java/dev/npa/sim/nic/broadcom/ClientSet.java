package dev.npa.sim.nic.broadcom;

/** A set of clients, reused from frame to frame. */
final class ClientSet {

    private final long[] bits = new long[(Path.CLIENTS + 63) / 64];

    void clear() {
        for (int i = 0; i < bits.length; i++) {
            bits[i] = 0;
        }
    }

    void add(int client) {
        bits[client >> 6] |= 1L << (client & 63);
    }

    void remove(int client) {
        bits[client >> 6] &= ~(1L << (client & 63));
    }

    boolean contains(int client) {
        return (bits[client >> 6] >>> (client & 63) & 1) != 0;
    }

    boolean isEmpty() {
        for (long b : bits) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    int size() {
        int n = 0;
        for (long b : bits) {
            n += Long.bitCount(b);
        }
        return n;
    }

    /** First member that is not below {@code from}; -1 if there is none. */
    int next(int from) {
        int word = from >> 6;
        if (word >= bits.length) {
            return -1;
        }
        long left = bits[word] & -1L << (from & 63);
        while (left == 0) {
            if (++word == bits.length) {
                return -1;
            }
            left = bits[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(left);
    }
}
