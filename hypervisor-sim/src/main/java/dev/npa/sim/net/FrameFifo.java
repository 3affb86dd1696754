package dev.npa.sim.net;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A queue of Ethernet frames (without FCS) with a limit in bytes, as a NIC's packet buffer or a switch port's queue has
 * one: a byte ring of variable records. One producer thread and one consumer thread.
 *
 * <p>Each record carries the frame, a time in nanoseconds and a word of metadata. Nothing is allocated after
 * construction.
 */
public final class FrameFifo {

    /** Bytes of bookkeeping that a frame costs beside its own bytes, rounded up to a multiple of 8. */
    public static final int OVERHEAD = 16;

    private static final int SKIP = -1;
    private static final VarHandle PRODUCED;
    private static final VarHandle CONSUMED;

    static {
        try {
            PRODUCED = MethodHandles.lookup().findVarHandle(FrameFifo.class, "produced", long.class);
            CONSUMED = MethodHandles.lookup().findVarHandle(FrameFifo.class, "consumed", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ByteBuffer bytes;
    private final int capacity;
    private long produced;
    private long consumed;
    private long framesIn;
    private long framesOut;

    /**
     * Creates an empty queue.
     *
     * @param capacity bytes, a power of two, at least 32 KiB
     */
    public FrameFifo(int capacity) {
        if (Integer.bitCount(capacity) != 1 || capacity < 32 * 1024) {
            throw new IllegalArgumentException("capacity " + capacity + " is not a power of two of at least 32768");
        }
        this.capacity = capacity;
        this.bytes = ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Producer: whether a frame of {@code length} bytes fits now. */
    public boolean hasRoom(int length) {
        int need = need(length);
        int toEnd = capacity - (int) (produced & (capacity - 1));
        int total = need <= toEnd ? need : toEnd + need;
        return (long) total <= capacity - (produced - (long) CONSUMED.getAcquire(this));
    }

    /**
     * Producer: appends a copy of a frame.
     *
     * @param source buffer with the frame; its position is neither read nor moved
     * @param nanos time to keep with the frame
     * @param meta word to keep with the frame
     * @return false if there is no room; nothing changed
     */
    public boolean offer(ByteBuffer source, int offset, int length, long nanos, int meta) {
        if (!hasRoom(length)) {
            return false;
        }
        int at = begin(length);
        bytes.put(at + OVERHEAD, source, offset, length);
        commit(at, length, nanos, meta);
        return true;
    }

    /**
     * Producer: reserves room for a frame that the caller then writes into {@link #buffer()} at the returned offset and
     * publishes with {@link #publish}.
     *
     * @return offset of the frame's first byte in {@link #buffer()}, or -1 if there is no room
     */
    public int reserve(int length) {
        return hasRoom(length) ? begin(length) + OVERHEAD : -1;
    }

    /** Producer: publishes the frame reserved at {@code offset}; it may have become shorter. */
    public void publish(int offset, int length, long nanos, int meta) {
        commit(offset - OVERHEAD, length, nanos, meta);
    }

    private int begin(int length) {
        int at = (int) (produced & (capacity - 1));
        if (need(length) > capacity - at) {
            bytes.putInt(at, SKIP);
            // Release: the consumer may step over the mark before the record behind it is there.
            PRODUCED.setRelease(this, produced + capacity - at);
            at = 0;
        }
        return at;
    }

    private void commit(int at, int length, long nanos, int meta) {
        bytes.putInt(at, length);
        bytes.putInt(at + 4, meta);
        bytes.putLong(at + 8, nanos);
        framesIn++;
        // Release: the consumer that sees the new position sees the record.
        PRODUCED.setRelease(this, produced + need(length));
    }

    /** Consumer: offset of the oldest frame's first byte in {@link #buffer()}, or -1 when the queue is empty. */
    public int peek() {
        long end = (long) PRODUCED.getAcquire(this);
        if (consumed == end) {
            return -1;
        }
        int at = (int) (consumed & (capacity - 1));
        if (bytes.getInt(at) == SKIP) {
            long next = consumed + capacity - at;
            CONSUMED.setRelease(this, next);
            return next == end ? -1 : OVERHEAD;
        }
        return at + OVERHEAD;
    }

    /** Consumer: length of the frame at {@code offset} as {@link #peek} gave it. */
    public int length(int offset) {
        return bytes.getInt(offset - OVERHEAD);
    }

    public int meta(int offset) {
        return bytes.getInt(offset - OVERHEAD + 4);
    }

    public long nanos(int offset) {
        return bytes.getLong(offset - OVERHEAD + 8);
    }

    /** Consumer: drops the oldest frame, which {@link #peek} has just returned. */
    public void remove(int offset) {
        framesOut++;
        CONSUMED.setRelease(this, consumed + need(length(offset)));
    }

    /** The bytes behind offsets. Little-endian; frames are in the order of the wire. */
    public ByteBuffer buffer() {
        return bytes;
    }

    public boolean isEmpty() {
        return (long) PRODUCED.getAcquire(this) == (long) CONSUMED.getAcquire(this);
    }

    /** Bytes in use, bookkeeping included. */
    public int used() {
        return (int) ((long) PRODUCED.getAcquire(this) - (long) CONSUMED.getAcquire(this));
    }

    public int capacity() {
        return capacity;
    }

    /** Frames ever appended; exact for the producer. */
    public long framesIn() {
        return framesIn;
    }

    /** Frames ever removed; exact for the consumer. */
    public long framesOut() {
        return framesOut;
    }

    private static int need(int length) {
        return OVERHEAD + (length + 7 & ~7);
    }
}
