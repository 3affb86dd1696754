package dev.npa.sim.host;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Written under the lock of the VM's NIC, read by any thread. */
final class SwitchoverImpl implements Switchover {

    private final String from;
    private final long requested;
    private final List<Long> activations = new CopyOnWriteArrayList<>();
    private volatile String to;
    private volatile String reason = "";
    private volatile long completed = -1;
    private volatile Outcome outcome = Outcome.PENDING;

    SwitchoverImpl(String from, String to, long requestedNanos) {
        this.from = from;
        this.to = to;
        this.requested = requestedNanos;
    }

    void target(String newTo) {
        to = newTo;
    }

    void activated(long nanos) {
        activations.add(nanos);
    }

    void done(long nanos) {
        complete(Outcome.DONE, "", nanos);
    }

    void fail(String why, long nanos) {
        complete(Outcome.FAILED, why, nanos);
    }

    private void complete(Outcome how, String why, long nanos) {
        if (outcome == Outcome.PENDING) {
            reason = why;
            completed = nanos;
            outcome = how;
        }
    }

    @Override
    public Outcome outcome() {
        return outcome;
    }

    @Override
    public String reason() {
        return reason;
    }

    @Override
    public String from() {
        return from;
    }

    @Override
    public String to() {
        return to;
    }

    @Override
    public long requestedNanos() {
        return requested;
    }

    @Override
    public long activatedNanos() {
        int count = activations.size();
        return count == 0 ? -1 : activations.get(count - 1);
    }

    @Override
    public List<Long> activations() {
        return List.copyOf(activations);
    }

    @Override
    public long completedNanos() {
        return completed;
    }

    @Override
    public String toString() {
        return from + " -> " + to + " " + outcome + (reason.isEmpty() ? "" : ": " + reason);
    }
}
