package dev.npa.sim.time;

/**
 * SplitMix64 (Steele, Lea and Flood, 2014): a 64-bit counter stepped by the golden ratio and mixed. Written out here,
 * so that a seed means the same numbers on every JDK. Not thread-safe.
 */
public final class SeededRandom {

    private static final long STEP = 0x9E37_79B9_7F4A_7C15L;

    private long state;

    public SeededRandom(long seed) {
        state = seed;
    }

    /** The next 64 random bits. */
    public long nextLong() {
        state += STEP;
        long z = state;
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }

    /**
     * A number from 0 to {@code bound - 1}: the upper half of the product with 32 random bits, whose bias of at most
     * {@code bound / 2^32} does not matter here.
     *
     * @param bound at least 1
     */
    public int below(int bound) {
        return (int) ((nextLong() >>> 32) * bound >>> 32);
    }
}
