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
     * Takes empty buffers and hands their ownership to the caller. Each has {@link #bufferSize} bytes.
     *
     * @param addresses gets the device address of each, from index {@code from} on
     * @param handles gets the handle of each, from index {@code from} on
     * @param count how many are wanted
     * @return how many were taken, fewer when the pool is short
     * @throws IndexOutOfBoundsException if the arrays have no room for as many; nothing was taken
     */
    int take(long[] addresses, int[] handles, int from, int count);

    /**
     * Gives buffers back that were taken and never indicated, as on stop.
     *
     * @param handles their handles
     * @param from first index
     * @param count how many
     */
    void give(int[] handles, int from, int count);
}
