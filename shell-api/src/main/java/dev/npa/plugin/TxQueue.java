package dev.npa.plugin;

import dev.npa.shell.PacketBurst;
import org.osgi.annotation.versioning.ConsumerType;

/** A transmit queue. Packets leave in the order of the calls. One caller at a time. */
@ConsumerType
public interface TxQueue {

    /**
     * Queues packets for sending and rings the doorbell at most once.
     *
     * <p>Takes whole packets from the front. The buffers of what it takes are the device's until {@link #reclaim} counts
     * the packet; what it does not take is untouched. A packet beyond the declared limits (segments, header, size) is
     * taken, never sent, counted as {@link QueueCounter#REFUSED} and reported as not sent in its order.
     *
     * @param burst packets; not changed, not kept. Handles are the shell's own affair: nothing brings them back
     * @param from first entry, the first of a packet
     * @param to one past the last entry
     * @return index one past the last entry taken; {@code from} when the ring is full
     */
    int transmit(PacketBurst burst, int from, int to);

    /**
     * Reports what became of the oldest packets taken. Packets are told apart by their order alone: it is that of
     * {@link #transmit}, without gaps. One call reports packets of one fate; the shell calls again until the answer is 0
     * or it has what it wants. Must also make progress when nothing is transmitted any more.
     *
     * @param budget most packets to report, at least 1
     * @return n &gt; 0: the n oldest packets were sent and the device has done with their buffers; n &lt; 0: the -n oldest
     *     were not sent, being refused, or are not known to be, being with the device when it was stopped; 0: the
     *     oldest is still with the device, or there is none
     */
    int reclaim(int budget);

    /** Packets taken and not yet reclaimed. */
    int outstanding();

    /** Reads a counter; callable from any thread. */
    long counter(QueueCounter counter);
}
