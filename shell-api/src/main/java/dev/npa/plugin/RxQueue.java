package dev.npa.plugin;

import dev.npa.shell.PacketBurst;
import org.osgi.annotation.versioning.ConsumerType;

/** A receive queue. One caller at a time. */
@ConsumerType
public interface RxQueue {

    /**
     * Receives packets and refills the ring from {@link dev.npa.shell.PacketBuffers}, also slots that stayed empty when
     * buffers were short before. Appends whole packets only; one that does not fit into {@code into} stays in the ring.
     *
     * @param into burst to append to; the buffers of what is appended become the shell's
     * @param budget most packets to receive; with 0 none is received, but the ring is refilled
     * @return packets appended; {@code budget} means that more may wait
     */
    int receive(PacketBurst into, int budget);

    /** Reads a counter; callable from any thread. */
    long counter(QueueCounter counter);
}
