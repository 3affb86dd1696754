package dev.npa.shell;

import dev.npa.hw.DmaMemory;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The shell's pool of receive buffers as a plugin sees it. All buffers have the same size. Called once a burst, from
 * the thread that drives the queue.
 */
@ProviderType
public interface PacketBuffers {

    /** Bytes in each buffer, all of which a device may write: 2048 unless the configuration says otherwise. */
    int bufferSize();

    /**
     * The memory in which all packet buffers lie, those that a receive queue takes and those of packets given to a
     * transmit queue: the byte at device address {@code a} is at offset {@code a - memory().address()}. For devices
     * whose descriptors want header fields of the frame. A plugin looks at packets while it holds them and changes
     * nothing. The window is revoked with everything else.
     */
    DmaMemory memory();

    /**
     * Takes empty buffers. Appends an entry with address, handle and length (= {@link #bufferSize()}) for each and
     * hands their ownership to the caller.
     *
     * @param into burst to append to
     * @param count how many are wanted
     * @return how many were appended, fewer when the pool or the burst's room is short; never an exception
     */
    int take(PacketBurst into, int count);

    /**
     * Gives buffers back that were taken and never indicated, as on stop.
     *
     * @param from burst with their handles; it is not changed
     * @param begin first entry
     * @param end one past the last entry
     */
    void give(PacketBurst from, int begin, int end);
}
