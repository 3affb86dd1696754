package dev.npa.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * The ratios and counts of a run beside those of a recorded one.
 *
 * @param rows one for each figure of the baseline that is compared
 */
public record Comparison(List<Row> rows) {

    /**
     * A figure of both.
     *
     * @param name metric
     * @param baseline recorded value
     * @param value value of this run; NaN if it was not measured
     * @param limit worst value that is tolerated
     * @param tolerance in words, as {@code x1.75}
     * @param verdict what comes of it
     */
    public record Row(String name, double baseline, double value, double limit, String tolerance, Verdict verdict) {}

    /** Outcome for one figure. */
    public enum Verdict {
        /** Better than the baseline, or as good. */
        BETTER("better"),
        /** Worse, within the tolerance. */
        WITHIN("within"),
        /** Worse than what is tolerated. */
        BEYOND("BEYOND"),
        /** Not part of this run. */
        NOT_MEASURED("not measured");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        /** For people. */
        public String text() {
            return text;
        }
    }

    /**
     * Compares.
     *
     * @param wanted which metrics to look at
     */
    public static Comparison of(Results baseline, Results now, Predicate<String> wanted) {
        List<Row> rows = new ArrayList<>();
        for (Metric old : baseline.metrics()) {
            Kind kind = Kind.of(old.name());
            if (kind.isCompared() && wanted.test(old.name())) {
                rows.add(row(old, kind, now.metric(old.name()).map(Metric::value).orElse(Double.NaN)));
            }
        }
        return new Comparison(List.copyOf(rows));
    }

    private static Row row(Metric old, Kind kind, double value) {
        double limit = kind.limit(old.value());
        Verdict verdict;
        if (Double.isNaN(value)) {
            verdict = Verdict.NOT_MEASURED;
        } else if (kind.isWithin(value, old.value())) {
            verdict = Verdict.BETTER;
        } else {
            verdict = kind.isWithin(value, limit) ? Verdict.WITHIN : Verdict.BEYOND;
        }
        return new Row(old.name(), old.value(), value, limit, tolerance(kind), verdict);
    }

    private static String tolerance(Kind kind) {
        String number = String.format(Locale.ROOT, "%.2f", kind.tolerance());
        return kind.comparison() == Kind.By.FACTOR ? (kind.isHigherBetter() ? "/" : "x") + number : "+" + number;
    }

    /** Whether anything was compared. */
    public boolean isEmpty() {
        return rows.stream().allMatch(r -> r.verdict() == Verdict.NOT_MEASURED);
    }

    /** Figures that are worse than what is tolerated. */
    public List<Row> beyond() {
        return rows.stream().filter(r -> r.verdict() == Verdict.BEYOND).toList();
    }
}
