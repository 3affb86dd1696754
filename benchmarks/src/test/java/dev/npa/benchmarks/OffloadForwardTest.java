package dev.npa.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OffloadForwardTest {

    static Stream<String> plugins() {
        return Bench.PLUGINS.stream();
    }

    @ParameterizedTest
    @MethodSource("plugins")
    void everyPacketIsForwardedAndSomeHaveSeveralSegments(String plugin) {
        Bench bench = Bench.withEverything(plugin);
        OffloadForward rounds = new OffloadForward(bench);
        for (int done = 0; done < 3200; done += 32) {
            rounds.forward(32);
        }
        assertEquals(3200, bench.packets());
        assertTrue(rounds.segments() >= 3200 * 15 / 10, rounds.segments() + " segments");
        assertEquals(0, bench.close(), "buffers that did not come back");
    }

    @ParameterizedTest
    @MethodSource("plugins")
    void theDeviceAloneWalksRingsWithRequestsAgainAndAgain(String plugin) {
        OffloadCost.Filled rings = new OffloadCost.Filled();
        rings.plugin = plugin;
        rings.burst = 32;
        rings.fillRings();
        OffloadCost cost = new OffloadCost();
        for (int i = 0; i < 5; i++) {
            assertEquals(2 * PacketCost.PACKETS, cost.device(rings));
        }
    }

    @ParameterizedTest
    @MethodSource("plugins")
    void aBurstOf256FitsWhateverDescriptorsAFrameNeeds(String plugin) {
        Bench bench = Bench.forBursts(plugin, 256);
        Rounds rounds = new Rounds(bench);
        for (int i = 0; i < 10; i++) {
            rounds.forward(256);
        }
        assertEquals(2560, bench.packets());
        DeviceOnly only = new DeviceOnly();
        only.plugin = plugin;
        only.burst = 256;
        only.fillRings();
        for (int i = 0; i < 5; i++) {
            assertEquals(2 * PacketCost.PACKETS, only.forward());
        }
    }
}
