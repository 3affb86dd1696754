package dev.npa.benchmarks.report;

import java.util.List;

/**
 * A figure over time, as throughput around a swap.
 *
 * @param name dotted name
 * @param unit of the values
 * @param from time of the first value in ms, relative to the event of interest
 * @param step distance of two values in ms
 * @param values one a step
 */
public record Series(String name, String unit, double from, double step, List<Double> values) {

    public Series {
        values = List.copyOf(values);
    }
}
