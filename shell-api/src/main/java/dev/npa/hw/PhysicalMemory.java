package dev.npa.hw;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The physical memory of one machine: a contiguous range of physical addresses {@code [base, base + size)}, little
 * endian, off heap.
 *
 * <p>Only direct buffers ever enter this class, so that its accessors see a single buffer type and inline.
 * Addresses are physical addresses, not offsets. Any access outside the range throws {@link AccessFault}.
 *
 * <p><b>Threading.</b> Accessors may be called from any thread; only the {@code Acquire} and {@code Release} forms
 * order accesses between threads. They need natural alignment.
 */
public final class PhysicalMemory {

    private static final int PAGE = 4096;
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final ByteBuffer bytes;
    private final long base;
    private final long size;

    private PhysicalMemory(ByteBuffer bytes, long base) {
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
        this.base = base;
        this.size = bytes.capacity();
    }

    /**
     * Allocates zeroed memory.
     *
     * @param base physical address of the first byte, a multiple of 4096
     * @param size bytes, a positive multiple of 4096, at most 2 GiB - 4096
     */
    public static PhysicalMemory allocate(long base, long size) {
        checkShape(base, size);
        ByteBuffer raw = ByteBuffer.allocateDirect(Math.toIntExact(size + PAGE));
        return new PhysicalMemory(raw.alignedSlice(PAGE).slice(0, (int) size), base);
    }

    /**
     * Maps a file as memory, so that another process can share it. The file is created or extended to {@code size};
     * what it already holds stays.
     */
    public static PhysicalMemory map(Path file, long base, long size) throws IOException {
        checkShape(base, size);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            return new PhysicalMemory(channel.map(FileChannel.MapMode.READ_WRITE, 0, size), base);
        }
    }

    private static void checkShape(long base, long size) {
        if (base < 0 || base % PAGE != 0 || size <= 0 || size % PAGE != 0 || size > Integer.MAX_VALUE - 2L * PAGE) {
            throw new IllegalArgumentException("memory of " + size + " bytes at 0x" + Long.toHexString(base)
                    + ": base and size must be multiples of 4096 and the size below 2 GiB");
        }
    }

    /** Physical address of the first byte. */
    public long base() {
        return base;
    }

    /** Size in bytes. */
    public long size() {
        return size;
    }

    /** Whether {@code [address, address + length)} lies inside this memory. */
    public boolean contains(long address, long length) {
        long offset = address - base;
        return offset >= 0 && length >= 0 && offset <= size - length;
    }

    /**
     * A revocable window over {@code [address, address + length)}.
     *
     * @throws AccessFault if the range is not inside this memory
     */
    public DmaMemory window(long address, int length) {
        int offset = offset(address, length);
        return new DmaMemory(bytes.slice(offset, length), address);
    }

    /**
     * A part of this memory as a memory of its own, over the same bytes.
     *
     * @param address first byte, a multiple of 4096
     * @param length a positive multiple of 4096
     * @throws AccessFault if the range is not inside
     */
    public PhysicalMemory slice(long address, int length) {
        checkShape(address, length);
        return new PhysicalMemory(bytes.slice(offset(address, length), length), address);
    }

    public byte getByte(long address) {
        return bytes.get(offset(address, 1));
    }

    public void putByte(long address, byte value) {
        bytes.put(offset(address, 1), value);
    }

    public short getShort(long address) {
        return bytes.getShort(offset(address, 2));
    }

    public void putShort(long address, short value) {
        bytes.putShort(offset(address, 2), value);
    }

    public int getInt(long address) {
        return bytes.getInt(offset(address, 4));
    }

    public void putInt(long address, int value) {
        bytes.putInt(offset(address, 4), value);
    }

    public long getLong(long address) {
        return bytes.getLong(offset(address, 8));
    }

    public void putLong(long address, long value) {
        bytes.putLong(offset(address, 8), value);
    }

    public int getIntAcquire(long address) {
        return (int) INT.getAcquire(bytes, aligned(address, 4));
    }

    public void putIntRelease(long address, int value) {
        INT.setRelease(bytes, aligned(address, 4), value);
    }

    public long getLongAcquire(long address) {
        return (long) LONG.getAcquire(bytes, aligned(address, 8));
    }

    public void putLongRelease(long address, long value) {
        LONG.setRelease(bytes, aligned(address, 8), value);
    }

    /** Copies {@code length} bytes from this memory into {@code target}, whose position is neither read nor moved. */
    public void copyTo(long address, ByteBuffer target, int targetOffset, int length) {
        target.put(targetOffset, bytes, offset(address, length), length);
    }

    /** Copies {@code length} bytes from {@code source}, whose position is neither read nor moved, into this memory. */
    public void copyFrom(long address, ByteBuffer source, int sourceOffset, int length) {
        bytes.put(offset(address, length), source, sourceOffset, length);
    }

    public void copyTo(long address, byte[] target, int targetOffset, int length) {
        bytes.get(offset(address, length), target, targetOffset, length);
    }

    public void copyFrom(long address, byte[] source, int sourceOffset, int length) {
        bytes.put(offset(address, length), source, sourceOffset, length);
    }

    /** Copies {@code length} bytes within this memory; the ranges may overlap. */
    public void copy(long from, long to, int length) {
        bytes.put(offset(to, length), bytes, offset(from, length), length);
    }

    /** Sets {@code length} bytes to {@code value}. */
    public void fill(long address, int length, byte value) {
        int from = offset(address, length);
        for (int i = 0; i < length; i++) {
            bytes.put(from + i, value);
        }
    }

    private int offset(long address, int width) {
        long offset = address - base;
        if (offset < 0 || width < 0 || offset > size - width) {
            throw outside(address, width);
        }
        return (int) offset;
    }

    private int aligned(long address, int width) {
        if ((address & (width - 1)) != 0) {
            throw new AccessFault("ordered " + width + "-byte access at 0x" + Long.toHexString(address)
                    + " is not aligned");
        }
        return offset(address, width);
    }

    private AccessFault outside(long address, int width) {
        return new AccessFault(width + " bytes at 0x" + Long.toHexString(address) + " are outside the memory [0x"
                + Long.toHexString(base) + ", 0x" + Long.toHexString(base + size) + ")");
    }
}
