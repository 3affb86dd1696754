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

    private static final int CHUNK = 1 << 18;

    /** Made when they are first written; seen by the judge because it learns of a position after the fact. */
    private final ByteBuffer[] chunks = new ByteBuffer[CAPACITY / CHUNK];
    /** Everything from CAPACITY before this position on is intact. */
    private long reserved;

    /** Sender: appends two pieces of a buffer; returns their position. */
    long write(ByteBuffer from, int head, int headLength, int rest, int restLength) {
        int length = headLength + restLength;
        long at = reserved;
        int toEnd = CHUNK - (int) (at & CHUNK - 1);
        if (toEnd < length) {
            at += toEnd;
        }
        ByteBuffer bytes = chunk(at);
        if (bytes == null) {
            bytes = ByteBuffer.allocateDirect(CHUNK);
            chunks[(int) (at & CAPACITY - 1) / CHUNK] = bytes;
        }
        RESERVED.setOpaque(this, at + length);
        // What is overwritten must be seen as gone before the first new byte can be seen.
        VarHandle.storeStoreFence();
        int to = (int) (at & CHUNK - 1);
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

    private ByteBuffer chunk(long position) {
        return chunks[(int) (position & CAPACITY - 1) / CHUNK];
    }

    /** Judge: whether {@code length} bytes at a position, of one frame, are these. */
    boolean equal(long position, ByteBuffer other, int offset, int length) {
        ByteBuffer bytes = chunk(position);
        int at = (int) (position & CHUNK - 1);
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

    /** Judge: the byte at a position, unsigned. */
    int octet(long position) {
        return chunk(position).get((int) (position & CHUNK - 1)) & 0xFF;
    }

    /** Judge: the big-endian word at a position. */
    int word32(long position) {
        return chunk(position).getInt((int) (position & CHUNK - 1));
    }
}
