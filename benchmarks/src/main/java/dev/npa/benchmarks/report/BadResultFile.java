package dev.npa.benchmarks.report;

/** A result file that cannot be read or written; the message is a sentence for the user. */
public final class BadResultFile extends Exception {

    private static final long serialVersionUID = 1L;

    public BadResultFile(String message) {
        super(message);
    }
}
