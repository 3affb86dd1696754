package dev.npa.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.benchmarks.harness.Harness;
import dev.npa.benchmarks.harness.Settings;
import dev.npa.benchmarks.report.Kind;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The names of the metrics, which other tools rely on. */
class MetricNamesTest {

    private static List<String> names(boolean quick) {
        Settings settings = new Settings(quick, List.of(), Path.of("."));
        return Main.HARNESSES.stream().map(h -> h.metrics(settings)).flatMap(List::stream).toList();
    }

    @Test
    void aFullRunHasEveryBurstOfEveryPlugin() {
        List<String> names = names(false);
        for (String plugin : List.of("vmxnet3", "niantic", "niantic-1.1.0", "kawela", "broadcom")) {
            for (int burst : new int[] {1, 8, 32, 128, 256}) {
                assertTrue(names.contains("forward." + plugin + ".64B.burst" + burst + ".nsPerPacket"), plugin + burst);
                assertTrue(names.contains("forward." + plugin + ".64B.burst" + burst + ".ratio"), plugin + burst);
            }
            assertTrue(names.contains("tx." + plugin + ".64B.burst32.ratio"));
            assertTrue(names.contains("rx." + plugin + ".64B.burst32.ratio"));
        }
    }

    @Test
    void aQuickRunHasTheKeyFiguresOfEveryPlugin() {
        List<String> names = names(true);
        for (String plugin : List.of("vmxnet3", "niantic", "niantic-1.1.0", "kawela", "broadcom")) {
            for (String figure : List.of("64B.burst32.nsPerPacket", "64B.burst32.ratio", "bytesAllocatedPerPacket",
                    "offloads.burst32.nsPerPacket", "offloads.bytesAllocatedPerPacket")) {
                assertTrue(names.contains("forward." + plugin + "." + figure), plugin + " " + figure);
            }
        }
        assertFalse(names.stream().anyMatch(n -> n.contains("burst8.")));
    }

    @Test
    void theReferenceAndTheFiguresOfTheWholeSystemAreThere() {
        assertTrue(names(true).contains("reference.forward.nsPerPacket"));
        for (String name : List.of("passthroughVsEmulated.tx.cpuRatio", "passthroughVsEmulated.rx.cpuRatio",
                "passthroughVsEmulated.8vm.cpuRatio", "swap.gap.p99Micros", "swap.lost", "guest.bootMillis",
                "guest.heapMiB", "seeded.framesPerSecond")) {
            assertTrue(names(true).contains(name) && names(false).contains(name), name);
        }
        assertTrue(names(false).containsAll(List.of("reference.forward.nsPerPacket", "reference.tx.nsPerPacket")));
    }

    @Test
    void noNameIsGivenTwiceAndEveryOneHasAMeaning() {
        Stream.of(true, false).map(MetricNamesTest::names).forEach(names -> {
            assertEquals(names.size(), new HashSet<>(names).size());
            names.forEach(n -> assertFalse(Kind.of(n).meaning().isEmpty(), n));
        });
    }

    @Test
    void everyHarnessHasANameAndMetrics() {
        for (Harness harness : Main.HARNESSES) {
            assertFalse(harness.name().isBlank());
            assertFalse(harness.metrics(new Settings(false, List.of(), Path.of("."))).isEmpty());
        }
    }
}
