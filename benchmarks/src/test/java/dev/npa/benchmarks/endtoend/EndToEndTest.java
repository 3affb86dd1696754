package dev.npa.benchmarks.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The harnesses run, lose nothing (they throw if they do) and their parts add up. How fast is not asked here. */
class EndToEndTest {

    @ParameterizedTest
    @EnumSource
    void theChainsPartsAreItsWhole(Product product) {
        Chain.Result result = Chain.measure(product.plugin(), 64, 32, 20, 2, 20);
        double parts = result.sendNanos() + result.deviceNanos() + result.receiveNanos();
        assertTrue(parts > 0.6 * result.nanos() && parts <= 1.01 * result.nanos(), result::toString);
        assertTrue(result.sendNanos() > 0 && result.deviceNanos() > 0 && result.receiveNanos() > 0, result::toString);
        assertTrue(result.highNanos() >= result.nanos(), result::toString);
        assertEquals(8 * 64 / result.nanos(), result.gigabitsPerSecond(), 1e-6);
    }

    @ParameterizedTest
    @CsvSource({"niantic, TX, true, 1", "niantic, RX, true, 2", "kawela, TX, false, 2", "kawela, RX, true, 1",
        "broadcom, TX, true, 2", "broadcom, RX, true, 1", "niantic, RX, false, 8"})
    void bothModesMoveTheSamePackets(String plugin, Streams.Direction direction, boolean segmented, int vms) {
        Streams.Result result = Streams.compare(plugin, direction, segmented, vms, 20, 3, 10);
        assertTrue(result.lowRatio() <= result.cpuRatio() && result.cpuRatio() <= result.highRatio(),
                result::toString);
        for (Streams.Cost cost : new Streams.Cost[] {result.passthrough(), result.emulated()}) {
            assertTrue(cost.guestNanos() > 0 && cost.siliconNanos() > 0, result::toString);
        }
        assertTrue(result.emulated().hypervisorNanos() > result.passthrough().hypervisorNanos(), result::toString);
    }

    @Test
    void passthroughHasNoEmulationAndNoUplinkInItsBreakdown() {
        Map<Stage, Double> direct = Streams.breakdown("niantic", Streams.Direction.TX, true, 1, false, 20, 3, 10);
        Map<Stage, Double> behind = Streams.breakdown("niantic", Streams.Direction.TX, true, 1, true, 20, 3, 10);
        assertEquals(0, direct.get(Stage.EMULATION));
        assertEquals(0, direct.get(Stage.UPLINK));
        for (Stage stage : new Stage[] {Stage.SHELL, Stage.PLUGIN, Stage.SILICON}) {
            assertTrue(direct.get(stage) > 0 && behind.get(stage) > 0, stage + ": " + direct + behind);
        }
        assertTrue(behind.get(Stage.EMULATION) > 0 && behind.get(Stage.UPLINK) > 0, behind::toString);
    }

    @Test
    void anUnknownPluginIsRefusedWithTheNamesThatThereAre() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> Product.of("ixgbe"));
        assertEquals("plugin 'ixgbe' is not one of niantic, niantic-1.1.0, kawela, broadcom", e.getMessage());
    }
}
