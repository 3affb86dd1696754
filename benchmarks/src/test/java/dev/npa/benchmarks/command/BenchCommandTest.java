package dev.npa.benchmarks.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.benchmarks.harness.BenchException;
import dev.npa.benchmarks.harness.Harness;
import dev.npa.benchmarks.harness.Progress;
import dev.npa.benchmarks.harness.Settings;
import dev.npa.benchmarks.report.JsonLines;
import dev.npa.benchmarks.report.Metric;
import dev.npa.benchmarks.report.ResultFile;
import dev.npa.benchmarks.report.Series;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandTest {

    private static final String RATIO = "forward.niantic.64B.burst32.ratio";

    @TempDir
    private Path dir;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> ran = new ArrayList<>();

    /** A harness whose figures are given. */
    private final class Given implements Harness {

        private final List<Metric> metrics;

        Given(Metric... metrics) {
            this.metrics = List.of(metrics);
        }

        @Override
        public String name() {
            return metrics.get(0).name();
        }

        @Override
        public List<String> metrics(Settings settings) {
            return metrics.stream().map(Metric::name).toList();
        }

        @Override
        public List<Metric> run(Settings settings, Progress progress, Consumer<Series> series) throws BenchException {
            ran.add(name() + (settings.quick() ? " quick" : ""));
            if (name().startsWith("broken")) {
                throw name().endsWith("missing") ? BenchException.missing("it is not built")
                        : BenchException.failed("it threw");
            }
            return metrics;
        }
    }

    private int bench(String... args) {
        return BenchCommand.execute(List.of(
                new Given(Metric.of(RATIO, "1", 2, 3), Metric.of("forward.niantic.64B.burst32.nsPerPacket", "ns", 14)),
                new Given(Metric.of("swap.lost", "frames", 0)), new Given(Metric.of("broken.failed", "1", 1)),
                new Given(Metric.of("broken.missing", "1", 1))), args, new PrintWriter(out, true),
                new PrintWriter(err, true));
    }

    private Path baseline(double ratio) throws IOException {
        return Files.writeString(dir.resolve("baseline.json"),
                "{\"npaBench\":1}\n" + JsonLines.line(Metric.of(RATIO, "1", ratio)) + "\n");
    }

    @Test
    void jsonIsOneFigureALineAndNothingElse() throws IOException {
        assertEquals(0, bench("--json", "--only", "forward.*", "--only", "swap.*"));
        List<String> names = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            names.add(JsonLines.metric(JsonLines.parse(line)).name());
        }
        assertEquals(List.of(RATIO, "forward.niantic.64B.burst32.nsPerPacket", "swap.lost"), names);
        assertTrue(err.toString().contains("npa bench on "), "the machine is printed");
    }

    @Test
    void onlyWhatIsWantedIsMeasuredAndPrinted() {
        assertEquals(0, bench("--quick", "--only", "*.ratio"));
        assertEquals(List.of(RATIO + " quick"), ran);
        assertTrue(out.toString().contains(RATIO));
        assertFalse(out.toString().contains("nsPerPacket"));
    }

    @Test
    void aRatioWithinItsToleranceEndsWithZeroAndBeyondItWithOne() throws IOException {
        assertEquals(0, bench("--only", "forward.*", "--baseline", baseline(1.5).toString()));
        assertTrue(out.toString().contains("within"));
        assertEquals(1, bench("--only", "forward.*", "--baseline", baseline(1).toString()));
        assertTrue(out.toString().contains("BEYOND"));
        assertTrue(err.toString().contains("1 ratio is worse than in " + dir), err.toString());
    }

    @Test
    void aBaselineThatCannotBeReadIsRefusedBeforeAnythingIsMeasured() throws IOException {
        Path bad = Files.writeString(dir.resolve("bad.json"), "hello");
        assertEquals(2, bench("--baseline", bad.toString()));
        assertEquals(2, bench("--baseline", dir.resolve("none").toString()));
        assertEquals(List.of(), ran);
        assertEquals(2, err.toString().lines().filter(l -> l.startsWith("npa: " + dir)).count(), err.toString());
    }

    @Test
    void aBaselineWithNothingThatWasMeasuredIsRefused() throws IOException {
        assertEquals(2, bench("--only", "swap.*", "--baseline", baseline(1).toString()));
        assertTrue(err.toString().contains("nothing was compared"), err.toString());
    }

    @Test
    void aSavedRunIsABaselineForTheNext() throws Exception {
        Path file = dir.resolve("saved.json");
        assertEquals(0, bench("--only", "forward.*", "--save", file.toString()));
        assertEquals(2, ResultFile.read(file).metrics().size());
        assertEquals("npa bench --only forward.* --save " + file, ResultFile.read(file).command());
        assertEquals(0, bench("--only", "forward.*", "--baseline", file.toString()));
        assertEquals(0, bench("--only", "forward.*", "--save", file.toString(), "--ratios"));
        assertEquals(1, ResultFile.read(file).metrics().size());
    }

    @Test
    void thePageIsWrittenWithTheComparison() throws IOException {
        Path page = dir.resolve("r.html");
        assertEquals(1, bench("--only", "forward.*", "--html", page.toString(), "--baseline", baseline(1).toString()));
        assertTrue(Files.readString(page).contains("Comparison with the baseline"));
    }

    @Test
    void whatCannotBeMeasuredEndsWithThreeAndWhatIsMissingWithTwo() {
        assertEquals(3, bench("--only", "broken.failed"));
        assertEquals(2, bench("--only", "broken.missing"));
        assertEquals(List.of("npa: it threw", "npa: it is not built"),
                err.toString().lines().filter(l -> l.startsWith("npa:")).toList());
        assertEquals("", out.toString());
    }

    @Test
    void theListNamesEveryMetricAndMeasuresNothing() {
        assertEquals(0, bench("--list"));
        assertEquals(5, out.toString().lines().count());
        assertTrue(out.toString().contains(RATIO + ": forwarding by plugin and shell / the reference loop"));
        assertEquals(List.of(), ran);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --fast                        | Unknown option: '--fast'
            forward                       | Unmatched argument at index 0: 'forward'
            --baseline                    | Missing required parameter for option '--baseline' (FILE)
            --only nothing.*              | no metric of this run matches --only nothing.*
            --html /no/such/directory/x   | --html /no/such/directory/x cannot be written
            --save /no/such/directory/x   | --save /no/such/directory/x cannot be written
            """)
    void wrongUseEndsWithTwoAndASentence(String line, String reason) {
        assertEquals(2, bench(line.split(" ")));
        assertTrue(err.toString().contains("npa: " + reason) && err.toString().contains("see: npa bench --help"),
                err.toString());
        assertEquals(1, err.toString().lines().count());
        assertEquals(List.of(), ran);
    }

    @Test
    void helpNamesEveryOptionAndExitCode() {
        assertEquals(0, bench("--help"));
        for (String word : List.of("--quick", "--json", "--only", "--baseline", "--save", "--html", "--list",
                "Exit codes")) {
            assertTrue(out.toString().contains(word), word);
        }
    }
}
