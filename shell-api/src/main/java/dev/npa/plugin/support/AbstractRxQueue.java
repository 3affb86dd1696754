package dev.npa.plugin.support;

import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/**
 * A receive queue less what its chip has of its own: a burst is harvested, then buffers are posted, as long as it may
 * take any.
 *
 * <p>Concurrency: one thread drives the queue; {@link #counter} may be read by others and then is a recent value.
 * {@link #begin} and {@link #stopRefill} are called while no thread drives it.
 */
public abstract class AbstractRxQueue implements RxQueue {

    protected final QueueCounts counts = new QueueCounts();
    private boolean refilling;

    /**
     * Takes what has come, until the counter of packets shows {@code goal}, the burst is full, or nothing waits; counts
     * packets and bytes.
     */
    protected abstract void harvest(PacketBurst into, long goal);

    /** Posts buffers as far as they are wanted and can be had, and tells the device. */
    protected abstract void refill();

    /**
     * Makes the entries from {@code first} to the burst's last one a packet, and counts it.
     *
     * @param flags results for its first entry
     * @param offload offload word for its first entry
     * @param length bytes of the packet
     */
    protected final void seal(PacketBurst into, int first, int flags, long offload, int length) {
        into.flags(first, PacketFlags.SOP | flags);
        into.offload(first, offload);
        into.packetLength(first, length);
        int last = into.size() - 1;
        into.flags(last, into.flags(last) | PacketFlags.EOP);
        counts.packets++;
        counts.bytes += length;
    }

    @Override
    public final int receive(PacketBurst into, int budget) {
        long before = counts.packets;
        harvest(into, before + budget);
        if (refilling) {
            refill();
        }
        return (int) (counts.packets - before);
    }

    @Override
    public final long counter(QueueCounter counter) {
        return counts.get(counter);
    }

    /** The queue is set up: posts buffers, from which on the device receives. */
    public void begin() {
        refilling = true;
        refill();
    }

    /** Takes no more buffers; what was received can still be collected. */
    public final void stopRefill() {
        refilling = false;
    }
}
