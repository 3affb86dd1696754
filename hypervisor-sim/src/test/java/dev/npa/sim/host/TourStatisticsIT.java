package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.host.Tour.Stop;
import dev.npa.sim.traffic.AccountSummary;
import dev.npa.sim.traffic.GeneratorSpec.Transport;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counters of a guest whose data path goes round all vendors: they never go back, and their sums are the traffic's. */
class TourStatisticsIT {

    private static final long MILLI = 1_000_000L;
    /** The 57712's statistics are written once a second. */
    private static final long LAG = 1_100 * MILLI;

    @TempDir
    Path storage;

    private final Map<String, Long> last = new HashMap<>();
    private int readings;

    private void read(Tour tour, String where) {
        readings++;
        Map<String, Long> now = tour.vm.statistics();
        if (!last.isEmpty()) {
            assertEquals(last.keySet(), now.keySet(), "rule 11.06");
        }
        now.forEach((name, value) -> {
            Long before = last.put(name, value);
            assertTrue(before == null || value >= before,
                    () -> where + ": " + name + " went from " + before + " back to " + value);
        });
    }

    private void run(Tour tour, long nanos, String where) {
        for (long at = 0; at < nanos; at += MILLI / 10) {
            tour.lab.run(MILLI / 10);
            read(tour, where);
        }
    }

    private static long sum(Tour tour, boolean sent, ToLongFunction<AccountSummary.Phase> count) {
        return tour.lab.traffic.summaries().stream()
                .filter(s -> sent ? s.name().contains(": vm0 -> ") : s.name().endsWith(" -> vm0"))
                .mapToLong(s -> count.applyAsLong(s.total())).sum();
    }

    private long sumOfQueues(String name) {
        long sum = 0;
        for (int q = 0; last.containsKey(name.formatted(q)); q++) {
            sum += last.get(name.formatted(q));
        }
        return sum;
    }

    private static Map<String, Long> four(long rx, long rxBytes, long tx, long txBytes) {
        return Map.of("rx", rx, "rxBytes", rxBytes, "tx", tx, "txBytes", txBytes);
    }

    /** Datagrams, which nobody merges or cuts: every layer counts the same. */
    @ParameterizedTest
    @CsvSource({"SEEDED,231,linux", "SEEDED,232,windows", "THREADED,231,linux", "THREADED,232,windows"})
    void countersGoOnAndAreThoseOfTheTraffic(Simulation.Mode mode, long seed, String os) {
        try (Tour tour = new Tour(mode, seed, storage, os, 2)) {
            for (int station = 0; station < 3; station++) {
                tour.lab.flow(tour.vm, station, Tour.spec(List.of(Transport.UDP4, Transport.UDP6), 4, true,
                        seed + station));
            }
            tour.lab.start();
            run(tour, MILLI, "emulated");
            for (Stop stop : List.of(Stop.NIANTIC, Stop.BROADCOM, Stop.KAWELA, Stop.EMULATED)) {
                tour.go(stop);
                run(tour, 2 * MILLI, stop.toString());
                if (stop == Stop.BROADCOM) {
                    tour.lab.run(LAG / 20);
                    read(tour, stop.toString());
                }
            }
            assertTrue(readings > 40);
            tour.lab.assertNothingLost();
            tour.lab.run(2 * LAG);
            read(tour, "the end");
            Map<String, Long> traffic = four(sum(tour, false, AccountSummary.Phase::received),
                    sum(tour, false, AccountSummary.Phase::receivedBytes), sum(tour, true, AccountSummary.Phase::sent),
                    sum(tour, true, AccountSummary.Phase::sentBytes));
            assertEquals(traffic, four(last.get("rx_packets"), last.get("rx_bytes"), last.get("tx_packets"),
                    last.get("tx_bytes")), "the operating system, seed " + seed);
            assertEquals(traffic, four(sumOfQueues("carrier_queue_%d_rx_packets"),
                    sumOfQueues("carrier_queue_%d_rx_bytes"), sumOfQueues("carrier_queue_%d_tx_packets"),
                    sumOfQueues("carrier_queue_%d_tx_bytes")), "the carriers' queues, seed " + seed);
            assertEquals(traffic, four(last.get("device_rx_frames"), last.get("device_rx_bytes"),
                    last.get("device_tx_frames"), last.get("device_tx_bytes")), "the carriers' silicon, seed " + seed);
            assertEquals(0, last.get("tx_aborted") + last.get("tx_lost") + last.get("tx_refused"));
        }
    }
}
