package dev.npa.pf;

/** A request that a PF driver refused or a device that does not answer. The message says what, where, what to do. */
public final class PfException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PfException(String message) {
        super(message);
    }

    public PfException(String message, Throwable cause) {
        super(message, cause);
    }
}
