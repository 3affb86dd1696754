package dev.npa.plugin.intel.ring;

import dev.npa.hw.DmaMemory;

/**
 * How a transmit ring learns what the device is done with. Called once a burst; an image carries exactly one
 * implementation, so that the call is monomorphic in its guest.
 */
public interface TxCompletion {

    /** Bytes that it needs behind the descriptors in the ring's DMA window. */
    int extraBytes();

    /**
     * Value for TDWBAL/TDWBAH: where the device writes its head, with the enable bit; 0 if it shall not.
     *
     * @param extra address of the extra bytes
     */
    long headWriteBack(long extra);

    /**
     * Position in {@code shadow} up to which packets are complete. Whatever the device wrote before it reported them is
     * visible to the caller afterwards.
     *
     * @param ring the ring's window
     * @param shadow packets in flight
     * @param budget most packets to look at
     * @param clean oldest descriptor in use
     * @param size descriptors in the ring
     */
    int frontier(DmaMemory ring, TxShadow shadow, int budget, int clean, int size);
}
