package dev.npa.sim.host;

import dev.npa.hw.Clock;
import dev.npa.hw.MacAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One switchover of a VM between carriers on different NICs (docs/switch-protocol.md). {@link #advance} is called again
 * and again, on the guest's thread inside its command, under the locks of both NICs; it never waits.
 *
 * <p>The network between the NICs is an Ethernet switch that learns, and its queues hold frames. Markers through the
 * same queues say how far it is:
 * <ol>
 * <li>A marker with the VM's address as source from the old NIC to the new one: when it is there, so is all that the
 *     VM has sent so far, and the network knows where the VM is, so that it floods none of its frames. One in the
 *     other direction makes sure, before anything changes, that the way back carries markers.
 * <li>The new carrier opens. First the NIC has dealt with what its uplink was given, so that none of that meets it.
 * <li>The learning marker, first in the new NIC's uplink, with the VM's address as source: at the instant at which the
 *     network forwards it, it turns the VM's frames to the new NIC. When it arrives at the old NIC, all frames that took
 *     the old way are inside that NIC.
 * <li>The cut: the old carrier closes while the old NIC's receive is paused.
 * </ol>
 *
 * <p>Until the cut the guest receives from the old carrier only; what comes to the new one waits there. The cut waits
 * for nothing that could stand behind those frames: the learning marker enters the new NIC before any frame for the new
 * carrier can block its uplink.
 *
 * <p>Functions of one port need no network: their carriers change while the receive of both is paused.
 */
final class Crossing {

    /** Time for each step that waits. */
    static final long LIMIT_NANOS = 1_000_000_000L;
    /** The same when there is no way back; both steps together are shorter than the shell's patience (2 s). */
    static final long FORCED_LIMIT_NANOS = 400_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(Crossing.class);

    private enum Step { START, PROBING, FLUSHING, LEARNING, ENDED }

    private final Carrier from;
    private final Carrier to;
    private final MacAddress mac;
    private final CrossingTurn turn;
    private final Clock clock;
    private final boolean forced;
    private Step step = Step.START;
    private long deadline = Long.MAX_VALUE;
    private boolean sentThere;
    private boolean sentBack;
    private boolean holding;
    private boolean opened;

    /**
     * Prepares one.
     *
     * @param mac the VM's address
     * @param forced the old carrier is broken: what does not answer in time is passed over instead of undone
     */
    Crossing(Carrier from, Carrier to, MacAddress mac, CrossingTurn turn, Clock clock, boolean forced) {
        this.from = from;
        this.to = to;
        this.mac = mac;
        this.turn = turn;
        this.clock = clock;
        this.forced = forced;
    }

    boolean isBetween(Carrier a, Carrier b) {
        return from == a && to == b;
    }

    /** Machine time at which the step under way is late. */
    long deadline() {
        return deadline;
    }

    /**
     * Goes as far as possible.
     *
     * @return {@link SwitchResult#OK} when the traffic is turned, {@link SwitchResult#NOT_YET} to be called again
     * @throws RuntimeException if it failed, and why; everything is undone
     */
    int advance() {
        try {
            if (step == Step.START && !start()) {
                return SwitchResult.NOT_YET;
            }
            if (step == Step.PROBING && !probed()) {
                return SwitchResult.NOT_YET;
            }
            if (step == Step.FLUSHING && !open()) {
                return SwitchResult.NOT_YET;
            }
            if (step == Step.LEARNING) {
                if (!isOver(true, to.nic(), from.nic())) {
                    return SwitchResult.NOT_YET;
                }
                cut();
            }
            return SwitchResult.OK;
        } catch (RuntimeException e) {
            cancel();
            throw e;
        }
    }

    private boolean start() {
        if (isOnePort()) {
            hold();
            next(Step.FLUSHING);
            return true;
        }
        if (!forced && !turn.take(this)) {
            return false;
        }
        next(Step.PROBING);
        return true;
    }

    private boolean isOnePort() {
        return from.nic().wire() == to.nic().wire();
    }

    private void next(Step following) {
        step = following;
        deadline = clock.nanos() + (forced ? FORCED_LIMIT_NANOS : LIMIT_NANOS);
    }

    private boolean probed() {
        if (!sentThere) {
            sentThere = send(from.nic(), to.nic(), mac);
        }
        if (!sentBack) {
            sentBack = send(to.nic(), from.nic(), to.nic().probe());
        }
        if (!isOver(sentThere, from.nic(), to.nic()) || !isOver(sentBack, to.nic(), from.nic())) {
            return false;
        }
        hold();
        next(Step.FLUSHING);
        return true;
    }

    private boolean send(HostNic sender, HostNic receiver, MacAddress source) {
        long sequence = turn.nextSequence();
        receiver.gate().await(sequence);
        return sender.gate().sendMarker(receiver.probe(), source, sequence);
    }

    /** Whether a step that waits for a marker is over: it has arrived, or nobody waits for it any longer. */
    private boolean isOver(boolean sent, HostNic sender, HostNic receiver) {
        if (sent && hasArrived(receiver)) {
            return true;
        }
        if (clock.nanos() < deadline) {
            return false;
        }
        String late = "the network of NIC " + sender.name() + " did not forward the marker to NIC " + receiver.name()
                + " within " + (forced ? FORCED_LIMIT_NANOS : LIMIT_NANOS) / 1_000_000 + " ms";
        if (!forced) {
            throw new IllegalStateException(late + "; check that both NICs are in one network and their links are up");
        }
        LOG.warn("{}; {} turns to it all the same", late, mac);
        return true;
    }

    private static boolean hasArrived(HostNic receiver) {
        if (!receiver.gate().hasArrived()) {
            // Its switch may not have had a turn for a while, where it has a thread of its own.
            receiver.network().drainUplink();
        }
        return receiver.gate().hasArrived();
    }

    private void hold() {
        holding = true;
        to.nic().gate().holdSenders();
    }

    private void release() {
        if (holding) {
            holding = false;
            to.nic().gate().releaseSenders();
        }
    }

    private boolean open() {
        if (!to.nic().gate().isFlushed()) {
            if (clock.nanos() < deadline) {
                return false;
            }
            if (!forced) {
                throw new IllegalStateException("NIC " + to.nic().name() + " did not send what its uplink was given");
            }
        }
        if (isOnePort()) {
            cutBoth();
            return true;
        }
        to.open();
        opened = true;
        // Before the guests on the switch send again: nothing of theirs may stand in front of the marker.
        if (!send(to.nic(), from.nic(), mac) && !forced) {
            throw new IllegalStateException("NIC " + to.nic().name() + " does not take a frame from its uplink");
        }
        release();
        next(Step.LEARNING);
        return true;
    }

    private void cut() {
        HostNic old = from.nic();
        old.driver().pauseReceive();
        try {
            from.close(mac);
        } finally {
            old.driver().resumeReceive();
        }
        end();
    }

    /** Both functions hang on one port: a frame that comes meanwhile waits in the port and meets the new carrier. */
    private void cutBoth() {
        from.nic().driver().pauseReceive();
        try {
            to.nic().driver().pauseReceive();
            try {
                to.open();
                opened = true;
                from.close(mac);
            } finally {
                to.nic().driver().resumeReceive();
            }
        } finally {
            from.nic().driver().resumeReceive();
        }
        end();
    }

    private void end() {
        step = Step.ENDED;
        deadline = Long.MAX_VALUE;
        release();
        turn.give(this);
    }

    /** Undoes what was done; the old carrier goes on. Does nothing at the end. */
    void cancel() {
        if (step == Step.ENDED) {
            return;
        }
        if (opened) {
            attempt(() -> {
                to.nic().driver().pauseReceive();
                try {
                    to.close(mac);
                } finally {
                    to.nic().driver().resumeReceive();
                }
            });
            if (!isOnePort()) {
                // The network may have learnt the new place: this one teaches it the old one again.
                attempt(() -> from.nic().gate().sendMarker(to.nic().probe(), mac, turn.nextSequence()));
            }
        }
        end();
    }

    private void attempt(Runnable undo) {
        try {
            undo.run();
        } catch (RuntimeException e) {
            LOG.error("{} from NIC {} to NIC {}: not undone: {}", mac, from.nic().name(), to.nic().name(),
                    e.getMessage(), e);
        }
    }
}
