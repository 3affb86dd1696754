package dev.npa.hw;

/**
 * State of a network link.
 *
 * @param up whether frames pass
 * @param megabitsPerSecond speed; 0 when down
 */
public record LinkState(boolean up, int megabitsPerSecond) {

    /** A link that is down. */
    public static final LinkState DOWN = new LinkState(false, 0);

    @Override
    public String toString() {
        return up ? "up " + megabitsPerSecond + " Mbit/s" : "down";
    }
}
