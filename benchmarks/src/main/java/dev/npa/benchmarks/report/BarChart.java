package dev.npa.benchmarks.report;

import dev.npa.benchmarks.report.Drawing.Box;
import dev.npa.benchmarks.report.Drawing.Label;
import dev.npa.benchmarks.report.Drawing.Line;
import java.util.ArrayList;
import java.util.List;

/** Horizontal bars with error bars, a label above each. */
final class BarChart {

    private static final double LEFT = 8;
    private static final double RIGHT = 70;
    private static final double ROW = 36;
    private static final double BAR = 14;
    private static final double CAP = 4;
    /** Spreads beyond so many times the highest value would squeeze the bars. */
    private static final double MOST_SPREAD = 1.5;

    /**
     * A bar.
     *
     * @param label what it stands for
     * @param metric the figure
     * @param style class of its colour
     */
    record Bar(String label, Metric metric, String style) {}

    private BarChart() {}

    static Drawing draw(String title, String note, List<Bar> bars) {
        double best = bars.stream().mapToDouble(b -> b.metric().value()).max().orElse(1);
        double high = bars.stream().mapToDouble(b -> b.metric().high()).max().orElse(1);
        Scale scale = new Scale(Math.min(high, best * MOST_SPREAD), Drawing.WIDTH - LEFT - RIGHT);
        double height = bars.size() * ROW + 24;
        List<Line> lines = new ArrayList<>();
        List<Box> boxes = new ArrayList<>();
        List<Label> labels = new ArrayList<>();
        for (double tick : scale.ticks()) {
            double x = LEFT + scale.at(tick);
            lines.add(new Line("grid", x, 4, x, height - 20));
            labels.add(new Label("tick", x, height - 6, "middle", TextReport.number(tick).replaceAll("\\.0+$", "")));
        }
        for (int i = 0; i < bars.size(); i++) {
            Bar bar = bars.get(i);
            Metric metric = bar.metric();
            double y = i * ROW + 4;
            labels.add(new Label("name", LEFT, y + 11, "start", bar.label()));
            boxes.add(new Box(bar.style(), LEFT, y + 15, Math.max(1, scale.at(metric.value())), BAR, tip(metric)));
            errorBar(lines, LEFT + scale.at(metric.low()), LEFT + scale.at(metric.high()), y + 15 + BAR / 2);
            labels.add(new Label("value", Drawing.WIDTH - 2, y + 15 + BAR - 3, "end",
                    TextReport.number(metric.value()) + (metric.unit().equals("1") ? "" : " " + metric.unit())));
        }
        return new Drawing(title, note, height, lines, boxes, List.of(), labels);
    }

    private static void errorBar(List<Line> lines, double low, double high, double y) {
        lines.add(new Line("error", low, y, high, y));
        lines.add(new Line("error", low, y - CAP, low, y + CAP));
        lines.add(new Line("error", high, y - CAP, high, y + CAP));
    }

    static String tip(Metric metric) {
        return metric.name() + ": " + TextReport.number(metric.value()) + " (" + TextReport.number(metric.low())
                + " to " + TextReport.number(metric.high()) + ") " + metric.unit();
    }
}
