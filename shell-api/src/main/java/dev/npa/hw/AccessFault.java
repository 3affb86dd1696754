package dev.npa.hw;

/**
 * An access that the machine refused: outside a memory or register window, misaligned, or through a handle that was
 * revoked. The message names the window, the offset and the reason.
 */
public final class AccessFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public AccessFault(String message) {
        super(message);
    }
}
