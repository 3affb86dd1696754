package dev.npa.sim.machine;

/** Unwinds a device engine whose DMA the IOMMU refused; the fault is already recorded and the function aborted. */
public final class DmaFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DmaFault(String message) {
        super(message, null, false, false);
    }
}
