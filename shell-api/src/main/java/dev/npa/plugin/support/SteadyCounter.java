package dev.npa.plugin.support;

/**
 * A counter in memory that a device begins anew now and then, as 64 bits. Its field may wrap, and may go back a little
 * for a moment, as a sum of fields does that the device does not write all at once: the total never goes back. It must
 * grow by less than half of what the field can count between two readings.
 */
public final class SteadyCounter {

    private final int unused;
    private long last;
    private long total;

    /**
     * Creates a counter at 0 whose field shows 0.
     *
     * @param bits width of the field, 1..64; higher bits of readings are ignored
     */
    public SteadyCounter(int bits) {
        unused = Long.SIZE - bits;
    }

    /**
     * Takes a reading.
     *
     * @return the total since creation
     */
    public long update(long reading) {
        long step = reading - last << unused >> unused;
        if (step > 0) {
            total += step;
            last += step;
        }
        return total;
    }

    /** The device begins again from 0; what was read before is kept. */
    public void restart() {
        last = 0;
    }
}
