package dev.npa.plugin.broadcom.ring;

/** How a receive ring learns which completions have come. */
public enum RxSignal {
    /**
     * By the marker of each completion, which the driver seeds with ones and the device overwrites with 0 last: a
     * completion is seen as soon as it is there. §5.3
     */
    MARKER,
    /** By the device's position in the status block: one look for all, and nothing to seed. §6.1 */
    INDEX
}
