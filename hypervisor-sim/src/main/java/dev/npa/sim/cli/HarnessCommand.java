package dev.npa.sim.cli;

import dev.npa.sim.bench.Harnesses;
import dev.npa.sim.bench.Report;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code npa harness}: what {@code npa bench} starts for its measurements of the whole system. */
@Command(name = "harness", hidden = true,
        description = "Runs one measurement of 'npa bench' and prints its figures, one JSON object a line.")
final class HarnessCommand implements Callable<Integer> {

    @ParentCommand
    private Npa npa;

    @Parameters(paramLabel = "NAME", description = "Name of the measurement.")
    private String name;

    @Option(names = "--quick", description = "Fewer and smaller windows.")
    private boolean quick;

    @Override
    public Integer call() throws CliException {
        if (!Harnesses.names().contains(name)) {
            throw new CliException("there is no measurement '" + name + "'; there are " + Harnesses.names());
        }
        Harnesses.run(name, quick, npa.installation.images(), npa.installation.parts(), new Lines(npa.output()));
        return ExitCode.OK;
    }

    /** A line for each figure, in the form of a result file of {@code npa bench}. */
    private record Lines(Output out) implements Report {

        @Override
        public void figure(String metric, double value, String unit, double low, double high) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("metric", metric);
            fields.put("value", value);
            fields.put("unit", unit);
            fields.put("low", low);
            fields.put("high", high);
            out.json(fields);
        }

        @Override
        public void series(String series, String unit, double from, double step, double[] values) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("series", series);
            fields.put("unit", unit);
            fields.put("from", from);
            fields.put("step", step);
            fields.put("values", Arrays.stream(values).boxed().toList());
            out.json(fields);
        }
    }
}
