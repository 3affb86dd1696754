package dev.npa.hw;

import org.osgi.annotation.versioning.ProviderType;

/** A PCI function as its driver sees it: identity, configuration space and memory BARs. */
@ProviderType
public interface PciFunction {

    /** Identity; constant. */
    PciIdentity identity();

    /**
     * Reads configuration space.
     *
     * @param offset byte offset, 0..4095, a multiple of {@code width}
     * @param width 1, 2 or 4 bytes
     * @return the value, zero-extended
     */
    int readConfig(int offset, int width);

    /** Writes configuration space; read-only bits are left as they are. */
    void writeConfig(int offset, int width, int value);

    /**
     * The register window of a memory BAR.
     *
     * @param index 0..5; for a 64-bit BAR the index of its lower half
     * @throws AccessFault if the function has no such memory BAR
     */
    RegisterWindow bar(int index);
}
