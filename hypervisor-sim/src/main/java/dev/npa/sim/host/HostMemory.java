package dev.npa.sim.host;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.ShellException;
import dev.npa.sim.machine.IommuDomain;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The part of host memory that a physical function may reach: whole pages, mapped in its IOMMU domain while they are
 * allocated. One caller at a time.
 */
final class HostMemory {

    /** Above 4 GiB, so that a driver that cuts addresses to 32 bits is found out. */
    static final long BASE = 1L << 32;

    private static final int PAGE = IommuDomain.PAGE;

    private final PhysicalMemory memory;
    private final IommuDomain domain;
    private final BitSet taken = new BitSet();
    private final Map<DmaMemory, Integer> windows = new IdentityHashMap<>();

    HostMemory(String name, long bytes) {
        memory = PhysicalMemory.allocate(BASE, bytes);
        domain = new IommuDomain(name, memory);
    }

    PhysicalMemory memory() {
        return memory;
    }

    IommuDomain domain() {
        return domain;
    }

    /**
     * Reserves whole pages for good and maps them.
     *
     * @return address of the first byte
     */
    long reserve(long bytes) {
        return takePages(Math.toIntExact((bytes + PAGE - 1) / PAGE), PAGE);
    }

    /**
     * Allocates a zeroed window.
     *
     * @throws ShellException if it does not fit
     */
    DmaMemory allocate(int bytes, int alignment) {
        if (bytes <= 0 || Integer.bitCount(alignment) != 1) {
            throw new ShellException("an allocation needs a size above 0 and an alignment that is a power of two; "
                    + "asked were " + bytes + " bytes aligned to " + alignment);
        }
        int pages = (bytes + PAGE - 1) / PAGE;
        long address = takePages(pages, Math.max(alignment, PAGE));
        memory.fill(address, pages * PAGE, (byte) 0);
        DmaMemory window = memory.window(address, bytes);
        windows.put(window, pages);
        return window;
    }

    /**
     * Frees, unmaps and revokes a window.
     *
     * @throws ShellException if it is not allocated
     */
    void free(DmaMemory window) {
        Integer pages = windows.remove(window);
        if (pages == null) {
            throw new ShellException("the memory at 0x" + Long.toHexString(window.address())
                    + " is not allocated here, or was freed before");
        }
        int first = (int) ((window.address() - BASE) / PAGE);
        domain.unmap(window.address(), (long) pages * PAGE);
        taken.clear(first, first + pages);
        window.revoke();
    }

    /** Windows that are allocated. */
    int allocated() {
        return windows.size();
    }

    private long takePages(int pages, int alignment) {
        int step = alignment / PAGE;
        int all = (int) (memory.size() / PAGE);
        int first = 0;
        while (first + pages <= all) {
            int used = taken.nextSetBit(first);
            if (used < 0 || used >= first + pages) {
                taken.set(first, first + pages);
                long address = BASE + (long) first * PAGE;
                domain.map(address, (long) pages * PAGE, IommuDomain.READ | IommuDomain.WRITE);
                return address;
            }
            first = (taken.nextClearBit(used) + step - 1) / step * step;
        }
        throw new ShellException("the host has no " + pages + " pages of DMA memory aligned to " + alignment + " left; "
                + taken.cardinality() + " of " + all + " are taken");
    }
}
