package dev.npa.sim.machine;

import dev.npa.hw.PhysicalMemory;

/**
 * One IOMMU domain: which addresses of one machine's memory a device function may read and write. I/O virtual
 * addresses equal physical addresses of the machine; a page is either mapped or not.
 *
 * <p>A flat table of 4 KiB pages with read and write bits: one array load a translation. Mapping and unmapping happen
 * while the function's DMA is at rest.
 */
public final class IommuDomain {

    /** Page size in bytes. */
    public static final int PAGE = 4096;
    private static final int PAGE_SHIFT = 12;
    /** The device may read. */
    public static final byte READ = 1;
    /** The device may write. */
    public static final byte WRITE = 2;

    private final String name;
    private final PhysicalMemory memory;
    private final long base;
    private final long size;
    private final byte[] access;

    public IommuDomain(String name, PhysicalMemory memory) {
        this.name = name;
        this.memory = memory;
        this.base = memory.base();
        this.size = memory.size();
        this.access = new byte[Math.toIntExact(memory.size() / PAGE)];
    }

    public String name() {
        return name;
    }

    public PhysicalMemory memory() {
        return memory;
    }

    /** Allows accesses to whole pages of {@code [address, address + length)}. */
    public void map(long address, long length, int permissions) {
        set(address, length, (byte) permissions);
    }

    /** Forbids all accesses to these pages. */
    public void unmap(long address, long length) {
        set(address, length, (byte) 0);
    }

    /** Pages that are mapped with any permission. */
    public int mappedPages() {
        int count = 0;
        for (byte b : access) {
            count += b == 0 ? 0 : 1;
        }
        return count;
    }

    /** Whether the device may do this access. */
    public boolean permits(long address, long length, int permission) {
        long offset = address - base;
        if (offset < 0 || length <= 0 || offset > size - length) {
            return false;
        }
        int first = (int) (offset >>> PAGE_SHIFT);
        int last = (int) (offset + length - 1 >>> PAGE_SHIFT);
        return (access[first] & permission) != 0 && (first == last || permits(first + 1, last, permission));
    }

    private boolean permits(int first, int last, int permission) {
        for (int page = first; page <= last; page++) {
            if ((access[page] & permission) == 0) {
                return false;
            }
        }
        return true;
    }

    private void set(long address, long length, byte permissions) {
        if (address % PAGE != 0 || length % PAGE != 0 || !memory.contains(address, length)) {
            throw new IllegalArgumentException("IOMMU domain " + name + ": [0x" + Long.toHexString(address) + ", +"
                    + length + ") is not whole pages of the machine's memory");
        }
        int first = (int) ((address - memory.base()) / PAGE);
        java.util.Arrays.fill(access, first, first + (int) (length / PAGE), permissions);
    }
}
