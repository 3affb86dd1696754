package dev.npa.plugin;

import dev.npa.shell.PacketBurst;
import org.osgi.annotation.versioning.ConsumerType;

/** A transmit queue. Packets leave in the order of the calls. One caller at a time. */
@ConsumerType
public interface TxQueue {

    /**
     * Queues packets for sending and rings the doorbell at most once.
     *
     * <p>Takes whole packets from the front. What it takes is the plugin's until {@link #reclaim} returns it; what it
     * does not take is untouched. A packet beyond the declared limits (segments, header, size) is taken, never sent,
     * counted as {@link QueueCounter#REFUSED} and completed as aborted in its order.
     *
     * @param burst packets; not changed, not kept
     * @param from first entry, the first of a packet
     * @param to one past the last entry
     * @return index one past the last entry taken; {@code from} when the ring is full
     */
    int transmit(PacketBurst burst, int from, int to);

    /**
     * Collects completions, in the order of transmission: appends handle and flags of each segment whose packet the
     * device is done with. Must also make progress when nothing is transmitted any more.
     *
     * @param done burst to append to; only whole packets are appended
     * @param budget most packets to complete
     * @return packets completed
     */
    int reclaim(PacketBurst done, int budget);

    /** Packets taken and not yet reclaimed. */
    int outstanding();

    /** Reads a counter; callable from any thread. */
    long counter(QueueCounter counter);
}
