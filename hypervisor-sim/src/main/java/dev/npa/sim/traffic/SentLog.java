package dev.npa.sim.traffic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Tells the receiving side what was sent: a ring of primitive columns, one producing thread (the sender) and one
 * consuming thread (the judge).
 */
final class SentLog {

    static final int CAPACITY = 1 << 13;
    private static final int MASK = CAPACITY - 1;
    private static final VarHandle PRODUCED;
    private static final VarHandle CONSUMED;

    static {
        try {
            PRODUCED = MethodHandles.lookup().findVarHandle(SentLog.class, "produced", long.class);
            CONSUMED = MethodHandles.lookup().findVarHandle(SentLog.class, "consumed", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] content = new long[CAPACITY];
    private final long[] flow = new long[CAPACITY];
    private final long[] nanos = new long[CAPACITY];
    private final long[] realNanos = new long[CAPACITY];
    private final int[] phase = new int[CAPACITY];
    private final long[] key = new long[CAPACITY];
    private final long[] bytes = new long[CAPACITY];
    private final int[] length = new int[CAPACITY];
    private final int[] payload = new int[CAPACITY];
    private long produced;
    private long consumed;

    /** Producer: whether {@link #add} may be called so many times. */
    boolean hasRoom(int frames) {
        return produced + frames - (long) CONSUMED.getAcquire(this) <= CAPACITY;
    }

    /**
     * Producer: tells of a frame.
     *
     * @param position its bytes in the {@link ByteLog}
     */
    void add(FrameIdentity frame, long position, long flowKey, long sentNanos, long sentRealNanos, int phaseNumber) {
        int s = (int) (produced & MASK);
        content[s] = frame.content;
        key[s] = frame.key;
        bytes[s] = position;
        length[s] = frame.length();
        payload[s] = frame.payload;
        flow[s] = flowKey;
        nanos[s] = sentNanos;
        realNanos[s] = sentRealNanos;
        phase[s] = phaseNumber;
        // Release: the judge that sees the count sees the columns.
        PRODUCED.setRelease(this, produced + 1);
    }

    /** Consumer: end of what can be read; acquires it. */
    long available() {
        return (long) PRODUCED.getAcquire(this);
    }

    /** Consumer: order of the next frame to read. */
    long position() {
        return consumed;
    }

    /** Consumer: gives back everything before {@code order}. */
    void consume(long order) {
        CONSUMED.setRelease(this, order);
    }

    long content(long order) {
        return content[(int) (order & MASK)];
    }

    long key(long order) {
        return key[(int) (order & MASK)];
    }

    /** Where the frame's bytes are in the {@link ByteLog}. */
    long bytes(long order) {
        return bytes[(int) (order & MASK)];
    }

    int length(long order) {
        return length[(int) (order & MASK)];
    }

    int payload(long order) {
        return payload[(int) (order & MASK)];
    }

    long flow(long order) {
        return flow[(int) (order & MASK)];
    }

    long nanos(long order) {
        return nanos[(int) (order & MASK)];
    }

    long realNanos(long order) {
        return realNanos[(int) (order & MASK)];
    }

    int phase(long order) {
        return phase[(int) (order & MASK)];
    }
}
