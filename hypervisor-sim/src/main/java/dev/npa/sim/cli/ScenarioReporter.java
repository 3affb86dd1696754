package dev.npa.sim.cli;

import dev.npa.sim.machine.Violations;
import dev.npa.sim.scenario.RunResult;
import dev.npa.sim.scenario.RunResult.PhaseRow;
import dev.npa.sim.scenario.Scenario;
import dev.npa.sim.scenario.ScenarioRunner;
import dev.npa.sim.scenario.ScenarioWorld;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Runs a scenario for a command and prints progress, the table and the summary. */
final class ScenarioReporter {

    private static final int SHOWN_VIOLATIONS = 10;

    private ScenarioReporter() {}

    /** Runs it; answers the exit code. */
    static int run(Npa npa, RunOptions options, Scenario scenario) throws Exception {
        Output out = npa.output();
        RunResult result;
        try (ScenarioWorld world = options.world(npa, scenario, null,
                text -> out.event("note", Map.of("text", text), "  " + text))) {
            out.event("start", Map.of("scenario", scenario.name(), "mode", world.mode().name().toLowerCase(Locale.ROOT),
                    "seed", world.seed()), "scenario " + scenario.name() + ", " + world.mode().name().toLowerCase(
                    Locale.ROOT) + " mode, seed " + world.seed());
            result = new ScenarioRunner(scenario, world, out::event).run();
        }
        table(out, result);
        findings(out, result);
        out.event("summary", result.values(), summary(result));
        return result.isClean() ? ExitCode.OK : ExitCode.FINDINGS;
    }

    private static void table(Output out, RunResult result) {
        out.line("");
        int width = result.phases().stream().mapToInt(row -> row.label().length()).reduce(34, Math::max);
        String label = "%-" + width + "s ";
        out.line(String.format(label + "%9s %9s %5s %5s %6s %12s %12s", "DATA PATH", "SENT", "RECEIVED", "LOST", "DUP",
                "REORD", "GAP us", "GAP us real"));
        for (PhaseRow row : result.phases()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("dataPath", row.label());
            fields.put("framesSent", row.sent());
            fields.put("framesReceived", row.received());
            fields.put("lost", row.lost());
            fields.put("duplicated", row.duplicated());
            fields.put("reordered", row.reordered());
            fields.put("foreign", row.foreign());
            fields.put("gapMicros", row.gapMicros());
            fields.put("gapRealMicros", row.gapRealMicros());
            out.event("phase", fields, String.format(Locale.ROOT, label + "%9d %9d %5d %5d %6d %12.1f %12.1f", row.label(),
                    row.sent(), row.received(), row.lost(), row.duplicated(), row.reordered(), row.gapMicros(),
                    row.gapRealMicros()));
        }
        out.line("");
    }

    private static void findings(Output out, RunResult result) {
        result.violations().stream().limit(SHOWN_VIOLATIONS).forEach((Violations.Violation v) -> out.event("violation",
                Map.of("nanos", v.nanos(), "where", v.where(), "what", v.what()), "violation: " + v));
        result.findings().forEach(text -> out.event("finding", Map.of("text", text), "finding: " + text));
    }

    private static String summary(RunResult result) {
        Map<String, Number> v = result.values();
        return v.get("framesReceived") + " of " + v.get("framesSent") + " frames received, " + v.get("lost") + " lost, "
                + v.get("duplicated") + " duplicated, " + v.get("reordered") + " reordered; " + v.get("switchovers")
                + " switchovers, longest gap " + String.format(Locale.ROOT, "%.1f", v.get("maxGapMicros").doubleValue())
                + " us; " + v.get("violations") + " violations\n"
                + "plugins unloaded: " + v.get("unloaded") + "; " + v.get("classLoadersCollected")
                + " class loaders collected, " + v.get("vfsHeld") + " virtual functions held, " + v.get("pagesMapped")
                + " IOMMU pages mapped, " + v.get("reclaimedBuffers") + " buffers and " + v.get("reclaimedWindows")
                + " DMA windows had to be reclaimed";
    }
}
