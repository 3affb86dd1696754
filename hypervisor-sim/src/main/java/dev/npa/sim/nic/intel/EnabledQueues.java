package dev.npa.sim.nic.intel;

/**
 * Which queues are enabled, bit by bit: who looks for work passes through these only, and not through 128 objects of
 * which two or three are in use. Under the device's lock.
 */
final class EnabledQueues {

    private final int queues;
    private final long[] words;

    /** Makes a set without members of the queues 0 to {@code queues - 1}. */
    EnabledQueues(int queues) {
        this.queues = queues;
        this.words = new long[(queues + 63) / 64];
    }

    void set(int queue, boolean enabled) {
        long bit = 1L << queue;
        words[queue >> 6] = enabled ? words[queue >> 6] | bit : words[queue >> 6] & ~bit;
    }

    /** The first enabled queue from {@code from} on; the number of queues if there is none. */
    int next(int from) {
        for (int word = from >> 6; word < words.length; word++) {
            long bits = word == from >> 6 ? words[word] & -1L << from : words[word];
            if (bits != 0) {
                return (word << 6) + Long.numberOfTrailingZeros(bits);
            }
        }
        return queues;
    }
}
