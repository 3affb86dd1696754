package dev.npa.sim.traffic;

import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link FrameAccount} says.
 *
 * @param name direction, as {@code web: vm0 -> peer}
 * @param settled whether nothing is under way any more; only then {@code lost} is final
 * @param flows flows seen
 * @param total sums over all phases; its gap includes a wait that has not ended
 * @param phases phases with traffic, in order of time
 */
public record AccountSummary(String name, boolean settled, int flows, Phase total, List<Phase> phases) {

    /**
     * Counts of the frames sent in one phase.
     *
     * @param label as the scenario named the phase
     * @param lost sent and not received: all of them once settled, before that those older than the loss timeout
     * @param outstanding sent, not received, and not lost yet
     * @param foreign received in this phase but never sent
     * @param gapNanos longest wait of the receiver, machine time
     * @param gapRealNanos the same in real time
     */
    public record Phase(
            String label,
            long sent,
            long sentBytes,
            long received,
            long receivedBytes,
            long lost,
            long outstanding,
            long duplicated,
            long reordered,
            long foreign,
            long gapNanos,
            long gapRealNanos) {

        public double gapMicros() {
            return gapNanos / 1_000.0;
        }

        public double gapRealMicros() {
            return gapRealNanos / 1_000.0;
        }

        /** Whether everything sent arrived, once, in order, and nothing else did. */
        public boolean isClean() {
            return (lost | outstanding | duplicated | reordered | foreign) == 0;
        }

        /** Counts of both, the longer gaps, the label of this. */
        public Phase plus(Phase other) {
            return new Phase(label, sent + other.sent, sentBytes + other.sentBytes, received + other.received,
                    receivedBytes + other.receivedBytes, lost + other.lost, outstanding + other.outstanding,
                    duplicated + other.duplicated, reordered + other.reordered, foreign + other.foreign,
                    Math.max(gapNanos, other.gapNanos), Math.max(gapRealNanos, other.gapRealNanos));
        }
    }

    /** Counts of nothing. */
    public static Phase none(String label) {
        return new Phase(label, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    static AccountSummary of(String name, boolean settled, int flows, long openGap, PhaseCounts[] counts) {
        Phase total = none("total");
        List<Phase> phases = new ArrayList<>();
        for (PhaseCounts c : counts) {
            Phase p = phase(c, settled);
            total = total.plus(p);
            if (p.sent != 0 || p.foreign != 0) {
                phases.add(p);
            }
        }
        Phase open = new Phase("", 0, 0, 0, 0, 0, 0, 0, 0, 0, openGap, 0);
        return new AccountSummary(name, settled, flows, total.plus(open), List.copyOf(phases));
    }

    private static Phase phase(PhaseCounts c, boolean settled) {
        // In this order: a frame that arrives meanwhile cannot make a count negative.
        long received = c.get(PhaseCounts.RECEIVED);
        long overdue = c.get(PhaseCounts.OVERDUE);
        long missing = c.get(PhaseCounts.SENT) - received;
        long lost = settled ? missing : Math.min(overdue, missing);
        return new Phase(c.label, c.get(PhaseCounts.SENT), c.get(PhaseCounts.SENT_BYTES), received,
                c.get(PhaseCounts.RECEIVED_BYTES), lost, missing - lost, c.get(PhaseCounts.DUPLICATED),
                c.get(PhaseCounts.REORDERED), c.get(PhaseCounts.FOREIGN), c.get(PhaseCounts.GAP),
                c.get(PhaseCounts.GAP_REAL));
    }
}
