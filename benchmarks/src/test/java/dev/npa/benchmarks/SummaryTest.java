package dev.npa.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {

    private static List<String> cells(String text, int line) {
        return List.of(text.lines().toList().get(line).trim().split(" +"));
    }

    @Test
    void theDeviceIsSubtractedAndTheRestComparedWithTheReferenceOfTheSamePathAndBurst() {
        String text = new Summary(List.of(
                new Figures("PacketCost", "tx", "vmxnet3", 32, 20, 0),
                new Figures("DeviceOnly", "tx", "vmxnet3", 32, 8, 0),
                new Figures("DeviceOnly", "tx", "niantic-1.0.0", 32, 1, 0),
                new Figures("DeviceOnly", "tx", "vmxnet3", 8, 2, 0),
                new Figures("Reference", "rx", "", 32, 3, 0),
                new Figures("Reference", "tx", "", 32, 4, 0))).text();
        assertEquals(List.of("vmxnet3", "tx", "32", "20.00", "8.00", "12.00", "4.00", "3.00", "0.000"),
                cells(text, 2));
    }

    @Test
    void forwardingHasBothHalvesOfTheDeviceSubtracted() {
        String text = new Summary(List.of(
                new Figures("DeviceOnly", "tx", "p", 32, 2, 0),
                new Figures("DeviceOnly", "rx", "p", 32, 3, 0),
                new Figures("PacketCost", "forward", "p", 32, 15, 0.25),
                new Figures("Reference", "forward", "", 32, 4, 0))).text();
        assertEquals(List.of("p", "forward", "32", "15.00", "5.00", "10.00", "4.00", "2.50", "0.250"),
                cells(text, 2));
    }

    @Test
    void whatDidNotRunIsNoNumber() {
        String text = new Summary(List.of(new Figures("PacketCost", "rx", "p", 1, 15, Double.NaN))).text();
        assertEquals(List.of("p", "rx", "1", "15.00", "-", "-", "-", "-", "-"), cells(text, 2));
    }

    @Test
    void withoutAPluginThereIsNoTable() {
        assertTrue(new Summary(List.of(new Figures("Reference", "tx", "", 32, 4, 0))).text().isEmpty());
    }
}
