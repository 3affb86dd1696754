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
    private long produced;
    private long consumed;

    /** Producer: whether {@link #add} may be called. */
    boolean hasRoom() {
        return produced - (long) CONSUMED.getAcquire(this) < CAPACITY;
    }

    /** Producer: order of the next frame, from 0. */
    long next() {
        return produced;
    }

    void add(long frameContent, long flowKey, long sentNanos, long sentRealNanos, int phaseNumber) {
        int s = (int) (produced & MASK);
        content[s] = frameContent;
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
