package dev.npa.benchmarks.report;

import static dev.npa.benchmarks.report.ResultFileTest.results;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.benchmarks.report.Comparison.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {

    private static Comparison compare(String name, double old, double now) {
        return Comparison.of(results(Metric.of(name, "1", old)), results(Metric.of(name, "1", now)), n -> true);
    }

    @ParameterizedTest
    @CsvSource({
        "forward.niantic.64B.burst32.ratio, 2, 1.5, BETTER",
        "forward.niantic.64B.burst32.ratio, 2, 2, BETTER",
        "forward.niantic.64B.burst32.ratio, 2, 3.5, WITHIN",
        "forward.niantic.64B.burst32.ratio, 2, 3.51, BEYOND",
        "forward.niantic.64B.burst32.ratio, 2, 4, BEYOND",
        "forward.broadcom.offloads.burst32.ratio, 8, 14, WITHIN",
        "forward.broadcom.offloads.burst32.ratio, 8, 16, BEYOND",
        "forward.kawela.bytesAllocatedPerPacket, 0, 0.5, WITHIN",
        "forward.kawela.bytesAllocatedPerPacket, 0, 0.51, BEYOND",
        "passthroughVsEmulated.tx.cpuRatio, 3, 3.1, BETTER",
        "passthroughVsEmulated.tx.cpuRatio, 3, 2, WITHIN",
        "passthroughVsEmulated.tx.cpuRatio, 3, 1.99, BEYOND",
        "scale.100vm.costRatio, 1.1, 1.66, BEYOND",
        "swap.lost, 0, 0, BETTER",
        "swap.lost, 0, 1, BEYOND"})
    void aFigureFailsBeyondItsToleranceAndOnlyThen(String name, double old, double now, Verdict verdict) {
        Comparison comparison = compare(name, old, now);
        assertEquals(List.of(verdict), comparison.rows().stream().map(Comparison.Row::verdict).toList());
        assertEquals(verdict == Verdict.BEYOND ? 1 : 0, comparison.beyond().size());
    }

    @Test
    void everyRatioThatDoublesIsBeyondItsTolerance() {
        for (Kind kind : Kind.ALL) {
            if (kind.comparison() == Kind.By.FACTOR) {
                assertTrue(kind.tolerance() > 1 && kind.tolerance() < 2, kind.names() + " tolerates a factor of two");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"forward.niantic.64B.burst32.nsPerPacket", "guest.bootMillis", "seeded.framesPerSecond",
        "swap.gap.p99Micros", "forward.niantic.offloads.burst32.segmentRatio", "reference.forward.nsPerPacket",
        "something.else"})
    void whatDependsOnTheMachineIsNotCompared(String name) {
        assertTrue(compare(name, 10, 1000).rows().isEmpty());
        assertTrue(compare(name, 10, 1000).isEmpty());
    }

    @Test
    void whatWasNotMeasuredOrNotWantedDoesNotFail() {
        Results old = results(Metric.of("forward.a.64B.burst32.ratio", "1", 2),
                Metric.of("forward.b.64B.burst32.ratio", "1", 2), Metric.of("swap.lost", "1", 0));
        Results now = results(Metric.of("forward.a.64B.burst32.ratio", "1", 2), Metric.of("swap.lost", "1", 7));
        Comparison comparison = Comparison.of(old, now, n -> n.startsWith("forward"));
        assertEquals(List.of(Verdict.BETTER, Verdict.NOT_MEASURED),
                comparison.rows().stream().map(Comparison.Row::verdict).toList());
        assertFalse(comparison.isEmpty());
        assertTrue(Comparison.of(old, results(), n -> true).isEmpty());
    }

    @Test
    void theTableHasOldAndNewFigureLimitAndTolerance() {
        String table = TextReport.comparison(compare("forward.niantic.64B.burst32.ratio", 2, 4));
        assertEquals(List.of("forward.niantic.64B.burst32.ratio", "2.00", "4.00", "3.50", "x1.75", "BEYOND"),
                List.of(table.lines().toList().get(1).split(" +")));
    }
}
