package dev.npa.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultFileTest {

    static final Machine MACHINE = new Machine("a \"fast\" CPU", "2", "8.0 GiB", "Linux", "VM 17", "Parallel", "0.50");
    private static final String HEADER = "{\"npaBench\":1,\"command\":\"c\",\"when\":\"w\",\"machine\":{}}\n";

    @TempDir
    private Path dir;

    static Results results(Metric... metrics) {
        return new Results(MACHINE, "npa bench --quick", "2026-11-01T12:00:00Z", List.of(metrics), List.of());
    }

    @Test
    void aFigureIsOneLineWithItsFiveFields() {
        assertEquals("{\"metric\":\"forward.niantic.64B.burst32.nsPerPacket\",\"value\":14.25,\"unit\":\"ns\","
                + "\"low\":14.25,\"high\":1500000}",
                JsonLines.line(new Metric("forward.niantic.64B.burst32.nsPerPacket", 14.25, "ns", 14.25, 1.5e6)));
    }

    @Test
    void zeroIsANumberLikeAnyOther() {
        assertEquals("{\"metric\":\"swap.lost\",\"value\":0,\"unit\":\"frames\",\"low\":0,\"high\":0}",
                JsonLines.line(Metric.of("swap.lost", "frames", 0)));
    }

    @Property
    void sixDigitsOfALineAreReadAsTheyWereWritten(@ForAll @IntRange(min = -999_999, max = 999_999) int digits,
            @ForAll @IntRange(min = -9, max = 9) int exponent) throws IOException {
        double value = new BigDecimal(digits).scaleByPowerOfTen(exponent).doubleValue();
        Map<String, Object> fields = JsonLines.parse(JsonLines.line(new Metric("a.b", value, "ns", value, value)));
        assertEquals(value, JsonLines.metric(fields).value(), Math.abs(value) * 1e-12);
    }

    @Test
    void aFileIsReadAsItWasWritten() throws BadResultFile {
        Path file = dir.resolve("r.json");
        Series series = new Series("swap.timeline", "Mpps", -5, 1, List.of(0.5, 0.0, 0.25));
        Results written = new Results(MACHINE, "npa bench", "now", List.of(new Metric("a", 2, "ns", 1, 3)),
                List.of(series));
        ResultFile.write(file, written);
        assertEquals(written, ResultFile.read(file));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                                                                     | is empty
            not json                                                               | line 1: Unrecognized token 'not'
            [1]                                                                    | line 1: not a JSON object
            {"metric":"a"}                                                         | line 1: the header has no "npaBench": 1
            {"npaBench":2}                                                         | line 1: the header has no "npaBench": 1
            HEADER{"metric":"a","value":"x","unit":"1","low":1,"high":1}           | line 2: there is no number 'value'
            HEADER{"metric":"a","value":1,"low":1,"high":1}                        | line 2: there is no text 'unit'
            HEADER{"metric":"a","value":1,"unit":"1","low":2,"high":1}             | line 2: a is no figure
            HEADER{"metric":"a","value":1,"unit":"1","low":1,"high":1              | line 2: Unexpected end-of-input
            HEADER{"metric":"a","value":1,"unit":"1","low":1,"high":1} {}          | line 2: more than one JSON object
            HEADER{"series":"a","unit":"1","from":0,"step":1,"values":["x"]}       | line 2: 'values' is not a list
            """)
    void aFileThatIsNoResultFileIsRefusedWithFileLineAndReason(String text, String reason) throws IOException {
        Path file = Files.writeString(dir.resolve("bad.json"), text == null ? "" : text.replace("HEADER", HEADER));
        String message = assertThrows(BadResultFile.class, () -> ResultFile.read(file)).getMessage();
        assertTrue(message.startsWith(file + " ") && message.contains(reason), message);
    }

    @Test
    void aFileThatIsNotThereOrNoTextIsRefused() throws IOException {
        assertTrue(assertThrows(BadResultFile.class, () -> ResultFile.read(dir.resolve("none"))).getMessage()
                .contains("none does not exist"));
        Path binary = Files.write(dir.resolve("binary"), new byte[] {(byte) 0xC3, 0x28, (byte) 0xFF});
        assertTrue(assertThrows(BadResultFile.class, () -> ResultFile.read(binary)).getMessage()
                .contains("is not a text file"));
        assertTrue(assertThrows(BadResultFile.class, () -> ResultFile.read(dir)).getMessage()
                .contains("cannot be read"));
    }

    @Test
    void onlyWhatIsComparedIsRecordedInABaseline() {
        Results all = results(Metric.of("forward.niantic.64B.burst32.nsPerPacket", "ns", 14),
                Metric.of("forward.niantic.64B.burst32.ratio", "1", 2.5), Metric.of("guest.bootMillis", "ms", 90),
                Metric.of("swap.lost", "frames", 0));
        assertEquals(List.of("forward.niantic.64B.burst32.ratio", "swap.lost"),
                all.comparable().metrics().stream().map(Metric::name).toList());
    }

    @Test
    void theValueIsTheBetterEndOfTheSamples() {
        assertEquals(new Metric("forward.niantic.64B.burst32.nsPerPacket", 1, "ns", 1, 3),
                Metric.of("forward.niantic.64B.burst32.nsPerPacket", "ns", 2, 1, 3));
        assertEquals(new Metric("seeded.framesPerSecond", 3, "1/s", 1, 3),
                Metric.of("seeded.framesPerSecond", "1/s", 2, 1, 3));
        assertEquals(new Metric("passthroughVsEmulated.tx.cpuRatio", 4, "1", 1, 5),
                new Metric("passthroughVsEmulated.tx.cpuRatio", 3, "1", 1, 3)
                        .merge(new Metric("passthroughVsEmulated.tx.cpuRatio", 4, "1", 2, 5)));
    }

    @Test
    void aFigureThatIsNoNumberIsRefused() {
        Stream.of(Double.NaN, Double.POSITIVE_INFINITY).forEach(v -> assertThrows(IllegalArgumentException.class,
                () -> Metric.of("a", "ns", v)));
    }
}
