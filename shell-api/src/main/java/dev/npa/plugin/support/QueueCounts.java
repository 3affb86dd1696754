package dev.npa.plugin.support;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.QueueCounter;

/**
 * The counters of a queue. The thread that drives the queue adds to the fields; {@link #get} may be called by any
 * thread and then returns a recent value.
 */
public final class QueueCounts {

    /** Packets received, or sent. */
    public long packets;
    /** Bytes of these packets without FCS. */
    public long bytes;
    /** Packets dropped because of what the device wrote. */
    public long errors;
    /** Slots of a receive ring that stayed empty for want of a buffer. */
    public long noBuffer;
    /** Packets that broke a limit and were not sent. */
    public long refused;
    /** Writes to tail registers or doorbells. */
    public long doorbells;

    /** Reads a counter. */
    public long get(QueueCounter counter) {
        DmaMemory.acquireFence(); // another thread's loop shall not hoist the plain read out
        return switch (counter) {
            case PACKETS -> packets;
            case BYTES -> bytes;
            case ERRORS -> errors;
            case NO_BUFFER -> noBuffer;
            case REFUSED -> refused;
            case DOORBELLS -> doorbells;
        };
    }
}
