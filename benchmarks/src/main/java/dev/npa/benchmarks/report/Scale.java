package dev.npa.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** Maps values from zero to a round number onto a length of a drawing. */
final class Scale {

    private static final int MOST_TICKS = 6;

    private final double step;
    private final double top;
    private final double length;

    /**
     * Makes a scale.
     *
     * @param highest highest value that is drawn
     * @param length length of the axis
     */
    Scale(double highest, double length) {
        double rough = Math.max(highest, 1e-9) / MOST_TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double digit = rough / power;
        this.step = power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
        this.top = Math.max(1, Math.ceil(highest / step - 1e-9)) * step;
        this.length = length;
    }

    /** Where a value is, not beyond the end. */
    double at(double value) {
        return Drawing.round(Math.max(0, Math.min(value, top)) / top * length);
    }

    /** Values for the axis. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; i * step <= top * (1 + 1e-9); i++) {
            ticks.add(i * step);
        }
        return ticks;
    }
}
