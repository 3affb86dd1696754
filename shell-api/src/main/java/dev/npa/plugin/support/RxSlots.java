package dev.npa.plugin.support;

import dev.npa.shell.PacketBuffers;
import dev.npa.shell.PacketBurst;

/**
 * The buffers of a receive ring by slot: address and handle of each, and a stack of spares, buffers of dropped packets
 * that are posted again before new ones are asked for. Which slots the device holds is the ring's own affair.
 */
public final class RxSlots {

    private final PacketBuffers buffers;
    private final QueueCounts counts;
    private final long[] address;
    private final int[] handle;
    private final long[] spareAddress;
    private final int[] spareHandle;
    private int spares;
    private int shortage;

    /**
     * Creates empty slots.
     *
     * @param size slots; there are never more spares than that
     * @param counts where slots without a buffer are counted
     */
    public RxSlots(PacketBuffers buffers, int size, QueueCounts counts) {
        this.buffers = buffers;
        this.counts = counts;
        address = new long[size];
        handle = new int[size];
        spareAddress = new long[size];
        spareHandle = new int[size];
    }

    /** Device address of the buffer in a slot. */
    public long address(int slot) {
        return address[slot];
    }

    /** Handle of the buffer in a slot. */
    public int handle(int slot) {
        return handle[slot];
    }

    /**
     * Puts buffers into the slots from {@code from} on.
     *
     * @param count slots wanted, none beyond the last
     * @return slots filled; fewer when the pool is short
     */
    public int fill(int from, int count) {
        int filled = 0;
        while (filled < count && spares > 0) {
            spares--;
            address[from + filled] = spareAddress[spares];
            handle[from + filled] = spareHandle[spares];
            filled++;
        }
        return filled == count ? count : filled + buffers.take(address, handle, from + filled, count - filled);
    }

    /** Says how many slots a refill left empty; those that were empty before are not counted again. */
    public void missing(int count) {
        counts.noBuffer += Math.max(0, count - shortage);
        shortage = count;
    }

    /** Puts the buffer of a slot into another slot, which is empty. */
    public void move(int from, int to) {
        address[to] = address[from];
        handle[to] = handle[from];
    }

    /** Makes the buffer of a slot that the device has filled a spare. */
    public void recycle(int slot) {
        recycle(address[slot], handle[slot]);
    }

    /** Makes a buffer a spare. */
    public void recycle(long bufferAddress, int bufferHandle) {
        spareAddress[spares] = bufferAddress;
        spareHandle[spares++] = bufferHandle;
    }

    /** Makes the buffers of {@code burst} from entry {@code first} on spares, and truncates it. */
    public void recycle(PacketBurst burst, int first) {
        for (int i = first; i < burst.size(); i++) {
            recycle(burst.address(i), burst.handle(i));
        }
        burst.truncate(first);
    }

    /** Gives the buffers of {@code count} slots from {@code from} on back, none beyond the last. */
    public void give(int from, int count) {
        buffers.give(handle, from, count);
    }

    /** Gives the spares back; the ring is at rest. */
    public void giveSpares() {
        buffers.give(spareHandle, 0, spares);
        spares = 0;
        shortage = 0;
    }
}
