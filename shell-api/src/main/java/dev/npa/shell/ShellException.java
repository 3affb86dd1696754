package dev.npa.shell;

/**
 * A request that the shell refused: resources exhausted, a handle that is not the caller's, or a call after close. The
 * message says what, where and what to do.
 */
public final class ShellException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ShellException(String message) {
        super(message);
    }
}
