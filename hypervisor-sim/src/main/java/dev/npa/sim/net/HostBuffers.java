package dev.npa.sim.net;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketBuffers;
import java.util.Objects;

/**
 * A pool of packet buffers in host memory: equal buffers at a fixed stride, named by handles 0..count-1. One caller
 * at a time.
 */
public final class HostBuffers implements PacketBuffers {

    /** Bytes a device may write to each buffer. */
    public static final int SIZE = 2048;
    /** Distance between buffers: not a power of two, so that frames do not all start in the same cache sets. */
    public static final int STRIDE = 2112;

    private final long base;
    private final DmaMemory memory;
    private final int[] free;
    private final boolean[] taken;
    private int available;

    /**
     * Lays a pool out.
     *
     * @param memory memory that the device reaches
     * @param base address of the first buffer, a multiple of 64
     * @param count buffers; the pool covers {@code count * STRIDE} bytes
     */
    public HostBuffers(PhysicalMemory memory, long base, int count) {
        if (count < 1 || base % 64 != 0 || !memory.contains(base, bytes(count))) {
            throw new IllegalArgumentException(count + " buffers of " + STRIDE + " bytes at 0x"
                    + Long.toHexString(base) + " do not fit the host memory, or the base is not a multiple of 64");
        }
        this.base = base;
        // The whole of the host's memory: pools of both directions lie in it.
        this.memory = memory.window(memory.base(), (int) memory.size());
        this.free = new int[count];
        this.taken = new boolean[count];
        for (int i = 0; i < count; i++) {
            free[i] = count - 1 - i;
        }
        this.available = count;
    }

    /** Bytes of memory that a pool of {@code count} buffers covers. */
    public static long bytes(int count) {
        return (long) count * STRIDE;
    }

    @Override
    public int bufferSize() {
        return SIZE;
    }

    @Override
    public DmaMemory memory() {
        return memory;
    }

    @Override
    public int take(long[] addresses, int[] handles, int from, int count) {
        int n = Math.min(count, available);
        Objects.checkFromIndexSize(from, n, Math.min(addresses.length, handles.length));
        for (int i = from; i < from + n; i++) {
            handles[i] = take();
            addresses[i] = address(handles[i]);
        }
        return n;
    }

    @Override
    public void give(int[] handles, int from, int count) {
        for (int i = from; i < from + count; i++) {
            give(handles[i]);
        }
    }

    /** Gives the buffers of the entries {@code [from, to)} back. */
    public void give(PacketBurst burst, int from, int to) {
        for (int i = from; i < to; i++) {
            give(burst.handle(i));
        }
    }

    /** Takes one buffer; call only with {@link #available()} above 0. */
    int take() {
        int handle = free[--available];
        taken[handle] = true;
        return handle;
    }

    /**
     * Gives one buffer back.
     *
     * @throws IllegalStateException if it is not taken: its owner gave it twice, or named a foreign one
     */
    void give(int handle) {
        if (handle < 0 || handle >= taken.length || !taken[handle]) {
            throw new IllegalStateException("buffer " + handle + " is not taken from this pool of " + taken.length
                    + "; it was given back twice or is not of this pool");
        }
        taken[handle] = false;
        free[available++] = handle;
    }

    /** Address of a buffer's first byte. */
    public long address(int handle) {
        return base + (long) handle * STRIDE;
    }

    /** Buffers that are not taken. */
    public int available() {
        return available;
    }

    /** Buffers in all. */
    public int count() {
        return free.length;
    }
}
