package dev.npa.sim.image;

/** Why a jar is no plugin image that may be injected: one sentence with what was found and what is needed. */
public final class ImageRefusal extends Exception {
    private static final long serialVersionUID = 1L;

    public ImageRefusal(String message) {
        super(message);
    }
}
