package dev.npa.sim.traffic;

import dev.npa.sim.time.Component;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The exact account of the frames of one direction, from the endpoint that sends to the endpoint that receives.
 *
 * <p>A frame is known by a 64-bit hash of all its bytes; where the way changes the VLAN tag a {@link TagRule} leaves
 * the tag out. What is received is matched with the oldest frame sent with the same bytes that was not received yet:
 * <ul>
 * <li>none was ever sent (or so long ago that it is forgotten): <em>foreign</em>, which includes corrupted;</li>
 * <li>all were received already: <em>duplicated</em>;</li>
 * <li>a frame sent later in the same flow ({@link FlowKey}) was received before: received and <em>reordered</em>;</li>
 * <li>sent and not received: outstanding, and <em>lost</em> when it is older than the loss timeout.</li>
 * </ul>
 *
 * <p>The <em>gap</em> is the longest time in which the receiver got nothing although a frame was under way: from the
 * latest reception, or from the sending of the oldest frame sent behind what was received, whichever is later, to the
 * next reception. Every count also belongs to a phase: the one in which the frame was sent.
 *
 * <p><b>Threading.</b> {@link #canRecord} and {@link #sent} belong to the sending thread; {@link #received},
 * {@link #foreign}, {@link #waitsFor} and {@link #poll} to the receiving one; everything else may be called by any
 * thread. A frame must be recorded before it is handed to its endpoint, or it might arrive unknown. Nothing is
 * allocated for a frame once the tables have their size.
 */
public final class FrameAccount {

    /** What a received frame turned out to be. */
    public enum Verdict { IN_ORDER, REORDERED, DUPLICATE, FOREIGN }

    /** Loss timeout unless another is given, in nanoseconds of machine time. */
    public static final long LOSS_TIMEOUT = 1_000_000_000L;

    /** Machine time in nanoseconds for which nothing may move before a direction counts as quiet. */
    public static final long LINGER = 1_000_000L;

    private static final int SMALLEST_WINDOW = 1 << 10;
    /** Received frames that are remembered, at least, so that a late copy is known to be one. */
    private static final int MEMORY = 1 << 14;
    private static final int LARGEST_WINDOW = 1 << 18;
    private static final int LARGEST_LATE = 1 << 16;
    private static final long NOTHING_YET = Long.MIN_VALUE;

    private final String name;
    private final long lossTimeout;
    private final LongSupplier realClock;
    private final Map<Long, byte[]> kept;
    private final TagRule tags;

    private volatile PhaseCounts[] phases = {new PhaseCounts("")};
    private final SentLog log = new SentLog();
    private final AtomicLong lastSent = new AtomicLong(NOTHING_YET);
    private final AtomicLong lastReceived = new AtomicLong(NOTHING_YET);
    private final AtomicLong openGap = new AtomicLong();

    private final FrameWindow window = new FrameWindow(SMALLEST_WINDOW);
    private final FrameWindow late = new FrameWindow(SMALLEST_WINDOW);
    private final FlowTable flows = new FlowTable();
    private volatile int flowCount;
    private long front = -1;
    private long firstYoung;
    private long lastReceivedReal;

    /** An account with the usual timeout, real time from the JVM, and hashes only. */
    public FrameAccount(String name) {
        this(name, TagRule.AS_SENT);
    }

    /** The same with a rule for VLAN tags. */
    FrameAccount(String name, TagRule tags) {
        this(name, LOSS_TIMEOUT, System::nanoTime, false, tags);
    }

    /**
     * Creates an empty account.
     *
     * @param lossTimeout machine time in nanoseconds after which a frame counts as lost
     * @param realClock monotonic real time in nanoseconds
     * @param keepBytes whether to keep every frame's bytes and compare them in full; for tests, costs memory
     */
    public FrameAccount(String name, long lossTimeout, LongSupplier realClock, boolean keepBytes) {
        this(name, lossTimeout, realClock, keepBytes, TagRule.AS_SENT);
    }

    private FrameAccount(String name, long lossTimeout, LongSupplier realClock, boolean keepBytes, TagRule tags) {
        this.name = name;
        this.tags = tags;
        this.lossTimeout = lossTimeout;
        this.realClock = realClock;
        this.kept = keepBytes ? new ConcurrentHashMap<>() : null;
    }

    public String name() {
        return name;
    }

    /**
     * What is sent from now on belongs to this phase. The same label as now changes nothing; a label that was used
     * before starts another phase.
     */
    public synchronized void phase(String label) {
        PhaseCounts[] old = phases;
        PhaseCounts current = old[old.length - 1];
        if (current.label.equals(label)) {
            return;
        }
        PhaseCounts[] next = Arrays.copyOf(old, old.length + 1);
        next[old.length] = new PhaseCounts(label);
        phases = next;
    }

    /** Sender: whether {@link #sent} may be called now; if not, the receiving side has to catch up first. */
    public boolean canRecord() {
        return log.hasRoom();
    }

    /** Sender: this frame is about to be handed to the endpoint. */
    public void sent(ByteBuffer frame, int offset, int length, long nanos) {
        PhaseCounts[] all = phases;
        PhaseCounts now = all[all.length - 1];
        if (kept != null) {
            kept.put(log.next(), copy(frame, offset, length));
        }
        lastSent.lazySet(nanos);
        now.add(PhaseCounts.SENT_BYTES, length);
        now.add(PhaseCounts.SENT, 1);
        log.add(tags.content(frame, offset, length), FlowKey.of(frame, offset, length), nanos,
                realClock.getAsLong(), all.length - 1);
    }

    /** Receiver: judges a frame that arrived. */
    public Verdict received(ByteBuffer frame, int offset, int length, long nanos) {
        takeLog();
        if (!tags.mayArrive(frame, offset, length)) {
            foreign();
            return Verdict.FOREIGN;
        }
        long content = tags.content(frame, offset, length);
        FrameWindow home = window;
        long index = window.find(content);
        if (index < 0 || window.state(index) == FrameWindow.RECEIVED) {
            long other = late.find(content);
            if (other >= 0 && (index < 0 || late.state(other) != FrameWindow.RECEIVED)) {
                home = late;
                index = other;
            }
        }
        if (index < 0 || kept != null && !Arrays.equals(kept.get(home.order(index)), copy(frame, offset, length))) {
            foreign();
            return Verdict.FOREIGN;
        }
        PhaseCounts phase = phases[home.phase(index)];
        if (home.state(index) == FrameWindow.RECEIVED) {
            phase.add(PhaseCounts.DUPLICATED, 1);
            return Verdict.DUPLICATE;
        }
        return arrived(home, index, phase, length, nanos);
    }

    private Verdict arrived(FrameWindow home, long index, PhaseCounts phase, int length, long nanos) {
        if (home.state(index) == FrameWindow.OVERDUE) {
            phase.add(PhaseCounts.OVERDUE, -1);
        }
        home.state(index, FrameWindow.RECEIVED);
        long order = home.order(index);
        measureGap(home, index, order, phase, nanos);
        front = Math.max(front, order);
        int flow = home.flow(index);
        boolean overtaken = order < flows.front(flow);
        if (overtaken) {
            phase.add(PhaseCounts.REORDERED, 1);
        } else {
            flows.front(flow, order);
        }
        phase.add(PhaseCounts.RECEIVED_BYTES, length);
        phase.add(PhaseCounts.RECEIVED, 1);
        return overtaken ? Verdict.REORDERED : Verdict.IN_ORDER;
    }

    private void measureGap(FrameWindow home, long index, long order, PhaseCounts phase, long nanos) {
        long since = home.nanos(index);
        long sinceReal = home.realNanos(index);
        // In the main window index equals order; frames behind the front were sent before this one.
        if (order > front && window.holds(front + 1)) {
            since = window.nanos(front + 1);
            sinceReal = window.realNanos(front + 1);
        }
        long real = realClock.getAsLong();
        if (lastReceived.getPlain() != NOTHING_YET) {
            since = Math.max(since, lastReceived.getPlain());
            sinceReal = Math.max(sinceReal, lastReceivedReal);
        }
        phase.raise(PhaseCounts.GAP, nanos - since);
        phase.raise(PhaseCounts.GAP_REAL, real - sinceReal);
        lastReceived.lazySet(nanos);
        lastReceivedReal = real;
    }

    /** Receiver: a frame arrived that belongs here but was never sent. */
    public void foreign() {
        PhaseCounts[] all = phases;
        all[all.length - 1].add(PhaseCounts.FOREIGN, 1);
    }

    /** Receiver: whether a frame with these bytes was sent and has not arrived yet. */
    boolean waitsFor(ByteBuffer frame, int offset, int length) {
        takeLog();
        long content = tags.content(frame, offset, length);
        long index = window.find(content);
        if (index >= 0 && window.state(index) != FrameWindow.RECEIVED) {
            return true;
        }
        index = late.find(content);
        return index >= 0 && late.state(index) != FrameWindow.RECEIVED;
    }

    /**
     * Receiver: takes note of what was sent and what is overdue. To be called now and then, also when nothing arrives.
     */
    public void poll(long nanos) {
        takeLog();
        while (firstYoung < window.end() && nanos - window.nanos(firstYoung) > lossTimeout) {
            if (window.state(firstYoung) == FrameWindow.WAITING) {
                overdue(firstYoung);
            }
            firstYoung++;
        }
        long gap = 0;
        if (window.holds(front + 1) && window.state(front + 1) == FrameWindow.WAITING) {
            gap = nanos - Math.max(window.nanos(front + 1), lastReceived.getPlain());
        }
        if (gap != openGap.getPlain()) {
            openGap.lazySet(gap);
        }
    }

    private void takeLog() {
        long end = log.available();
        long at = log.position();
        if (at == end) {
            return;
        }
        for (; at < end; at++) {
            if (window.isFull()) {
                makeRoom();
            }
            window.add(log.content(at), at, flows.number(log.flow(at)), log.phase(at), log.nanos(at),
                    log.realNanos(at));
        }
        log.consume(end);
        if (flowCount != flows.count()) {
            flowCount = flows.count();
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
        } else {
            forget(window.order(oldest));
        }
        window.removeOldest();
        firstYoung = Math.max(firstYoung, window.first());
    }

    private void keepLate(long index) {
        if (late.isFull() && late.capacity() < LARGEST_LATE) {
            late.grow();
        } else if (late.isFull()) {
            forget(late.order(late.first()));
            late.removeOldest();
        }
        long moved = late.add(window.content(index), window.order(index), window.flow(index), window.phase(index),
                window.nanos(index), window.realNanos(index));
        late.state(moved, FrameWindow.OVERDUE);
    }

    private void overdue(long index) {
        window.state(index, FrameWindow.OVERDUE);
        phases[window.phase(index)].add(PhaseCounts.OVERDUE, 1);
    }

    private void forget(long order) {
        if (kept != null) {
            kept.remove(order);
        }
    }

    private static byte[] copy(ByteBuffer frame, int offset, int length) {
        byte[] bytes = new byte[length];
        frame.get(offset, bytes, 0, length);
        return bytes;
    }

    /** Frames sent and not received, lost ones included. */
    public long missing() {
        // Received before sent: so the difference is never negative.
        long received = total(PhaseCounts.RECEIVED);
        return total(PhaseCounts.SENT) - received;
    }

    /** Whether every frame sent was received, or nothing has moved for the loss timeout. */
    public boolean isSettled(long nanos) {
        return missing() == 0 || nanos - lastMove() > lossTimeout;
    }

    /**
     * Whether it is settled and nothing has moved for {@link #LINGER}, so that copies on their way have arrived too.
     */
    public boolean isQuiet(long nanos) {
        return nanos >= quietAt();
    }

    /** When {@link #isQuiet} becomes true if nothing moves any more; {@link Component#NEVER} if it is. */
    public long deadline(long nanos) {
        long at = quietAt();
        return nanos >= at ? Component.NEVER : at;
    }

    private long quietAt() {
        long last = lastMove();
        return last == NOTHING_YET ? NOTHING_YET : last + 1 + (missing() == 0 ? LINGER : lossTimeout);
    }

    private long lastMove() {
        return Math.max(lastSent.get(), lastReceived.get());
    }

    private long total(int counter) {
        long sum = 0;
        for (PhaseCounts p : phases) {
            sum += p.get(counter);
        }
        return sum;
    }

    /** The account as it stands; exact when {@link #isSettled}. */
    public AccountSummary summary(long nanos) {
        boolean settled = isSettled(nanos);
        return AccountSummary.of(name, settled, flowCount, openGap.get(), phases);
    }
}
