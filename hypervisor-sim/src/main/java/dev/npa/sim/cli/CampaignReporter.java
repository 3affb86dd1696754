package dev.npa.sim.cli;

import dev.npa.sim.host.SimulationParts;
import dev.npa.sim.scenario.Campaign;
import dev.npa.sim.scenario.RunResult;
import dev.npa.sim.scenario.Scenario;
import dev.npa.sim.scenario.Seeds;
import dev.npa.sim.scenario.Shortened;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Runs a campaign for a command and prints each finding with the command that replays it, and a summary. */
final class CampaignReporter {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Output out;
    private final RunOptions options;
    private final CampaignOptions campaignOptions;
    private final Campaign campaign;
    private String source;

    private CampaignReporter(Npa npa, RunOptions options, CampaignOptions campaignOptions) throws CliException {
        this.out = npa.output();
        this.options = options;
        this.campaignOptions = campaignOptions;
        SimulationParts parts = options.parts(npa);
        this.campaign = new Campaign((scenario, seed) -> options.world(npa, scenario, null, seed, parts, text -> { }),
                campaignOptions.keepGoing, this::ran);
    }

    /**
     * Runs scenarios with the seeds of the options, or each with its own seed.
     *
     * @param sources their files or names
     * @return exit code
     */
    static int run(Npa npa, RunOptions options, CampaignOptions campaignOptions, List<String> sources)
            throws Exception {
        return new CampaignReporter(npa, options, campaignOptions).run(sources);
    }

    private int run(List<String> sources) throws Exception {
        Map<String, Scenario> scenarios = new LinkedHashMap<>();
        for (String name : sources) {
            scenarios.put(name, Shortened.of(options.load(name), campaignOptions.shorten));
        }
        long start = System.nanoTime();
        boolean goOn = true;
        for (Map.Entry<String, Scenario> entry : scenarios.entrySet()) {
            if (goOn) {
                source = entry.getKey();
                goOn = one(entry.getValue());
            }
        }
        summary(System.nanoTime() - start);
        return campaign.findings() == 0 ? ExitCode.OK : ExitCode.FINDINGS;
    }

    private boolean one(Scenario scenario) throws Exception {
        long start = System.nanoTime();
        long runs = campaign.runs();
        long unclean = campaign.unclean();
        long frames = campaign.sums().get("framesReceived");
        Seeds seeds = campaignOptions.seeds != null ? campaignOptions.seeds : options.seed(scenario);
        boolean goOn = campaign.run(scenario, seeds);
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        runs = campaign.runs() - runs;
        unclean = campaign.unclean() - unclean;
        frames = campaign.sums().get("framesReceived") - frames;
        out.event("scenario", Map.of("scenario", source, "runs", runs, "unclean", unclean, "framesReceived", frames,
                "seconds", seconds), String.format(Locale.ROOT, "%-22s %6d runs, %9d frames received, %s, %.1f s", source,
                runs, frames, unclean == 0 ? "clean" : unclean + " with findings", seconds));
        return goOn;
    }

    private void ran(Scenario scenario, long seed, RunResult result, long nanos) {
        String replay = options.replay(source, seed, campaignOptions.shorten);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("scenario", source);
        fields.put("seed", seed);
        fields.put("clean", result.isClean());
        fields.put("millis", nanos / NANOS_PER_MILLI);
        fields.putAll(result.values());
        out.event("run", fields, null);
        for (String finding : result.findings()) {
            out.event("finding", Map.of("scenario", source, "seed", seed, "text", finding, "replay", replay),
                    "finding: " + source + ", seed " + seed + ": " + finding);
        }
        if (!result.isClean()) {
            out.line("  replay: " + replay);
        }
    }

    private void summary(long nanos) {
        Map<String, Object> fields = new LinkedHashMap<>();
        double seconds = nanos / NANOS_PER_SECOND;
        fields.put("runs", campaign.runs());
        fields.put("unclean", campaign.unclean());
        fields.put("findings", campaign.findings());
        fields.putAll(campaign.sums());
        fields.put("seconds", seconds);
        Map<String, Long> s = campaign.sums();
        out.event("summary", fields, String.format(Locale.ROOT, "%d runs in %.1f s, %d with findings; %d of %d frames "
                + "received, %d lost, %d duplicated, %d reordered, %d foreign; %d switchovers, %d failed; %d violations",
                campaign.runs(), seconds, campaign.unclean(), s.get("framesReceived"), s.get("framesSent"),
                s.get("lost"), s.get("duplicated"), s.get("reordered"), s.get("foreign"), s.get("switchovers"),
                s.get("failedSwitchovers"), s.get("violations")));
    }
}
