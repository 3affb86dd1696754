package dev.npa.hw;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The local interrupt controller of a machine: message-signalled interrupts arrive, a virtual CPU takes them.
 *
 * <p>A device sends an interrupt by a 32-bit write of the vector number to {@link #MSI_ADDRESS}; software puts both
 * into the device's MSI-X table. A vector that is raised again before it was taken is taken once. Thread-safe.
 */
@ProviderType
public interface InterruptController {

    /** Message address that software writes into an MSI-X table entry. */
    long MSI_ADDRESS = 0xFEE0_0000L;

    /** Vectors are 0..255; the low 32 are reserved, as on x86. */
    int VECTORS = 256;

    /** Raises a vector, as a message write of a device does. */
    void raise(int vector);

    /** Whether a vector waits to be taken. */
    boolean isPending();

    /** Takes the lowest pending vector and clears it; -1 when none is pending. */
    int take();
}
