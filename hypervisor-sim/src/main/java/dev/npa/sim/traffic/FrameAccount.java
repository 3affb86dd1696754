package dev.npa.sim.traffic;

import dev.npa.pf.RssSettings;
import dev.npa.shell.PacketFlags;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The exact account of the frames of one direction, from the endpoint that sends to the endpoint that receives.
 *
 * <p>Everything is counted in canonical frames: as they are on the wire, of at most MTU size, with complete checksums
 * and with the tag in the frame. What is sent with requests is expanded by a reference ({@link Expansion}); what a
 * guest receives merged is taken apart again ({@link MergedFrame}); a stripped tag is put back by the {@link Station}.
 *
 * <p>A frame is known by its bytes ({@link FrameIdentity}): found by a 64-bit hash, and compared byte by byte with what
 * was sent as long as that is kept ({@link ByteLog}); where the way changes the VLAN tag a {@link TagRule} leaves the
 * tag out. What is received is matched with the oldest frame sent with the same bytes that was not received yet:
 * <ul>
 * <li>none was ever sent (or so long ago that it is forgotten): <em>foreign</em>, which includes corrupted, a wrong
 *     checksum, a wrong tag;</li>
 * <li>all were received already: <em>duplicated</em>;</li>
 * <li>a frame sent later in the same flow ({@link FlowKey}) was received before: received and <em>reordered</em>;</li>
 * <li>sent and not received: outstanding, and <em>lost</em> when it is older than the loss timeout.</li>
 * </ul>
 * A frame that arrived, but with something said of it that is not so (checksum result, RSS hash, merged segments, a
 * receive queue that is not its flow's), is received and counts as one foreign frame too; {@link #findings} tells why.
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

    /** What a received frame turned out to be; of a merged one the worst of its parts. */
    public enum Verdict { IN_ORDER, REORDERED, DUPLICATE, FOREIGN }

    /** Loss timeout unless another is given, in nanoseconds of machine time. */
    public static final long LOSS_TIMEOUT = 1_000_000_000L;

    /** Machine time in nanoseconds for which nothing may move before a direction counts as quiet. */
    public static final long LINGER = 1_000_000L;

    private static final long NOTHING_YET = Long.MIN_VALUE;
    private static final ChannelRecord NOTHING_SAID = new ChannelRecord();

    private final String name;
    private final LongSupplier realClock;
    private final AccountCounts counts;
    private final SentLog log = new SentLog();
    private final ByteLog bytes = new ByteLog();

    /** Made by the sender when it is first needed. */
    private Expansion expansion;
    private final FrameIdentity outgoing;

    private final FrameIdentity arriving;
    private final TagRule tags;
    private final MergedFrame merged = new MergedFrame(bytes);
    private final FrameMatcher matcher;
    private volatile ReceiveCheck check = new ReceiveCheck(RssSettings.standardKey());
    /** Counts changes of the carrier; odd while one is under way. */
    private volatile int carriers;
    private long front = -1;
    private long lastReceivedReal;

    /** An account with the usual timeout and real time from the JVM. */
    public FrameAccount(String name) {
        this(name, TagRule.AS_SENT);
    }

    /** The same with a rule for VLAN tags. */
    FrameAccount(String name, TagRule tags) {
        this(name, LOSS_TIMEOUT, System::nanoTime, tags);
    }

    /**
     * Creates an empty account.
     *
     * @param lossTimeout machine time in nanoseconds after which a frame counts as lost
     * @param realClock monotonic real time in nanoseconds
     */
    public FrameAccount(String name, long lossTimeout, LongSupplier realClock) {
        this(name, lossTimeout, realClock, TagRule.AS_SENT);
    }

    private FrameAccount(String name, long lossTimeout, LongSupplier realClock, TagRule tags) {
        this.name = name;
        this.realClock = realClock;
        this.tags = tags;
        this.counts = new AccountCounts(name, lossTimeout);
        this.outgoing = new FrameIdentity(tags);
        this.arriving = new FrameIdentity(tags);
        this.matcher = new FrameMatcher(log, bytes, counts, lossTimeout, merged);
    }

    public String name() {
        return name;
    }

    /**
     * Sets the RSS key with which the receiver's NIC hashes.
     *
     * @param key 40 bytes; null = hashes are not checked
     */
    public void rssKey(byte[] key) {
        check = new ReceiveCheck(key == null ? null : key.clone());
    }

    /**
     * What is sent from now on belongs to this phase. The same label as now changes nothing; a label that was used
     * before starts another phase.
     */
    public void phase(String label) {
        counts.phase(label);
    }

    /**
     * Says that the receiver's carrier is about to change (true) or has changed (false). Meanwhile its flows may come
     * through any queue; afterwards each may still change its queue once, because what came through the old carrier may
     * not have been looked at yet.
     */
    public synchronized void carrierChanging(boolean changing) {
        if (changing == ((carriers & 1) == 0)) {
            carriers = carriers + 1;
        }
    }

    /** Sender: whether {@link #sent} may be called for so many canonical frames; if not, the receiver is behind. */
    public boolean canRecord(int frames) {
        return log.hasRoom(frames);
    }

    /** Sender: this frame without requests is about to be handed to the endpoint. */
    public void sent(ByteBuffer frame, int offset, int length, long nanos) {
        sent(frame, offset, length, 0, 0, nanos);
    }

    /**
     * Sender: this frame is about to be handed to the endpoint.
     *
     * @param flags requests: TX bits of {@link PacketFlags}
     * @param offload the transmit word of {@link dev.npa.shell.PacketBurst}
     */
    public void sent(ByteBuffer frame, int offset, int length, int flags, long offload, long nanos) {
        int phase = counts.current();
        PhaseCounts now = counts.phase(phase);
        long real = realClock.getAsLong();
        counts.sentAt(nanos);
        if (flags == 0) {
            outgoing.of(frame, offset, length);
            record(now, phase, nanos, real);
            return;
        }
        if (expansion == null) {
            expansion = new Expansion();
        }
        int frames = expansion.begin(frame, offset, length, flags, offload);
        for (int i = 0; i < frames; i++) {
            expansion.frame(i);
            outgoing.of(expansion.buffer(), 0, expansion.length());
            record(now, phase, nanos, real);
        }
    }

    private void record(PhaseCounts now, int phase, long nanos, long real) {
        FrameIdentity f = outgoing;
        counts.sent(now, f.length());
        long at = bytes.write(f.buffer, f.head, Ether.TYPE, f.rest, f.restLength);
        long flow = FlowKey.of(f.buffer, f.head, f.rest + f.restLength - f.head);
        log.add(f, at, flow, nanos, real, phase);
    }

    /** Receiver: judges a frame that arrived, of which nothing is said. */
    public Verdict received(ByteBuffer frame, int offset, int length, long nanos) {
        return received(frame, offset, length, NOTHING_SAID, nanos);
    }

    /** Receiver: judges a frame that arrived, its tag in place, and what is said of it. */
    public Verdict received(ByteBuffer frame, int offset, int length, ChannelRecord said, long nanos) {
        matcher.takeLog();
        if (!tags.mayArrive(frame, offset, length)) {
            counts.foreign("a frame arrived with another VLAN tag than it must have, or without");
            return Verdict.FOREIGN;
        }
        arriving.of(frame, offset, length);
        if (said.has(PacketFlags.RX_LRO)) {
            return receivedMerged(said, nanos);
        }
        if (!matcher.find(arriving) || !matcher.isEqual(arriving) || !arriving.endsClean()) {
            counts.foreign(counts.wantsWords() ? matcher.difference(arriving) : "");
            return Verdict.FOREIGN;
        }
        Verdict verdict = arrived(nanos);
        judgeWords(said, verdict, false, null);
        return verdict;
    }

    private Verdict receivedMerged(ChannelRecord said, long nanos) {
        if (!merged.begin(arriving)) {
            counts.foreign("a frame is said to be merged, but is not TCP with data");
            return Verdict.FOREIGN;
        }
        Verdict worst = Verdict.IN_ORDER;
        while (merged.hasNext()) {
            FrameIdentity f = arriving;
            int length = f.rest + f.restLength - f.head;
            if (!matcher.findPart(FrameIdentity.segmentKey(f.buffer, f.head, length, merged.sequence()))) {
                counts.foreign("a merged frame of " + f.length() + " bytes is not made of sent segments from sequence"
                        + " number " + Integer.toUnsignedString(merged.sequence()) + " on");
                return Verdict.FOREIGN;
            }
            merged.accept(matcher.home.bytes(matcher.index), matcher.home.payload(matcher.index));
            Verdict verdict = arrived(nanos);
            worst = verdict.compareTo(worst) > 0 ? verdict : worst;
        }
        judgeWords(said, worst, true, merged.wrong(said));
        return worst;
    }

    /** Judges what is said of the frame that was found last. */
    private void judgeWords(ChannelRecord said, Verdict verdict, boolean isMerged, String mergedWrong) {
        String wrong = mergedWrong != null ? mergedWrong : check.wrong(arriving, said, isMerged);
        if (wrong != null) {
            counts.foreign(wrong);
        }
        int now = carriers;
        if (verdict != Verdict.DUPLICATE && !matcher.flows.mayCome(matcher.home.flow(matcher.index), said.queue(),
                now >> 1, (now & 1) != 0)) {
            counts.foreign("a flow changed to receive queue " + said.queue() + " although its carrier stayed");
        }
    }

    /** The frame that the matcher found has arrived. */
    private Verdict arrived(long nanos) {
        FrameWindow home = matcher.home;
        long index = matcher.index;
        PhaseCounts phase = counts.phase(home.phase(index));
        if (home.state(index) == FrameWindow.RECEIVED) {
            phase.add(PhaseCounts.DUPLICATED, 1);
            return Verdict.DUPLICATE;
        }
        if (home.state(index) == FrameWindow.OVERDUE) {
            phase.add(PhaseCounts.OVERDUE, -1);
        }
        home.state(index, FrameWindow.RECEIVED);
        long order = home.order(index);
        measureGap(home, index, order, phase, nanos);
        front = Math.max(front, order);
        int flow = home.flow(index);
        boolean overtaken = order < matcher.flows.front(flow);
        if (overtaken) {
            phase.add(PhaseCounts.REORDERED, 1);
        } else {
            matcher.flows.front(flow, order);
        }
        counts.received(phase, home.length(index));
        return overtaken ? Verdict.REORDERED : Verdict.IN_ORDER;
    }

    private void measureGap(FrameWindow home, long index, long order, PhaseCounts phase, long nanos) {
        FrameWindow window = matcher.window;
        long since = home.nanos(index);
        long sinceReal = home.realNanos(index);
        // In the main window index equals order; frames behind the front were sent before this one.
        if (order > front && window.holds(front + 1)) {
            since = window.nanos(front + 1);
            sinceReal = window.realNanos(front + 1);
        }
        long real = realClock.getAsLong();
        if (counts.lastReceived() != NOTHING_YET) {
            since = Math.max(since, counts.lastReceived());
            sinceReal = Math.max(sinceReal, lastReceivedReal);
        }
        phase.raise(PhaseCounts.GAP, nanos - since);
        phase.raise(PhaseCounts.GAP_REAL, real - sinceReal);
        counts.receivedAt(nanos);
        lastReceivedReal = real;
    }

    /** Receiver: a frame arrived that belongs here but was never sent. */
    public void foreign() {
        counts.foreign("a frame arrived that nobody sent");
    }

    /** Receiver: whether a frame with these bytes was sent, and is remembered. */
    boolean knows(ByteBuffer frame, int offset, int length) {
        matcher.takeLog();
        arriving.of(frame, offset, length);
        return matcher.find(arriving);
    }

    /** Receiver: whether a frame with these bytes, or beginning with this segment, was sent and has not arrived. */
    boolean waitsFor(ByteBuffer frame, int offset, int length, ChannelRecord said) {
        matcher.takeLog();
        arriving.of(frame, offset, length);
        boolean found = said.has(PacketFlags.RX_LRO)
                ? merged.begin(arriving) && matcher.findPart(arriving.key) : matcher.find(arriving);
        return found && matcher.home.state(matcher.index) != FrameWindow.RECEIVED;
    }

    /**
     * Receiver: takes note of what was sent and what is overdue. To be called now and then, also when nothing arrives.
     */
    public void poll(long nanos) {
        matcher.takeLog();
        matcher.age(nanos);
        FrameWindow window = matcher.window;
        boolean waits = window.holds(front + 1) && window.state(front + 1) == FrameWindow.WAITING;
        counts.openGap(waits ? nanos - Math.max(window.nanos(front + 1), counts.lastReceived()) : 0);
    }

    /** Canonical frames sent and not received, lost ones included. */
    public long missing() {
        return counts.missing();
    }

    /** Canonical frames received, copies and foreign ones not counted. */
    public long receivedFrames() {
        return counts.received();
    }

    /** Whether every frame sent was received, or nothing has moved for the loss timeout. */
    public boolean isSettled(long nanos) {
        return counts.isSettled(nanos);
    }

    /**
     * Whether it is settled and nothing has moved for {@link #LINGER}, so that copies on their way have arrived too.
     */
    public boolean isQuiet(long nanos) {
        return nanos >= counts.quietAt();
    }

    /**
     * When {@link #isQuiet} becomes true if nothing moves any more; {@link dev.npa.sim.time.Component#NEVER} if it is.
     */
    public long deadline(long nanos) {
        return counts.deadline(nanos);
    }

    /** The first few foreign frames, one sentence each. */
    public List<String> findings() {
        return counts.findings();
    }

    /** The account as it stands; exact when {@link #isSettled}. */
    public AccountSummary summary(long nanos) {
        return counts.summary(nanos);
    }
}
