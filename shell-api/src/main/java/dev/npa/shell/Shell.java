package dev.npa.shell;

import dev.npa.hw.Clock;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Everything that one plugin instance gets: one device and what it needs to drive it. There is no other way out of a
 * plugin; in particular it has no threads, no files, no services and no configuration space.
 *
 * <p>The shell has already enabled memory decoding and bus mastering and has programmed the device's MSI-X table.
 */
@ProviderType
public interface Shell {

    /** The device this instance drives. */
    PciIdentity device();

    /**
     * The register window of one of the device's memory BARs.
     *
     * @param bar index 0..5
     * @throws ShellException if the device has no such BAR
     */
    RegisterWindow registers(int bar);

    /** Number of interrupt vectors that the device may use, numbered from 0. */
    int vectors();

    /**
     * Allocates zeroed DMA memory for rings and status blocks. May lie anywhere in the 64-bit address space.
     *
     * @param bytes 1..16 MiB
     * @param alignment a power of two, at most 64 KiB; the shell gives at least 64
     * @throws ShellException if there is not enough memory; nothing was allocated
     */
    DmaMemory allocate(int bytes, int alignment);

    /**
     * Frees what {@link #allocate} gave and revokes it.
     *
     * @throws ShellException if it is not this instance's or was freed before
     */
    void free(DmaMemory memory);

    /** Packet buffers for receive queues. */
    PacketBuffers buffers();

    /** For bounded waits on hardware in control calls. */
    Clock clock();

    ShellLog log();
}
