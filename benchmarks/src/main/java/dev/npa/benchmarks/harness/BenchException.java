package dev.npa.benchmarks.harness;

/** Something could not be measured; the message is a sentence for the user. */
public final class BenchException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Whether the user can put it right, as by building what is missing. */
    private final boolean usage;

    private BenchException(String message, boolean usage) {
        super(message);
        this.usage = usage;
    }

    /** A measurement that went wrong. */
    public static BenchException failed(String message) {
        return new BenchException(message, false);
    }

    /** A measurement for which something is missing. */
    public static BenchException missing(String message) {
        return new BenchException(message, true);
    }

    public boolean isUsage() {
        return usage;
    }
}
