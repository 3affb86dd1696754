package dev.npa.benchmarks.report;

import dev.npa.benchmarks.report.Drawing.Curve;
import dev.npa.benchmarks.report.Drawing.Dot;
import dev.npa.benchmarks.report.Drawing.Label;
import dev.npa.benchmarks.report.Drawing.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Curves over an axis whose values are given, with a legend below. */
final class LineChart {

    private static final double LEFT = 42;
    private static final double RIGHT = 12;
    private static final double TOP = 8;
    private static final double PLOT = 190;
    private static final double LEGEND = 18;

    /**
     * A point.
     *
     * @param x place on the axis, 0..1
     * @param y value
     * @param tip what to say about it
     */
    record Point(double x, double y, String tip) {}

    /**
     * A curve.
     *
     * @param label for the legend
     * @param style class of its colour and dashes
     * @param points points from left to right
     * @param dotted whether each point is marked
     */
    record Trace(String label, String style, List<Point> points, boolean dotted) {}

    /**
     * A value of the horizontal axis.
     *
     * @param x place, 0..1
     */
    record Tick(double x, String text) {}

    private LineChart() {}

    static Drawing draw(String title, String note, String axis, List<Tick> ticks, List<Trace> curves) {
        double highest = curves.stream().flatMap(c -> c.points().stream()).mapToDouble(Point::y).max().orElse(1);
        Scale scale = new Scale(highest, PLOT);
        double bottom = TOP + PLOT;
        List<Line> lines = new ArrayList<>();
        List<Label> labels = new ArrayList<>();
        for (double tick : scale.ticks()) {
            double y = bottom - scale.at(tick);
            lines.add(new Line("grid", LEFT, y, Drawing.WIDTH - RIGHT, y));
            labels.add(new Label("tick", LEFT - 5, y + 4, "end", TextReport.number(tick).replaceAll("\\.0+$", "")));
        }
        for (Tick tick : ticks) {
            lines.add(new Line("grid", x(tick.x()), bottom, x(tick.x()), bottom + 4));
            labels.add(new Label("tick", x(tick.x()), bottom + 16, "middle", tick.text()));
        }
        labels.add(new Label("tick", Drawing.WIDTH - RIGHT, bottom + 31, "end", axis));
        List<Curve> drawn = new ArrayList<>();
        double y = bottom + 40;
        for (Trace curve : curves) {
            List<Dot> dots = curve.points().stream().map(p -> new Dot(x(p.x()), bottom - scale.at(p.y()), p.tip()))
                    .toList();
            drawn.add(new Curve(curve.style(), points(dots), curve.dotted() ? dots : List.of()));
            drawn.add(new Curve(curve.style(), points(List.of(new Dot(LEFT, y, ""), new Dot(LEFT + 26, y, ""))),
                    List.of()));
            labels.add(new Label("name", LEFT + 34, y + 4, "start", curve.label()));
            y += LEGEND;
        }
        return new Drawing(title, note, y, lines, List.of(), drawn, labels);
    }

    private static double x(double place) {
        return Drawing.round(LEFT + place * (Drawing.WIDTH - LEFT - RIGHT));
    }

    private static String points(List<Dot> dots) {
        return dots.stream().map(d -> String.format(Locale.ROOT, "%.1f,%.1f", d.x(), d.y()))
                .collect(Collectors.joining(" "));
    }
}
