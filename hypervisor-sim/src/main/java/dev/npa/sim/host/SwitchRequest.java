package dev.npa.sim.host;

/**
 * A request that a guest has not completed yet. Used under the home NIC's lock.
 *
 * <p>The fall-back that a shell does on its own account after a plugin's fault is a request of sequence 0: nobody
 * asked, nobody answers, but it has a time limit and an end like the others.
 */
final class SwitchRequest {

    /** Sequence of a fall-back. */
    static final int FALL_BACK = 0;

    private final int sequence;
    private final int action;
    private final VfLease lease;
    private final SwitchoverImpl switchover;
    private final long deadline;
    private final Runnable next;
    private boolean activated;
    private boolean drainAwaited;

    /**
     * Makes a request.
     *
     * @param action {@link PluginArea#ACTION_PASSTHROUGH} or {@link PluginArea#ACTION_EMULATE}
     * @param lease VF to go to; null for EMULATE
     * @param deadline machine time at which it is withdrawn
     * @param next continues the switchover when this request is done; null if it is the last
     */
    SwitchRequest(int sequence, int action, VfLease lease, SwitchoverImpl switchover, long deadline, Runnable next) {
        this.sequence = sequence;
        this.action = action;
        this.lease = lease;
        this.switchover = switchover;
        this.deadline = deadline;
        this.next = next;
    }

    int sequence() {
        return sequence;
    }

    boolean isPassthrough() {
        return action == PluginArea.ACTION_PASSTHROUGH;
    }

    VfLease lease() {
        return lease;
    }

    SwitchoverImpl switchover() {
        return switchover;
    }

    long deadline() {
        return deadline;
    }

    Runnable next() {
        return next;
    }

    /** Whether the address moved. */
    boolean isActivated() {
        return activated;
    }

    void activated(long nanos) {
        activated = true;
        switchover.activated(nanos);
    }

    /** Whether the guest still has to be told that the old receive path has handed over everything. */
    boolean isDrainAwaited() {
        return drainAwaited;
    }

    void awaitDrain(boolean awaited) {
        drainAwaited = awaited;
    }
}
