package dev.npa.shell.runtime.netdev;

import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.runtime.memory.PacketPool;

/** The packet buffers of a guest as its operating system uses them. */
public final class NetBuffers {

    /** Bytes of each buffer. */
    public static final int CAPACITY = PacketPool.CAPACITY;

    private final PacketPool pool;
    private final int reserve;

    /**
     * Makes a view.
     *
     * @param reserve buffers that stay for what the device does in software
     */
    public NetBuffers(PacketPool pool, int reserve) {
        this.pool = pool;
        this.reserve = reserve;
    }

    /** Buffers that can be taken now. */
    public int available() {
        return Math.max(0, pool.available() - reserve);
    }

    /** Takes a buffer; its handle, or -1 when there is none. */
    public int take() {
        return pool.available() > reserve ? pool.take(PacketPool.STACK) : -1;
    }

    /**
     * Frees a buffer.
     *
     * @throws IllegalArgumentException if the operating system does not hold it
     */
    public void free(int handle) {
        if (!pool.free(handle, PacketPool.STACK)) {
            throw notHeld(handle);
        }
    }

    /**
     * Frees all buffers of a burst.
     *
     * @throws IllegalArgumentException if the operating system does not hold one of them; those before it are free
     */
    public void free(PacketBurst burst) {
        int freed = pool.free(burst, 0, burst.size());
        if (freed < burst.size()) {
            throw notHeld(burst.handle(freed));
        }
    }

    private static IllegalArgumentException notHeld(int handle) {
        return new IllegalArgumentException("buffer " + handle + " is freed but is not held: it was freed before, or "
                + "is the device's");
    }

    /** Number of buffers; handles are below. */
    public int size() {
        return pool.size();
    }

    /** Physical address of a buffer's first byte. */
    public long address(int handle) {
        return pool.address(handle);
    }

    public PhysicalMemory memory() {
        return pool.memory();
    }
}
