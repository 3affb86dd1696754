package dev.npa.pf;

import dev.npa.hw.Clock;
import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciFunction;
import dev.npa.shell.PacketBuffers;
import dev.npa.shell.ShellException;
import dev.npa.shell.ShellLog;
import org.osgi.annotation.versioning.ProviderType;

/** What the hypervisor offers to one PF driver. */
@ProviderType
public interface PfHost {

    /** The physical function. Memory decoding and bus mastering are enabled, MSI-X vectors are programmed. */
    PciFunction function();

    /** Number of MSI-X vectors that the driver may use, from 0. */
    int vectors();

    /**
     * Allocates zeroed DMA memory.
     *
     * @param bytes size
     * @param alignment a power of two
     * @throws ShellException if there is not enough
     */
    DmaMemory allocate(int bytes, int alignment);

    /** Frees DMA memory and revokes it. */
    void free(DmaMemory memory);

    /** Receive buffers for the uplink queue. */
    PacketBuffers buffers();

    Clock clock();

    ShellLog log();
}
