package dev.npa.shell.runtime.path;

import dev.npa.plugin.QueueCounter;
import dev.npa.shell.PacketBurst;

/**
 * One queue pair of one plugin instance, as the core sees it: the only place that calls the plugin's queues.
 *
 * <p>Its code is defined afresh for each plugin that is loaded ({@link DataPaths#fresh}): a call from it to a plugin has
 * one receiver for ever and is inlined, however many plugins were there before. The core calls it once a burst.
 */
public abstract class DataPath {

    /** Tag: a packet that software made; its buffers are not the operating system's. */
    public static final int PIECE = 1 << 20;
    /** Tag: the last piece of the packet that it was made of. */
    public static final int LAST = 1 << 21;
    private static final int LANE_SHIFT = 17;

    /** The tag of packets of one of the operating system's queues, 0..7. */
    public static int tag(int lane) {
        return lane << LANE_SHIFT;
    }

    /** The queue that a tag names. */
    public static int lane(int tag) {
        return tag >>> LANE_SHIFT & 7;
    }

    /**
     * Offers the packets of {@code [from, to)}, whose buffers are the stack's.
     *
     * @param tag what completions of these packets bear
     * @return index one past the last entry taken
     */
    public abstract int transmit(PacketBurst burst, int from, int to, int tag);

    /** One past the last entry that the last {@link #transmit} handed to the plugin, also if it threw. */
    public abstract int offeredTo();

    /** Marks the newest packet in flight as the last piece. */
    public abstract void markLast();

    /**
     * Collects completions; their buffers become the stack's. Each entry's offload word is the tag of its packet, the
     * packet length of a packet's last entry its bytes.
     *
     * @param done burst to append to; its room bounds the packets, too
     * @return packets completed; as many as were allowed means that there may be more
     */
    public abstract int reclaim(PacketBurst done, int budget);

    /** Bytes of the packets that the last {@link #reclaim} found sent. */
    public abstract long sentBytes();

    /** Packets that the last {@link #reclaim} found not sent. */
    public abstract int aborted();

    /** Pieces in flight. */
    public abstract int pieces();

    /**
     * Receives packets; their buffers become the stack's.
     *
     * @return packets appended to {@code into}
     */
    public abstract int receive(PacketBurst into, int budget);

    /** Bytes that the last {@link #receive} appended. */
    public abstract long receivedBytes();

    /** Packets taken by the plugin and not completed yet, by the shell's own count. */
    public abstract int inFlight();

    /**
     * Takes what is in flight back from a plugin that is gone, as packets that were aborted; entries as those of
     * {@link #reclaim}. Its device must do no DMA any more.
     *
     * @param done appended to as far as there is room
     * @return packets; 0 = none are left
     */
    public abstract int abandon(PacketBurst done);

    /** Reads a counter of the transmit queue. */
    public abstract long txCounter(QueueCounter counter);

    /** Reads a counter of the receive queue. */
    public abstract long rxCounter(QueueCounter counter);
}
