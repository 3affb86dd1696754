package dev.npa.sim.bench;

/** Where a measurement's figures go. */
public interface Report {

    /**
     * Takes a figure.
     *
     * @param metric dotted name, as {@code swap.gap.p99Micros}
     * @param unit as {@code us}; {@code 1} for a ratio
     * @param low lower end of the spread
     * @param high upper end of the spread
     */
    void figure(String metric, double value, String unit, double low, double high);

    /**
     * Takes a figure over time.
     *
     * @param series dotted name
     * @param unit of the values
     * @param from time of the first value in ms
     * @param step distance of two values in ms
     */
    void series(String series, String unit, double from, double step, double[] values);
}
