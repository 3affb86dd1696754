package dev.npa.sim.guest.inside;

import dev.npa.plugin.QueueCounter;

/** What stands for a plugin in an image; uses the Shell API, so that the image imports it. */
public final class Image {

    /** Proves that code ran: a number that the caller checks. */
    public static int answer() {
        return QueueCounter.values().length;
    }

    private Image() {}
}
