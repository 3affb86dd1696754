package dev.npa.plugin;

/** Counters of a queue. All are 64 bits and never go back during the life of a plugin instance. */
public enum QueueCounter {
    /** Packets sent (completed) or received and indicated. */
    PACKETS,
    /** Bytes of these packets, without FCS. */
    BYTES,
    /** Packets that the plugin dropped because of an error that the device reported or a descriptor made no sense. */
    ERRORS,
    /** Received packets dropped, or receive slots left empty, because the shell had no buffer. */
    NO_BUFFER,
    /** Transmit packets that were refused because a limit of the capabilities was exceeded. */
    REFUSED,
    /** Tail or producer register writes. */
    DOORBELLS
}
