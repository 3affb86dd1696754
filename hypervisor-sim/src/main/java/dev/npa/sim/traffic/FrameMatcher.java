package dev.npa.sim.traffic;

import java.util.function.LongPredicate;

/**
 * The judge's memory: which frames were sent, which of them wait, are overdue or were received. What is found last is
 * {@link #home} and {@link #index}. Frames long overdue move to a window of their own, so that they do not hold up the
 * main one. One thread, the receiving one; allocates only while the windows grow.
 */
final class FrameMatcher {

    private static final int SMALLEST_WINDOW = 1 << 10;
    /** Received frames that are remembered, at least, so that a late copy is known to be one. */
    private static final int MEMORY = 1 << 14;
    private static final int LARGEST_WINDOW = 1 << 18;
    private static final int LARGEST_LATE = 1 << 16;

    private final SentLog log;
    private final ByteLog bytes;
    private final AccountCounts counts;
    private final long lossTimeout;
    private final MergedFrame merged;
    final FrameWindow window = new FrameWindow(SMALLEST_WINDOW);
    private final FrameWindow late = new FrameWindow(SMALLEST_WINDOW);
    final FlowTable flows = new FlowTable();
    private long firstYoung;

    private final LongPredicate partInWindow = i -> isPart(window, i);
    private final LongPredicate partInLate = i -> isPart(late, i);

    /** Where the frame found last is, and under which index. */
    FrameWindow home;
    long index;

    FrameMatcher(SentLog log, ByteLog bytes, AccountCounts counts, long lossTimeout, MergedFrame merged) {
        this.log = log;
        this.bytes = bytes;
        this.counts = counts;
        this.lossTimeout = lossTimeout;
        this.merged = merged;
    }

    /** Looks for a sent frame like this one, the oldest that waits if there is one. */
    boolean find(FrameIdentity frame) {
        found(window, window.find(frame.key, frame.content));
        if (isSettled()) {
            foundLate(late.find(frame.key, frame.content));
        }
        return index >= 0;
    }

    /** Looks for the next segment of the merged frame. */
    boolean findPart(long key) {
        found(window, window.find(key, partInWindow));
        if (isSettled()) {
            foundLate(late.find(key, partInLate));
        }
        return index >= 0;
    }

    private void found(FrameWindow where, long at) {
        home = where;
        index = at;
    }

    /** Whether nothing that waits was found. */
    private boolean isSettled() {
        return index < 0 || window.state(index) == FrameWindow.RECEIVED;
    }

    private void foundLate(long at) {
        if (at >= 0 && (index < 0 || late.state(at) != FrameWindow.RECEIVED)) {
            found(late, at);
        }
    }

    private boolean isPart(FrameWindow in, long at) {
        return merged.isNext(in.bytes(at), in.length(at), in.payload(at));
    }

    /** Whether the bytes of the frame found are these; true when they are no longer kept and only the hash agreed. */
    boolean isEqual(FrameIdentity frame) {
        long at = home.bytes(index);
        boolean equal = home.length(index) == frame.length()
                && bytes.equal(at, frame.buffer, frame.head, Ether.TYPE)
                && bytes.equal(at + Ether.TYPE, frame.buffer, frame.rest, frame.restLength);
        return equal || !bytes.holds(at);
    }

    /** Takes note of what was sent. */
    void takeLog() {
        long end = log.available();
        long at = log.position();
        if (at == end) {
            return;
        }
        for (; at < end; at++) {
            if (window.isFull()) {
                makeRoom();
            }
            window.add(log, at, flows.number(log.flow(at)));
        }
        log.consume(end);
        if (counts.flows != flows.count()) {
            counts.flows = flows.count();
        }
    }

    /** Takes note of what is overdue. */
    void age(long nanos) {
        while (firstYoung < window.end() && nanos - window.nanos(firstYoung) > lossTimeout) {
            if (window.state(firstYoung) == FrameWindow.WAITING) {
                overdue(firstYoung);
            }
            firstYoung++;
        }
    }

    private void makeRoom() {
        long oldest = window.first();
        boolean waits = window.state(oldest) == FrameWindow.WAITING;
        if (window.capacity() < MEMORY || waits && window.capacity() < LARGEST_WINDOW) {
            window.grow();
            return;
        }
        if (waits) {
            overdue(oldest);
        }
        if (window.state(oldest) == FrameWindow.OVERDUE) {
            keepLate(oldest);
        }
        window.removeOldest();
        firstYoung = Math.max(firstYoung, window.first());
    }

    private void keepLate(long oldest) {
        if (late.isFull() && late.capacity() < LARGEST_LATE) {
            late.grow();
        } else if (late.isFull()) {
            late.removeOldest();
        }
        late.add(window, oldest);
    }

    private void overdue(long at) {
        window.state(at, FrameWindow.OVERDUE);
        counts.phase(window.phase(at)).add(PhaseCounts.OVERDUE, 1);
    }

    /** In words, how the frame differs from what was sent in its place. */
    String difference(FrameIdentity frame) {
        String sum = OnesSum.wrong(frame.buffer, frame.layout);
        String text = "a frame of " + frame.length() + " bytes was never sent";
        if (frame.payload > 0) {
            long at = window.find(frame.key, i -> true);
            if (at >= 0) {
                text = "a TCP segment of " + frame.length() + " bytes differs from what was sent"
                        + firstDifference(frame, window.bytes(at), window.length(at));
            }
        }
        return sum == null ? text : text + "; " + sum;
    }

    private String firstDifference(FrameIdentity frame, long position, int length) {
        for (int i = 0; i < Math.min(length, frame.length()); i++) {
            int at = i < Ether.TYPE ? frame.head + i : frame.rest + i - Ether.TYPE;
            int sent = bytes.octet(position + i);
            if (sent != (frame.buffer.get(at) & 0xFF)) {
                return bytes.holds(position) ? " in byte " + i + ": 0x" + Integer.toHexString(frame.buffer.get(at)
                        & 0xFF) + ", sent was 0x" + Integer.toHexString(sent) : "";
            }
        }
        return " in its length: sent were " + length + " bytes";
    }
}
