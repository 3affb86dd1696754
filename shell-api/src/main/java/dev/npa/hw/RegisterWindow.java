package dev.npa.hw;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A window of device registers (a memory BAR, or a part of one), accessed as 32-bit little-endian words.
 *
 * <p>Every access may have side effects in the device and is never elided or reordered with other accesses of the same
 * thread. A write has release semantics: what the thread stored before is visible to the device when it sees the
 * write. A read has acquire semantics.
 *
 * <p>Accesses that the device does not know, misaligned ones, and accesses through a revoked window throw
 * {@link AccessFault} or are recorded by the machine as a violation; a device may also answer all ones, as a removed
 * PCI device does. Safe for use from several threads.
 */
@ProviderType
public interface RegisterWindow {

    /** Length of the window in bytes. */
    int length();

    /**
     * Reads a register.
     *
     * @param offset bytes from the start of the window, a multiple of 4
     */
    int read32(int offset);

    /**
     * Writes a register.
     *
     * @param offset bytes from the start of the window, a multiple of 4
     */
    void write32(int offset, int value);
}
