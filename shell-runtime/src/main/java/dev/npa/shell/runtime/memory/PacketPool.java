package dev.npa.shell.runtime.memory;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.PacketBurst;
import java.util.Arrays;
import java.util.Objects;

/**
 * All packet buffers of a guest, with an owner for each. A buffer's handle is its index.
 *
 * <p>The stride is 2112 and not 2048, so that the first lines of frames spread over the sets of a cache. Owners are a
 * dense array apart from the packet data for the same reason.
 *
 * <p>Owner values: {@link #FREE}, {@link #STACK}, and one for the receive buffers of each plugin instance,
 * {@link #ownerOf}, so that the shell can free what a dead instance still held and say how much it was. Buffers of
 * packets that a plugin was given to transmit stay the stack's here: the data path's ledger tells which they are.
 */
public final class PacketPool {

    /** Bytes from one buffer to the next. */
    public static final int STRIDE = 2112;
    /** Bytes in each buffer that a device may write. */
    public static final int CAPACITY = 2048;
    /** Owner of a buffer that nobody uses. */
    public static final int FREE = 0;
    /** Owner of a buffer that the network stack holds, or had transmitted. */
    public static final int STACK = 1;

    private final PhysicalAllocator allocator;
    private final long base;
    private final int[] owner;
    private final int[] freeList;
    private int freeCount;

    /**
     * Makes a pool.
     *
     * @param buffers how many, 1..65536
     */
    public PacketPool(PhysicalAllocator allocator, int buffers) {
        this.allocator = allocator;
        this.base = allocator.allocateAsIs(buffers * STRIDE, 4096);
        this.owner = new int[buffers];
        this.freeList = new int[buffers];
        this.freeCount = buffers;
        // Handles are handed out from 0 upwards at first: neighbours in a ring are neighbours in memory.
        Arrays.setAll(freeList, i -> buffers - 1 - i);
    }

    /** Owner value of the receive buffers that a plugin instance holds; instances are numbered from 1. */
    public static int ownerOf(int instance) {
        return STACK + instance;
    }

    /** Number of buffers. */
    public int size() {
        return owner.length;
    }

    /** Number of free buffers. */
    public int available() {
        return freeCount;
    }

    /** Physical address of a buffer's first byte. */
    public long address(int handle) {
        return base + (long) handle * STRIDE;
    }

    /**
     * Takes a free buffer.
     *
     * @return its handle; -1 when there is none
     */
    public int take(int newOwner) {
        if (freeCount == 0) {
            return -1;
        }
        int handle = freeList[--freeCount];
        owner[handle] = newOwner;
        return handle;
    }

    /**
     * Takes free buffers.
     *
     * @param addresses gets their addresses, from index {@code from} on
     * @param handles gets their handles, from index {@code from} on
     * @param count how many, at most {@link #available}
     * @throws IndexOutOfBoundsException if the arrays have no room for as many; nothing was taken
     */
    public void take(int newOwner, long[] addresses, int[] handles, int from, int count) {
        Objects.checkFromIndexSize(from, count, Math.min(addresses.length, handles.length));
        int top = freeCount;
        for (int i = from; i < from + count; i++) {
            int handle = freeList[--top];
            owner[handle] = newOwner;
            handles[i] = handle;
            addresses[i] = address(handle);
        }
        freeCount = top;
    }

    /** Owner of a buffer; -1 for a handle that is no buffer's. */
    public int owner(int handle) {
        return handle >= 0 && handle < owner.length ? owner[handle] : -1;
    }

    /**
     * Hands a buffer over.
     *
     * @return false, and nothing happened, if the buffer is not {@code from}'s
     */
    public boolean pass(int handle, int from, int to) {
        if (owner(handle) != from) {
            return false;
        }
        owner[handle] = to;
        return true;
    }

    /**
     * Hands a plugin's buffer over to the stack if {@code [address, address + length)} lies inside of it.
     *
     * @return false, and nothing happened, if it does not, or if the buffer is not {@code from}'s
     */
    public boolean accept(int handle, long address, int length, int from) {
        long offset = address - address(handle);
        return (offset & -CAPACITY) == 0 && Integer.compareUnsigned(length, CAPACITY - (int) offset) <= 0
                && pass(handle, from, STACK);
    }

    /**
     * Frees a buffer.
     *
     * @return false, and nothing happened, if the buffer is not {@code from}'s
     */
    public boolean free(int handle, int from) {
        if (owner(handle) != from || from == FREE) {
            return false;
        }
        owner[handle] = FREE;
        freeList[freeCount++] = handle;
        return true;
    }

    /**
     * Frees the stack's buffers of the entries {@code [from, to)}.
     *
     * @return {@code to}, or the first entry whose buffer is not the stack's; those before it are free
     */
    public int free(PacketBurst burst, int from, int to) {
        int top = freeCount;
        int i = from;
        while (i < to) {
            int handle = burst.handle(i);
            if (owner(handle) != STACK) {
                break;
            }
            owner[handle] = FREE;
            freeList[top++] = handle;
            i++;
        }
        freeCount = top;
        return i;
    }

    /** Number of buffers that an owner holds. Looks at every buffer: control plane only. */
    public int held(int by) {
        int count = 0;
        for (int o : owner) {
            if (o == by) {
                count++;
            }
        }
        return count;
    }

    /**
     * Frees every buffer of an owner. Its device must have no access to them any more.
     *
     * @return how many there were
     */
    public int reclaim(int from) {
        int count = 0;
        for (int handle = 0; handle < owner.length; handle++) {
            if (owner[handle] == from && free(handle, from)) {
                count++;
            }
        }
        return count;
    }

    /** A window of its own over all buffers. */
    public DmaMemory window() {
        return allocator.memory().window(base, owner.length * STRIDE);
    }

    public PhysicalMemory memory() {
        return allocator.memory();
    }

    /** Returns the pool's memory. Every handle is invalid afterwards. */
    public void close() {
        allocator.free(base);
    }
}
