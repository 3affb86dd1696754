package dev.npa.sim.traffic;

/**
 * When the frames of a source are due, in machine time from its start. A source that was held up by back-pressure
 * catches up; nothing is skipped.
 */
public final class Pacing {

    private enum Kind { CAPTURE, FRAMES, BITS, FULL }

    private final Kind kind;
    private final double factor;

    private Pacing(Kind kind, double factor) {
        if (!(factor > 0) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("a rate or speed must be positive and finite, not " + factor);
        }
        this.kind = kind;
        this.factor = factor;
    }

    /** At the capture's times, {@code speed} times as fast. */
    public static Pacing capture(double speed) {
        return new Pacing(Kind.CAPTURE, 1 / speed);
    }

    public static Pacing framesPerSecond(double rate) {
        return new Pacing(Kind.FRAMES, 1e9 / rate);
    }

    /** Bits of frames without FCS and preamble. */
    public static Pacing bitsPerSecond(double rate) {
        return new Pacing(Kind.BITS, 8e9 / rate);
    }

    /** As fast as the path takes them. */
    public static Pacing unlimited() {
        return new Pacing(Kind.FULL, 1);
    }

    /**
     * Nanoseconds from the start to the next frame.
     *
     * @param captureNanos its time in the capture, rounds before included
     * @param frames frames sent so far
     * @param bytes bytes sent so far
     */
    long due(long captureNanos, long frames, long bytes) {
        return switch (kind) {
            case CAPTURE -> (long) (captureNanos * factor);
            case FRAMES -> (long) (frames * factor);
            case BITS -> (long) (bytes * factor);
            case FULL -> 0;
        };
    }
}
