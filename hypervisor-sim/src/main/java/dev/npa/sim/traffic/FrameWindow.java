package dev.npa.sim.traffic;

/**
 * The frames of one direction that a receiver can still meet: columns of primitives in a ring, oldest first, with a
 * hash index by content. Entries are named by a running index; {@code [first, end)} are held. One thread.
 */
final class FrameWindow {

    static final byte WAITING = 0;
    static final byte OVERDUE = 1;
    static final byte RECEIVED = 2;

    private long[] content;
    private long[] order;
    private long[] nanos;
    private long[] realNanos;
    private int[] flow;
    private int[] phase;
    private byte[] state;
    /** Ring slot + 1 of the youngest entry of a bucket; 0 = none. */
    private int[] buckets;
    /** Ring slot + 1 of the next older entry of the same bucket. */
    private int[] older;
    private long first;
    private long end;

    /** @param capacity entries, a power of two */
    FrameWindow(int capacity) {
        allocate(capacity);
    }

    private void allocate(int capacity) {
        content = new long[capacity];
        order = new long[capacity];
        nanos = new long[capacity];
        realNanos = new long[capacity];
        flow = new int[capacity];
        phase = new int[capacity];
        state = new byte[capacity];
        older = new int[capacity];
        buckets = new int[2 * capacity];
    }

    int capacity() {
        return state.length;
    }

    boolean isFull() {
        return end - first == state.length;
    }

    boolean isEmpty() {
        return end == first;
    }

    long first() {
        return first;
    }

    long end() {
        return end;
    }

    boolean holds(long index) {
        return index >= first && index < end;
    }

    /** Appends an entry that waits; there must be room. Returns its index. */
    long add(long frameContent, long frameOrder, int flowNumber, int phaseNumber, long sentNanos, long sentRealNanos) {
        int s = slot(end);
        content[s] = frameContent;
        order[s] = frameOrder;
        flow[s] = flowNumber;
        phase[s] = phaseNumber;
        nanos[s] = sentNanos;
        realNanos[s] = sentRealNanos;
        state[s] = WAITING;
        link(s);
        return end++;
    }

    /** Index of the oldest entry with this content that was not received, else of any with it; -1 if there is none. */
    long find(long frameContent) {
        long found = -1;
        boolean foundWaits = false;
        int newest = slot(end - 1);
        for (int s = buckets[bucket(frameContent)] - 1; s >= 0; s = older[s] - 1) {
            if (content[s] == frameContent) {
                boolean waits = state[s] != RECEIVED;
                // The chain runs from young to old: a later hit is an older entry.
                if (waits || !foundWaits) {
                    found = end - 1 - (newest - s & state.length - 1);
                    foundWaits |= waits;
                }
            }
        }
        return found;
    }

    void removeOldest() {
        int s = slot(first);
        int b = bucket(content[s]);
        if (buckets[b] == s + 1) {
            buckets[b] = 0;
        } else {
            int at = buckets[b] - 1;
            while (older[at] != s + 1) {
                at = older[at] - 1;
            }
            older[at] = 0;
        }
        first++;
    }

    /** Doubles the capacity. */
    void grow() {
        int oldCapacity = state.length;
        long[] oldContent = content;
        long[] oldOrder = order;
        long[] oldNanos = nanos;
        long[] oldReal = realNanos;
        int[] oldFlow = flow;
        int[] oldPhase = phase;
        byte[] oldState = state;
        allocate(2 * oldCapacity);
        for (long i = first; i < end; i++) {
            int from = (int) (i & oldCapacity - 1);
            int to = slot(i);
            content[to] = oldContent[from];
            order[to] = oldOrder[from];
            nanos[to] = oldNanos[from];
            realNanos[to] = oldReal[from];
            flow[to] = oldFlow[from];
            phase[to] = oldPhase[from];
            state[to] = oldState[from];
            link(to);
        }
    }

    long content(long index) {
        return content[slot(index)];
    }

    long order(long index) {
        return order[slot(index)];
    }

    long nanos(long index) {
        return nanos[slot(index)];
    }

    long realNanos(long index) {
        return realNanos[slot(index)];
    }

    int flow(long index) {
        return flow[slot(index)];
    }

    int phase(long index) {
        return phase[slot(index)];
    }

    byte state(long index) {
        return state[slot(index)];
    }

    void state(long index, byte newState) {
        state[slot(index)] = newState;
    }

    private void link(int s) {
        int b = bucket(content[s]);
        older[s] = buckets[b];
        buckets[b] = s + 1;
    }

    private int slot(long index) {
        return (int) (index & state.length - 1);
    }

    private int bucket(long frameContent) {
        return (int) (frameContent >>> 7 & buckets.length - 1);
    }
}
