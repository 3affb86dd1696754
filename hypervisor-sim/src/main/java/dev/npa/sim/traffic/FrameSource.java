package dev.npa.sim.traffic;

import dev.npa.sim.time.Component;

/**
 * One direction of a flow on the sending side: which frame is next, when it is due, and its account. Run by one
 * station; started and stopped from any thread.
 */
final class FrameSource {

    private static final long NOT_STARTED = Long.MIN_VALUE;

    final FrameSequence sequence;
    final FrameAccount account;
    private final Pacing pacing;
    private final long limit;

    /** What the controller wants. */
    private volatile boolean running;
    /** What the station has seen: it may be in the middle of sending until this is false. */
    private volatile boolean active;
    private volatile boolean finished;
    private long startNanos = NOT_STARTED;
    private int index;
    private long round;
    private long handedOver;
    private long bytes;
    /** A recorded frame waits for its endpoint; written by the station only. */
    private volatile boolean held;

    /** @param limit frames to hand over in all, a frame with a TSO request being one; 0 = until stopped */
    FrameSource(FrameSequence sequence, FrameAccount account, Pacing pacing, long limit) {
        this.sequence = sequence;
        this.account = account;
        this.pacing = pacing;
        this.limit = limit;
        this.finished = sequence.size() == 0;
    }

    void start() {
        running = true;
    }

    /** Ends sending. A frame that was recorded and is held up still goes out. */
    void stop() {
        running = false;
    }

    /** Whether nothing will be sent any more unless it is started again. */
    boolean isAtRest() {
        return finished || !running && !active && !held;
    }

    /** Machine time at which the next frame is due; {@link Component#NEVER} if none is. */
    long due(long nanos) {
        if (held) {
            return nanos;
        }
        boolean wanted = running;
        if (active != wanted) {
            active = wanted;
        }
        if (finished || !wanted) {
            if (!wanted) {
                // A pause does not count: after the next start the schedule goes on from here.
                startNanos = NOT_STARTED;
            }
            return Component.NEVER;
        }
        long from = pacing.due(round * sequence.periodNanos() + sequence.nanos(index), handedOver, bytes);
        if (startNanos == NOT_STARTED) {
            startNanos = handedOver == 0 ? nanos : nanos - from;
        }
        return startNanos + from;
    }

    int length() {
        return sequence.length(index);
    }

    /** Canonical frames that the next one is on the wire. */
    int frames() {
        return sequence.frames(index);
    }

    /** Sends the next frame if account and endpoint take it now. */
    boolean trySend(Endpoint endpoint, long nanos) {
        int length = sequence.length(index);
        int offset = sequence.offset(index);
        if (!held) {
            if (!endpoint.canSend(length) || !account.canRecord(sequence.frames(index))) {
                return false;
            }
            sequence.stamp(index, round);
            // Before it is sent: it might arrive at once, on another thread.
            account.sent(sequence.buffer(), offset, length, sequence.flags(index), sequence.offload(index), nanos);
        }
        if (!endpoint.send(sequence.buffer(), offset, length, sequence.flags(index), sequence.offload(index))) {
            // The way closed in between (a cable was pulled): the frame is on the account and goes out later.
            held = true;
            return false;
        }
        held = false;
        advance(length);
        return true;
    }

    private void advance(int length) {
        handedOver++;
        bytes += length;
        if (++index == sequence.size()) {
            index = 0;
            round++;
        }
        if (handedOver == limit) {
            finished = true;
        }
    }
}
