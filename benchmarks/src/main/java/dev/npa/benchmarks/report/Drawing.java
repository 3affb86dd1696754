package dev.npa.benchmarks.report;

import java.util.List;

/**
 * A plot as shapes in a coordinate system of its own, for a template to write as SVG. Narrow enough that its text can
 * be read on a phone.
 *
 * @param title what it shows
 * @param note how to read it
 * @param height height; the width is {@link #WIDTH}
 * @param lines grid, axes and error bars
 * @param boxes bars
 * @param curves curves with their points
 * @param labels text
 */
public record Drawing(String title, String note, double height, List<Line> lines, List<Box> boxes, List<Curve> curves,
        List<Label> labels) {

    /** Width of every drawing. */
    public static final int WIDTH = 400;

    /** A straight line of a style. */
    public record Line(String style, double x1, double y1, double x2, double y2) {}

    /** A filled rectangle. */
    public record Box(String style, double x, double y, double width, double height, String tip) {}

    /** A curve: points as {@code x,y x,y}, and each of them with a tip. */
    public record Curve(String style, String points, List<Dot> dots) {}

    /** A point of a curve. */
    public record Dot(double x, double y, String tip) {}

    /** Text at a place; {@code anchor} is start, middle or end. */
    public record Label(String style, double x, double y, String anchor, String text) {}

    /** The width, for the template. */
    public int width() {
        return WIDTH;
    }

    /** A coordinate with the digits that can be seen. */
    static double round(double coordinate) {
        return Math.round(coordinate * 10) / 10.0;
    }
}
