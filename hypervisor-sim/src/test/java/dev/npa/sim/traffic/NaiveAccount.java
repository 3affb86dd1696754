package dev.npa.sim.traffic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The account's rules in the plainest form: lists, full comparison, no hashing. The oracle of the property tests. */
final class NaiveAccount {

    private static final class Sent {
        final byte[] bytes;
        final String flow;
        final long nanos;
        boolean received;

        Sent(byte[] bytes, String flow, long nanos) {
            this.bytes = bytes;
            this.flow = flow;
            this.nanos = nanos;
        }
    }

    private final List<Sent> sent = new ArrayList<>();
    private long lastReception = Long.MIN_VALUE;
    private int front = -1;
    long received;
    long duplicated;
    long reordered;
    long foreign;
    long gap;

    void sent(byte[] bytes, String flow, long nanos) {
        sent.add(new Sent(bytes, flow, nanos));
    }

    FrameAccount.Verdict received(byte[] bytes, long nanos) {
        int match = -1;
        boolean known = false;
        for (int i = 0; i < sent.size() && match < 0; i++) {
            if (Arrays.equals(sent.get(i).bytes, bytes)) {
                known = true;
                match = sent.get(i).received ? -1 : i;
            }
        }
        if (match < 0) {
            duplicated += known ? 1 : 0;
            foreign += known ? 0 : 1;
            return known ? FrameAccount.Verdict.DUPLICATE : FrameAccount.Verdict.FOREIGN;
        }
        Sent frame = sent.get(match);
        boolean overtaken = false;
        for (int i = match + 1; i < sent.size(); i++) {
            overtaken |= sent.get(i).received && sent.get(i).flow.equals(frame.flow);
        }
        long since = match > front ? sent.get(front + 1).nanos : frame.nanos;
        gap = Math.max(gap, nanos - Math.max(since, lastReception));
        lastReception = nanos;
        front = Math.max(front, match);
        frame.received = true;
        received++;
        reordered += overtaken ? 1 : 0;
        return overtaken ? FrameAccount.Verdict.REORDERED : FrameAccount.Verdict.IN_ORDER;
    }

    long sent() {
        return sent.size();
    }
}
