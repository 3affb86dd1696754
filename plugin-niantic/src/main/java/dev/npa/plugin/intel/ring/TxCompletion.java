package dev.npa.plugin.intel.ring;

import dev.npa.hw.DmaMemory;

/**
 * How a transmit ring learns what the device is done with. Asked once a run; an image carries exactly one
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
     * Whether the device is done with a descriptor with RS and all before it. A plain read: the caller fences once
     * after the last question, before it reuses anything.
     *
     * @param ring the ring's window
     * @param size descriptors in the ring
     * @param clean oldest descriptor in use
     * @param descriptor one in use
     */
    boolean isDone(DmaMemory ring, int size, int clean, int descriptor);
}
