package dev.npa.sim.traffic;

import java.util.List;

/**
 * Traffic between two stations in both directions, with an account for each. Controlled from any thread.
 */
public final class TrafficFlow {

    private final String name;
    private final String description;
    private final FrameSource forward;
    private final FrameSource backward;

    TrafficFlow(String name, String description, FrameSource forward, FrameSource backward) {
        this.name = name;
        this.description = description;
        this.forward = forward;
        this.backward = backward;
    }

    public String name() {
        return name;
    }

    /** One line for the user: what is sent. */
    public String description() {
        return description;
    }

    /** Begins or goes on sending. */
    public void start() {
        forward.start();
        backward.start();
    }

    /** Ends sending; what is under way still arrives. */
    public void stop() {
        forward.stop();
        backward.stop();
    }

    /** Whether both directions have sent all they will. */
    public boolean isAtRest() {
        return forward.isAtRest() && backward.isAtRest();
    }

    /** Whether nothing is sent any more and every frame is accounted for: received, or given up after the timeout. */
    public boolean isIdle(long nanos) {
        return isAtRest() && forward.account.isQuiet(nanos) && backward.account.isQuiet(nanos);
    }

    /** What is sent from now on belongs to this phase, such as {@code niantic 1.0.0}. */
    public void phase(String label) {
        forward.account.phase(label);
        backward.account.phase(label);
    }

    /** Accounts of both directions: from the first station to the second, and back. */
    public List<FrameAccount> accounts() {
        return List.of(forward.account, backward.account);
    }

    /** Frames received in both directions. */
    long receivedFrames() {
        return forward.account.receivedFrames() + backward.account.receivedFrames();
    }

    /** Both accounts as they stand. */
    public List<AccountSummary> summaries(long nanos) {
        return List.of(forward.account.summary(nanos), backward.account.summary(nanos));
    }
}
