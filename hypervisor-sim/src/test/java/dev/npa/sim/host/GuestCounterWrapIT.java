package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.host.Tour.Stop;
import dev.npa.sim.nic.NicModel;
import dev.npa.sim.traffic.AccountSummary;
import dev.npa.sim.traffic.GeneratorSpec;
import dev.npa.sim.traffic.Pacing;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A guest's statistics stay exact and never go back while the 32-bit counters of one NIC after the other wrap. */
class GuestCounterWrapIT {

    private static final long MILLI = 1_000_000L;
    /** The 57712's statistics are written once a second. */
    private static final long LAG = 1_100 * MILLI;
    private static final int VFS = 4;
    /** Frames that the NIC has left before the wrap; many more come. */
    private static final int LEFT = 40;

    @TempDir
    Path storage;

    private final Map<String, Long> last = new HashMap<>();
    /** Frames and bytes that no traffic stands for. */
    private long frames;
    private long bytes;

    private void read(Tour tour, Object where) {
        tour.vm.statistics().forEach((name, value) -> {
            Long before = last.put(name, value);
            assertTrue(before == null || value >= before,
                    () -> where + ": " + name + " went from " + before + " back to " + value);
        });
    }

    private static NicModel model(Tour tour, Stop stop) {
        return ((HostNic) tour.lab.nics.get(stop.nic)).model();
    }

    /** A VF's registers show what earlier owners left; a plugin counts from there. */
    private static void beforeTheWrap(Tour tour, Stop stop) {
        for (int vf = 0; vf < VFS; vf++) {
            // The 36 bits of the 82599's octets, or the 32 of the 82576's.
            dev.npa.sim.nic.intel.Presets.statistics(model(tour, stop), vf, -LEFT, -1_000);
        }
    }

    /** The 57712 begins at 0 with each owner, so its counters come near the wrap in leaps that are read. */
    private void leaps(Tour tour) {
        int leap = 0x5555_5500; // three leave 256 frames, and leave room for traffic below the 2^31 of one reading
        for (int i = 0; i < 3; i++) {
            for (int vf = 0; vf < VFS; vf++) {
                dev.npa.sim.nic.broadcom.Presets.advance(model(tour, Stop.BROADCOM), vf, leap, 100L * leap);
            }
            frames += leap;
            bytes += 100L * leap;
            tour.lab.run(LAG);
            read(tour, "leap " + i);
        }
    }

    private static long sum(Tour tour, boolean sent, ToLongFunction<AccountSummary.Phase> count) {
        return tour.lab.traffic.summaries().stream()
                .filter(s -> sent ? s.name().contains(": vm0 -> ") : s.name().endsWith(" -> vm0"))
                .mapToLong(s -> count.applyAsLong(s.total())).sum();
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,241,linux", "SEEDED,242,windows"})
    void statisticsAreExactOverTheWrapOfEachNic(Simulation.Mode mode, long seed, String os) {
        try (Tour tour = new Tour(mode, seed, storage, os, 1)) {
            tour.lab.flow(tour.vm, 1, GeneratorSpec.udp(GeneratorSpec.Sizes.ofImix(), Pacing.framesPerSecond(1_000),
                    seed));
            tour.lab.start();
            for (Stop stop : List.of(Stop.NIANTIC, Stop.BROADCOM, Stop.KAWELA, Stop.EMULATED)) {
                if (stop == Stop.NIANTIC || stop == Stop.KAWELA) {
                    beforeTheWrap(tour, stop);
                }
                tour.go(stop);
                read(tour, stop);
                if (stop == Stop.BROADCOM) {
                    leaps(tour);
                }
                long enough = tour.lab.traffic.total().received() + 6 * LEFT;
                while (tour.lab.traffic.total().received() < enough) {
                    tour.lab.run(5 * MILLI);
                    read(tour, stop);
                }
            }
            tour.lab.assertNothingLost();
            tour.lab.run(LAG);
            read(tour, "the end");
            assertEquals(Map.of("rx", sum(tour, false, AccountSummary.Phase::received) + frames,
                    "rxBytes", sum(tour, false, AccountSummary.Phase::receivedBytes) + bytes,
                    "tx", sum(tour, true, AccountSummary.Phase::sent) + frames,
                    "txBytes", sum(tour, true, AccountSummary.Phase::sentBytes) + bytes),
                    Map.of("rx", last.get("device_rx_frames"), "rxBytes", last.get("device_rx_bytes"),
                    "tx", last.get("device_tx_frames"), "txBytes", last.get("device_tx_bytes")), "seed " + seed);
        }
    }
}
