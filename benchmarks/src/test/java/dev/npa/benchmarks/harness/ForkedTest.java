package dev.npa.benchmarks.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.benchmarks.report.Metric;
import dev.npa.benchmarks.report.Series;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForkedTest {

    @TempDir
    private Path dir;

    private final List<Series> series = new ArrayList<>();

    /** The process that is started. */
    static final class Program {

        private Program() {}

        public static void main(String[] args) {
            System.err.println("a warning of the JVM");
            switch (args[0]) {
                case "good" -> {
                    boolean quick = args.length > 1 && args[1].equals("--quick");
                    System.out.println("{\"metric\":\"seeded.framesPerSecond\",\"value\":" + (quick ? 5 : 7)
                            + ",\"unit\":\"1/s\",\"low\":1,\"high\":" + (quick ? 5 : 7) + "}");
                    System.out.println("{\"series\":\"swap.timeline\",\"unit\":\"Mpps\",\"from\":0,\"step\":1,"
                            + "\"values\":[1,2]}");
                }
                case "fails" -> System.exit(3);
                case "bad" -> System.out.println("{\"metric\":\"seeded.framesPerSecond\",\"value\":\"x\"}");
                default -> System.out.println("{\"metric\":\"seeded.framesPerSecond\",\"val");
            }
        }
    }

    private List<Metric> run(String name, boolean quick) throws BenchException {
        return Forked.ofClass(Program.class, name, List.of("seeded.framesPerSecond"), List.of())
                .run(new Settings(quick, List.of(), dir), note -> { }, series::add);
    }

    private String failure(String name) {
        return assertThrows(BenchException.class, () -> run(name, true)).getMessage();
    }

    @Test
    void figuresAndSeriesOfTheProcessAreReadAmongItsOtherLines() throws BenchException {
        assertEquals(List.of(new Metric("seeded.framesPerSecond", 5, "1/s", 1, 5)), run("good", true));
        assertEquals(List.of(new Series("swap.timeline", "Mpps", 0, 1, List.of(1.0, 2.0))), series);
    }

    @Test
    void aFullRunHasTwoForksAndTheSeriesOfOne() throws BenchException {
        assertEquals(List.of(new Metric("seeded.framesPerSecond", 7, "1/s", 1, 7)), run("good", false));
        assertEquals(1, series.size());
    }

    @Test
    void aProcessThatFailsIsToldWithItsExitCodeAndWords() {
        assertEquals("the measurement 'fails' ended with exit code 3: a warning of the JVM", failure("fails"));
    }

    @Test
    void linesThatAreNoFiguresAreToldAsSuch() {
        assertTrue(failure("bad").contains("there is no number 'value'"), failure("bad"));
        assertEquals("the measurement 'torn' printed no seeded.framesPerSecond", failure("torn"));
    }

    @Test
    void aMissingProductIsTheUsersToBuild() {
        BenchException e = assertThrows(BenchException.class, () -> Forked.ofProduct("seeded", List.of("a.b"), List.of())
                .run(new Settings(true, List.of(), dir), note -> { }, series::add));
        assertTrue(e.isUsage());
        assertTrue(e.getMessage().contains("npa.jar is not there") && e.getMessage().contains("mvn package"));
    }
}
