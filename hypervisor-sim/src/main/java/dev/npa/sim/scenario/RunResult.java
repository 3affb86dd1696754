package dev.npa.sim.scenario;

import dev.npa.sim.machine.Violations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The outcome of a scenario.
 *
 * @param phases frame account by phase, in order of time
 * @param values the summary's values by name: those of {@code expect} and more
 * @param findings one sentence for each expectation that was not met, step that did not end, or failed switchover
 * @param violations what devices recorded, the first ones
 */
public record RunResult(
        List<PhaseRow> phases,
        Map<String, Number> values,
        List<String> findings,
        List<Violations.Violation> violations) {

    public RunResult {
        phases = List.copyOf(phases);
        values = new LinkedHashMap<>(values);
        findings = List.copyOf(findings);
        violations = List.copyOf(violations);
    }

    public boolean isClean() {
        return findings.isEmpty();
    }

    /**
     * One phase of a run: traffic on one carrier, or a switchover between two.
     *
     * @param label carrier of the VMs, as {@code niantic 1.0.0}, or {@code from -> to}
     * @param gapMicros longest gap at a receiver in machine time
     * @param gapRealMicros the same in real time
     */
    public record PhaseRow(
            String label,
            long sent,
            long received,
            long lost,
            long duplicated,
            long reordered,
            long foreign,
            double gapMicros,
            double gapRealMicros) {}
}
