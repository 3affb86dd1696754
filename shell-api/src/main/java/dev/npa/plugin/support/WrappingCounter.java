package dev.npa.plugin.support;

/**
 * A register that wraps and is not cleared by reading, extended to 64 bits by the differences of its readings. It must
 * be read at least once in every lap.
 */
public final class WrappingCounter {

    private final long mask;
    private long last;
    private long total;

    /**
     * Creates a counter at 0.
     *
     * @param bits width of the register, 1..64
     * @param reading what the register shows now; higher bits are ignored
     */
    public WrappingCounter(int bits, long reading) {
        mask = -1L >>> Long.SIZE - bits;
        last = reading;
    }

    /**
     * Takes a reading.
     *
     * @return the total since creation
     */
    public long update(long reading) {
        total += reading - last & mask;
        last = reading;
        return total;
    }
}
