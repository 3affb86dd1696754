package dev.npa.benchmarks.report;

import java.util.Locale;

/** Results as tables of text. */
public final class TextReport {

    private static final String FIGURE = "%-58s %12s %-10s %12s %12s%n";
    private static final String COMPARED = "%-58s %10s %10s %10s  %-6s %s%n";

    private TextReport() {}

    /** The machine and a line for each figure. */
    public static String results(Results results) {
        StringBuilder text = new StringBuilder();
        text.append("machine: ").append(results.machine()).append('\n');
        text.append(results.when()).append(", ").append(results.command()).append("\n\n");
        text.append(line(FIGURE, "metric", "value", "unit", "low", "high"));
        for (Metric m : results.metrics()) {
            text.append(line(FIGURE, m.name(), number(m.value()), m.unit(), number(m.low()), number(m.high())));
        }
        return text.toString();
    }

    /** A line for each figure that was compared. */
    public static String comparison(Comparison comparison) {
        StringBuilder text = new StringBuilder(line(COMPARED, "compared", "baseline", "now", "limit", "toler.", ""));
        for (Comparison.Row row : comparison.rows()) {
            text.append(line(COMPARED, row.name(), number(row.baseline()), number(row.value()), number(row.limit()),
                    row.tolerance(), row.verdict().text()));
        }
        return text.toString();
    }

    private static String line(String format, Object... cells) {
        return String.format(Locale.ROOT, format, cells).replaceAll(" +(?=\\R)", "");
    }

    /** A number with as many digits as are worth reading; "-" for none. */
    public static String number(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        double size = Math.abs(value);
        String format = size >= 10_000 ? "%,.0f" : size >= 100 ? "%.0f" : size >= 10 ? "%.1f"
                : size >= 0.01 || size == 0 ? "%.2f" : "%.4f";
        return String.format(Locale.ROOT, format, value);
    }
}
