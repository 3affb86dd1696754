package dev.npa.sim.guest;

/** A guest that could not be booted; the message is one sentence that names the guest, the bundle and the reason. */
public final class GuestBootException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    GuestBootException(String message, Throwable cause) {
        super(message, cause);
    }
}
