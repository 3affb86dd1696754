package dev.npa.sim.traffic;

import java.util.function.LongPredicate;

/**
 * The frames of one direction that a receiver can still meet: columns of primitives in a ring, oldest first, with a
 * hash index by key. Entries are named by a running index; {@code [first, end)} are held. One thread.
 *
 * <p>Frames mostly arrive in the order in which they were sent. So a search looks at the oldest that was not received
 * first, and what was added enters the hash index only when a search has to go there: as long as all is in order the
 * columns are passed through from one end to the other, which caches like.
 */
final class FrameWindow {

    static final byte WAITING = 0;
    static final byte OVERDUE = 1;
    static final byte RECEIVED = 2;

    private long[] key;
    private long[] content;
    private long[] order;
    private long[] bytes;
    private long[] nanos;
    private long[] realNanos;
    private int[] flow;
    private int[] phase;
    private int[] length;
    private int[] payload;
    private byte[] state;
    /** Ring slot + 1 of the youngest entry of a bucket; 0 = none. */
    private int[] buckets;
    /** Ring slot + 1 of the next older entry of the same bucket. */
    private int[] older;
    private long first;
    private long end;
    /** All before it was received. */
    private long firstOpen;
    /** All before it that is held is in the hash index. */
    private long linked;

    /** @param capacity entries, a power of two */
    FrameWindow(int capacity) {
        allocate(capacity);
    }

    private void allocate(int capacity) {
        key = new long[capacity];
        content = new long[capacity];
        order = new long[capacity];
        bytes = new long[capacity];
        nanos = new long[capacity];
        realNanos = new long[capacity];
        flow = new int[capacity];
        phase = new int[capacity];
        length = new int[capacity];
        payload = new int[capacity];
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

    /** Appends a sent frame, which waits; there must be room. Returns its index. */
    long add(SentLog log, long at, int flowNumber) {
        int s = slot(end);
        key[s] = log.key(at);
        content[s] = log.content(at);
        order[s] = at;
        bytes[s] = log.bytes(at);
        length[s] = log.length(at);
        payload[s] = log.payload(at);
        flow[s] = flowNumber;
        phase[s] = log.phase(at);
        nanos[s] = log.nanos(at);
        realNanos[s] = log.realNanos(at);
        state[s] = WAITING;
        return end++;
    }

    /** Appends a copy of an entry of another window; there must be room. */
    long add(FrameWindow other, long index) {
        int from = other.slot(index);
        int s = slot(end);
        copy(other.key, other.content, other.order, other.bytes, other.nanos, other.realNanos, from, s);
        copy(other.length, other.payload, other.flow, other.phase, other.state, from, s);
        return end++;
    }

    private void copy(long[] keys, long[] contents, long[] orders, long[] positions, long[] times, long[] realTimes,
            int from, int to) {
        key[to] = keys[from];
        content[to] = contents[from];
        order[to] = orders[from];
        bytes[to] = positions[from];
        nanos[to] = times[from];
        realNanos[to] = realTimes[from];
    }

    private void copy(int[] lengths, int[] payloads, int[] flows, int[] phases, byte[] states, int from, int to) {
        length[to] = lengths[from];
        payload[to] = payloads[from];
        flow[to] = flows[from];
        phase[to] = phases[from];
        state[to] = states[from];
    }

    /**
     * Index of the oldest entry with this key and content that was not received, else of any with them; -1 if there is
     * none.
     */
    long find(long frameKey, long frameContent) {
        if (passReceived()) {
            int s = slot(firstOpen);
            if (key[s] == frameKey && content[s] == frameContent) {
                return firstOpen;
            }
        }
        linkAll();
        int found = -1;
        boolean foundWaits = false;
        for (int s = buckets[bucket(frameKey)] - 1; s >= 0; s = older[s] - 1) {
            // The chain runs from young to old: a later hit is an older entry.
            if (key[s] == frameKey && content[s] == frameContent) {
                boolean waits = state[s] != RECEIVED;
                found = waits || !foundWaits ? s : found;
                foundWaits |= waits;
            }
        }
        return found < 0 ? -1 : index(found);
    }

    /**
     * The same with a condition in place of the content.
     *
     * @param same whether the entry of an index is meant
     */
    long find(long frameKey, LongPredicate same) {
        if (passReceived() && key[slot(firstOpen)] == frameKey && same.test(firstOpen)) {
            return firstOpen;
        }
        linkAll();
        int found = -1;
        boolean foundWaits = false;
        for (int s = buckets[bucket(frameKey)] - 1; s >= 0; s = older[s] - 1) {
            if (key[s] == frameKey) {
                boolean waits = state[s] != RECEIVED;
                if ((waits || !foundWaits) && same.test(index(s))) {
                    found = s;
                    foundWaits |= waits;
                }
            }
        }
        return found < 0 ? -1 : index(found);
    }

    private long index(int s) {
        return end - 1 - (slot(end - 1) - s & state.length - 1);
    }

    /** Moves on to the oldest entry that was not received; false if there is none. */
    private boolean passReceived() {
        long at = Math.max(firstOpen, first);
        while (at < end && state[slot(at)] == RECEIVED) {
            at++;
        }
        firstOpen = at;
        return at < end;
    }

    private void linkAll() {
        for (; linked < end; linked++) {
            link(slot(linked));
        }
    }

    void removeOldest() {
        if (first < linked) {
            unlink(slot(first));
        } else {
            linked = first + 1;
        }
        first++;
    }

    private void unlink(int s) {
        int b = bucket(key[s]);
        if (buckets[b] == s + 1) {
            buckets[b] = 0;
        } else {
            int at = buckets[b] - 1;
            while (older[at] != s + 1) {
                at = older[at] - 1;
            }
            older[at] = 0;
        }
    }

    /** Doubles the capacity. */
    void grow() {
        int oldCapacity = state.length;
        long[][] longs = {key, content, order, bytes, nanos, realNanos};
        int[][] ints = {length, payload, flow, phase};
        byte[] oldState = state;
        allocate(2 * oldCapacity);
        for (long i = first; i < end; i++) {
            int from = (int) (i & oldCapacity - 1);
            int to = slot(i);
            copy(longs[0], longs[1], longs[2], longs[3], longs[4], longs[5], from, to);
            copy(ints[0], ints[1], ints[2], ints[3], oldState, from, to);
        }
        linked = first;
    }

    long content(long index) {
        return content[slot(index)];
    }

    long order(long index) {
        return order[slot(index)];
    }

    /** Where the frame's bytes are in the {@link ByteLog}. */
    long bytes(long index) {
        return bytes[slot(index)];
    }

    int length(long index) {
        return length[slot(index)];
    }

    /** Payload of a TCP segment; 0 for every other frame. */
    int payload(long index) {
        return payload[slot(index)];
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
        int b = bucket(key[s]);
        older[s] = buckets[b];
        buckets[b] = s + 1;
    }

    private int slot(long index) {
        return (int) (index & state.length - 1);
    }

    private int bucket(long frameKey) {
        return (int) (frameKey >>> 7 & buckets.length - 1);
    }
}
