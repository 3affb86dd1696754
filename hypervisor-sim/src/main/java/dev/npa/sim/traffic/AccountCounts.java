package dev.npa.sim.traffic;

import dev.npa.sim.time.Component;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The counters of a {@link FrameAccount} by phase, the times of its latest frames, and what was found wrong. The sender
 * and the judge each write their own; any thread reads.
 */
final class AccountCounts {

    private static final int MOST_FINDINGS = 8;
    private static final long NOTHING_YET = Long.MIN_VALUE;

    private final String name;
    private final long lossTimeout;
    private volatile PhaseCounts[] phases = {new PhaseCounts("")};
    private final AtomicLong lastSent = new AtomicLong(NOTHING_YET);
    private final AtomicLong lastReceived = new AtomicLong(NOTHING_YET);
    private final AtomicLong openGap = new AtomicLong();
    /** Sums over all phases, so that nobody who asks again and again has to add up a long history. */
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong received = new AtomicLong();
    private final List<String> findings = new CopyOnWriteArrayList<>();
    /** Flows seen; written by the judge. */
    volatile int flows;

    AccountCounts(String name, long lossTimeout) {
        this.name = name;
        this.lossTimeout = lossTimeout;
    }

    synchronized void phase(String label) {
        PhaseCounts[] old = phases;
        PhaseCounts current = old[old.length - 1];
        if (current.label.equals(label)) {
            return;
        }
        PhaseCounts[] next = Arrays.copyOf(old, old.length + 1);
        next[old.length] = new PhaseCounts(label);
        phases = next;
    }

    /** Number of the phase that is now. */
    int current() {
        return phases.length - 1;
    }

    PhaseCounts phase(int number) {
        return phases[number];
    }

    /** Sender: one more frame of this phase. */
    void sent(PhaseCounts phase, int bytes) {
        phase.add(PhaseCounts.SENT_BYTES, bytes);
        phase.add(PhaseCounts.SENT, 1);
        // Release is enough: one writer, and whoever sees the frame elsewhere sees the count.
        sent.lazySet(sent.getPlain() + 1);
    }

    /** Judge: one more frame of this phase arrived. */
    void received(PhaseCounts phase, int bytes) {
        phase.add(PhaseCounts.RECEIVED_BYTES, bytes);
        phase.add(PhaseCounts.RECEIVED, 1);
        received.lazySet(received.getPlain() + 1);
    }

    /** Frames received in all phases. */
    long received() {
        return received.get();
    }

    void sentAt(long nanos) {
        lastSent.lazySet(nanos);
    }

    void receivedAt(long nanos) {
        lastReceived.lazySet(nanos);
    }

    /** Judge: the latest reception; Long.MIN_VALUE before the first. */
    long lastReceived() {
        return lastReceived.getPlain();
    }

    /** Judge: the wait that has not ended. */
    void openGap(long nanos) {
        if (nanos != openGap.getPlain()) {
            openGap.lazySet(nanos);
        }
    }

    /** Judge: a frame that belongs here and is not what it should be; the first few are told of in words. */
    void foreign(String why) {
        PhaseCounts[] all = phases;
        all[all.length - 1].add(PhaseCounts.FOREIGN, 1);
        if (findings.size() < MOST_FINDINGS) {
            findings.add(why);
        }
    }

    boolean wantsWords() {
        return findings.size() < MOST_FINDINGS;
    }

    List<String> findings() {
        return List.copyOf(findings);
    }

    long missing() {
        // Received before sent: so the difference is never negative.
        long arrived = received.get();
        return sent.get() - arrived;
    }

    boolean isSettled(long nanos) {
        return missing() == 0 || nanos - lastMove() > lossTimeout;
    }

    /** When it is quiet if nothing moves any more. */
    long quietAt() {
        long last = lastMove();
        return last == NOTHING_YET ? NOTHING_YET
                : last + 1 + (missing() == 0 ? FrameAccount.LINGER : lossTimeout);
    }

    long deadline(long nanos) {
        long at = quietAt();
        return nanos >= at ? Component.NEVER : at;
    }

    private long lastMove() {
        return Math.max(lastSent.get(), lastReceived.get());
    }

    AccountSummary summary(long nanos) {
        boolean settled = isSettled(nanos);
        return AccountSummary.of(name, settled, flows, openGap.get(), phases);
    }
}
