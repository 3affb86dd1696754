package dev.npa.shell.runtime.memory;

import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.ShellException;
import java.util.Map;
import java.util.TreeMap;

/**
 * First-fit allocator over a machine's physical memory. The first 64 KiB stay unused, as firmware tables would be
 * there, so that address 0 is never a valid buffer. Control plane only; any virtual CPU.
 */
public final class PhysicalAllocator {

    /** Bytes at the start of the memory that are never given away. */
    public static final int RESERVED = 64 * 1024;
    /** Smallest alignment and granule: a cache line. */
    public static final int GRANULE = 64;

    private final PhysicalMemory memory;
    private final TreeMap<Long, Long> free = new TreeMap<>();
    private final TreeMap<Long, Long> used = new TreeMap<>();

    public PhysicalAllocator(PhysicalMemory memory) {
        this.memory = memory;
        if (memory.size() > RESERVED) {
            free.put(memory.base() + RESERVED, memory.size() - RESERVED);
        }
    }

    /**
     * Allocates zeroed memory.
     *
     * @param bytes positive; rounded up to a multiple of {@link #GRANULE}
     * @param alignment a power of two; at least {@link #GRANULE} is given
     * @return physical address of the first byte
     * @throws ShellException if no free range is long enough
     */
    public long allocate(int bytes, int alignment) {
        long start = allocateAsIs(bytes, alignment);
        memory.fill(start, bytes, (byte) 0);
        return start;
    }

    /** The same without zeroing: for memory that is written before anybody reads it, as packet buffers are. */
    public synchronized long allocateAsIs(int bytes, int alignment) {
        if (bytes <= 0 || Integer.bitCount(alignment) != 1) {
            throw new ShellException("cannot allocate " + bytes + " bytes aligned to " + alignment
                    + ": the size must be positive and the alignment a power of two");
        }
        long length = (bytes + (GRANULE - 1L)) & -GRANULE;
        long align = Math.max(alignment, GRANULE);
        for (Map.Entry<Long, Long> range : free.entrySet()) {
            long start = (range.getKey() + align - 1) & -align;
            if (start + length <= range.getKey() + range.getValue()) {
                carve(range.getKey(), range.getValue(), start, length);
                return start;
            }
        }
        throw new ShellException("no " + bytes + " bytes of guest memory aligned to " + align + " are free; "
                + freeBytes() + " bytes are free in " + free.size() + " ranges");
    }

    private void carve(long rangeStart, long rangeLength, long start, long length) {
        free.remove(rangeStart);
        if (start > rangeStart) {
            free.put(rangeStart, start - rangeStart);
        }
        long tail = rangeStart + rangeLength - start - length;
        if (tail > 0) {
            free.put(start + length, tail);
        }
        used.put(start, length);
    }

    /**
     * Frees what {@link #allocate} gave.
     *
     * @throws ShellException if nothing is allocated at this address
     */
    public synchronized void free(long address) {
        Long length = used.remove(address);
        if (length == null) {
            throw new ShellException("0x" + Long.toHexString(address) + " is not an allocation; it was freed before or "
                    + "never given");
        }
        long start = address;
        long end = address + length;
        Map.Entry<Long, Long> below = free.floorEntry(start);
        if (below != null && below.getKey() + below.getValue() == start) {
            start = below.getKey();
        }
        Long above = free.remove(end);
        free.put(start, (above == null ? end : end + above) - start);
    }

    /** Bytes that are free, possibly in several ranges. */
    public synchronized long freeBytes() {
        return free.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Number of allocations that are in use. */
    public int allocations() {
        return used.size();
    }

    /** The memory that is given away. */
    public PhysicalMemory memory() {
        return memory;
    }
}
