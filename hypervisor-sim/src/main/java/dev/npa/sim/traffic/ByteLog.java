package dev.npa.sim.traffic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * The bytes of the frames sent last, for a comparison in full: a ring into which the sender writes without asking and
 * from which the judge reads what is still there. A read tells afterwards whether it was overtaken.
 */
final class ByteLog {

    /** More than all queues between two ends hold. */
    static final int CAPACITY = 1 << 23;
    private static final VarHandle RESERVED;

    static {
        try {
            RESERVED = MethodHandles.lookup().findVarHandle(ByteLog.class, "reserved", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(CAPACITY);
    /** Everything from CAPACITY before this position on is intact. */
    private long reserved;

    /** Sender: appends two pieces of a buffer; returns their position. */
    long write(ByteBuffer from, int head, int headLength, int rest, int restLength) {
        int length = headLength + restLength;
        long at = reserved;
        int toEnd = CAPACITY - (int) (at & CAPACITY - 1);
        if (toEnd < length) {
            at += toEnd;
        }
        RESERVED.setOpaque(this, at + length);
        // What is overwritten must be seen as gone before the first new byte can be seen.
        VarHandle.storeStoreFence();
        int to = (int) (at & CAPACITY - 1);
        bytes.put(to, from, head, headLength);
        bytes.put(to + headLength, from, rest, restLength);
        return at;
    }

    /** Judge: whether what was read at this position was still what the sender wrote; to be asked after reading. */
    boolean holds(long position) {
        // The reads come before the look at how far the sender has got since.
        VarHandle.loadLoadFence();
        return (long) RESERVED.getOpaque(this) - position <= CAPACITY;
    }

    /** Judge: whether {@code length} bytes at a position are these. */
    boolean equal(long position, ByteBuffer other, int offset, int length) {
        int at = (int) (position & CAPACITY - 1);
        int i = 0;
        for (; length - i >= 8; i += 8) {
            if (bytes.getLong(at + i) != other.getLong(offset + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (bytes.get(at + i) != other.get(offset + i)) {
                return false;
            }
        }
        return true;
    }

    /** The bytes; those of a position begin at {@link #index}. */
    ByteBuffer buffer() {
        return bytes;
    }

    static int index(long position) {
        return (int) (position & CAPACITY - 1);
    }
}
