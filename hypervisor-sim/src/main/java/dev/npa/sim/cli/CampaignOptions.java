package dev.npa.sim.cli;

import dev.npa.sim.scenario.Seeds;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options for running scenarios many times. */
final class CampaignOptions {

    @Option(names = "--seeds", paramLabel = "N|A..B", converter = SeedsConverter.class,
            description = "Run with each of the seeds 1..N, or A..B, and stop at the first finding.")
    Seeds seeds;

    @Option(names = "--keep-going", description = "With --seeds or --all: go on after a finding.")
    boolean keepGoing;

    @Option(names = "--all", description = "Run every built-in scenario.")
    boolean all;

    @Option(names = "--shorten", paramLabel = "D", defaultValue = "1",
            description = "Divide the frame counts of the timeline by D, so that runs are quick.")
    int shorten;

    /** Whether more than one run was asked for. */
    boolean isCampaign() {
        return seeds != null || all;
    }

    /** Reads a range of seeds. */
    static final class SeedsConverter implements ITypeConverter<Seeds> {
        @Override
        public Seeds convert(String value) {
            try {
                return Seeds.parse(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
