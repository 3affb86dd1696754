package dev.npa.plugin;

/**
 * Counters of a device, as its silicon counts: frames on the wire's side of the offloads, after segmentation on
 * transmit and before coalescing on receive. Frames that the NIC's embedded switch passed on count like any others.
 * All are 64 bits and never go back during the life of a plugin instance.
 */
public enum DeviceCounter {
    /** Frames received without error for this function. */
    RX_FRAMES,
    /** Bytes of these frames, without FCS. */
    RX_BYTES,
    /** Multicast and broadcast frames among them; a device that cannot tell broadcast counts multicast only. */
    RX_MULTICAST,
    /** Frames sent. */
    TX_FRAMES,
    /** Bytes of these frames, without FCS. */
    TX_BYTES
}
