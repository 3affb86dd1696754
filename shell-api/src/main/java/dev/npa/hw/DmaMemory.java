package dev.npa.hw;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A window of physical memory that a driver and a device share: rings, status blocks, packet areas.
 *
 * <p>Offsets are bytes from the start of the window, little-endian. {@link #address()} is what goes into a device's
 * address register. The window can be revoked by whoever created it; from then on every access throws
 * {@link AccessFault}, so that a stale holder cannot scribble over memory that belongs to somebody else by now.
 *
 * <p><b>Ordering.</b> On a data path use plain accesses inside the loop and one {@link #acquireFence()} or
 * {@link #releaseFence()} (or one ordered access) a burst: an ordered access inside a loop makes the JIT reload the
 * buffer's fields each time round. Ordered accessors need natural alignment.
 *
 * <p><b>Threading.</b> Revocation takes effect for threads that synchronise with it; a data path must be at rest
 * (quiesced) before its windows are revoked.
 */
public final class DmaMemory {

    private static final ByteBuffer REVOKED = ByteBuffer.allocateDirect(0).order(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long address;
    private final int length;
    private ByteBuffer bytes;

    DmaMemory(ByteBuffer slice, long address) {
        this.bytes = slice.order(ByteOrder.LITTLE_ENDIAN);
        this.address = address;
        this.length = slice.capacity();
    }

    /** Address of the first byte as a device sees it. */
    public long address() {
        return address;
    }

    /** Length in bytes, also after revocation. */
    public int length() {
        return length;
    }

    /** Makes every further access fail. Idempotent. */
    public void revoke() {
        bytes = REVOKED;
    }

    public boolean isRevoked() {
        return bytes == REVOKED;
    }

    public byte getByte(int offset) {
        try {
            return bytes.get(offset);
        } catch (IndexOutOfBoundsException e) {
            throw fault(offset, 1);
        }
    }

    public void putByte(int offset, byte value) {
        try {
            bytes.put(offset, value);
        } catch (IndexOutOfBoundsException e) {
            throw fault(offset, 1);
        }
    }

    public short getShort(int offset) {
        try {
            return bytes.getShort(offset);
        } catch (IndexOutOfBoundsException e) {
            throw fault(offset, 2);
        }
    }

    public void putShort(int offset, short value) {
        try {
            bytes.putShort(offset, value);
        } catch (IndexOutOfBoundsException e) {
            throw fault(offset, 2);
        }
    }

    public int getInt(int offset) {
        try {
            return bytes.getInt(offset);
        } catch (IndexOutOfBoundsException e) {
            throw fault(offset, 4);
        }
    }

    public void putInt(int offset, int value) {
        try {
            bytes.putInt(offset, value);
        } catch (IndexOutOfBoundsException e) {
            throw fault(offset, 4);
        }
    }

    public long getLong(int offset) {
        try {
            return bytes.getLong(offset);
        } catch (IndexOutOfBoundsException e) {
            throw fault(offset, 8);
        }
    }

    public void putLong(int offset, long value) {
        try {
            bytes.putLong(offset, value);
        } catch (IndexOutOfBoundsException e) {
            throw fault(offset, 8);
        }
    }

    public int getIntAcquire(int offset) {
        try {
            return (int) INT.getAcquire(bytes, offset);
        } catch (IndexOutOfBoundsException e) {
            throw fault(offset, 4);
        }
    }

    public void putIntRelease(int offset, int value) {
        try {
            INT.setRelease(bytes, offset, value);
        } catch (IndexOutOfBoundsException e) {
            throw fault(offset, 4);
        }
    }

    public long getLongAcquire(int offset) {
        try {
            return (long) LONG.getAcquire(bytes, offset);
        } catch (IndexOutOfBoundsException e) {
            throw fault(offset, 8);
        }
    }

    public void putLongRelease(int offset, long value) {
        try {
            LONG.setRelease(bytes, offset, value);
        } catch (IndexOutOfBoundsException e) {
            throw fault(offset, 8);
        }
    }

    /** Copies bytes out of the window. */
    public void get(int offset, byte[] target, int from, int count) {
        try {
            bytes.get(offset, target, from, count);
        } catch (IndexOutOfBoundsException e) {
            throw fault(offset, count);
        }
    }

    /** Copies bytes into the window. */
    public void put(int offset, byte[] source, int from, int count) {
        try {
            bytes.put(offset, source, from, count);
        } catch (IndexOutOfBoundsException e) {
            throw fault(offset, count);
        }
    }

    /** Zeroes the whole window. */
    public void clear() {
        for (int i = 0; i < length; i++) {
            putByte(i, (byte) 0);
        }
    }

    /** Loads before the fence are not reordered with loads and stores after it. */
    public static void acquireFence() {
        VarHandle.acquireFence();
    }

    /** Loads and stores before the fence are not reordered with stores after it. */
    public static void releaseFence() {
        VarHandle.releaseFence();
    }

    /**
     * Loads and stores before the fence are not reordered with loads and stores after it; also orders a store before a
     * load, as when a driver publishes work and then looks whether the device still watches the ring. Expensive: only
     * where that question is asked.
     */
    public static void fullFence() {
        VarHandle.fullFence();
    }

    private AccessFault fault(int offset, int width) {
        String window = "DMA window of " + length + " bytes at 0x" + Long.toHexString(address);
        return new AccessFault(isRevoked()
                ? window + " was revoked; its holder must not use it any more (offset " + offset + ")"
                : width + " bytes at offset " + offset + " are outside the " + window);
    }
}
