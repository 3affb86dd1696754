package dev.npa.benchmarks.report;

import java.util.Arrays;

/**
 * A figure with its spread.
 *
 * @param name dotted name, as {@code forward.niantic.64B.burst32.nsPerPacket}
 * @param value the figure: the best window, see {@link Kind}
 * @param unit as {@code ns}; {@code 1} for a ratio
 * @param low lowest of all windows and forks
 * @param high highest of them
 */
public record Metric(String name, double value, String unit, double low, double high) {

    public Metric {
        if (!Double.isFinite(value) || !Double.isFinite(low) || !Double.isFinite(high) || low > high) {
            throw new IllegalArgumentException(name + " is no figure: " + value + " of " + low + ".." + high);
        }
    }

    /**
     * Makes a figure of samples; the kind of its name says which of them is the value.
     *
     * @param samples one a window, at least one
     */
    public static Metric of(String name, String unit, double... samples) {
        double[] sorted = samples.clone();
        Arrays.sort(sorted);
        double low = sorted[0];
        double high = sorted[sorted.length - 1];
        return new Metric(name, Kind.of(name).isHigherBetter() ? high : low, unit, low, high);
    }

    /** The same figure, measured again: the better value and the spread of both. */
    public Metric merge(Metric other) {
        boolean higher = Kind.of(name).isHigherBetter();
        return new Metric(name, higher ? Math.max(value, other.value) : Math.min(value, other.value), unit,
                Math.min(low, other.low), Math.max(high, other.high));
    }
}
