package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.sim.host.Tour.Stop;
import dev.npa.sim.traffic.AccountSummary;
import dev.npa.sim.traffic.GeneratorSpec.Transport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An administrator changes RSS table and key by ethtool or by OID under traffic, in emulation and on each NIC: hashes
 * and queues follow, and stay over the next switchover; nothing is lost or reordered within a flow.
 */
class RssChangeIT {

    private static final long MILLI = 1_000_000L;
    private static final long SOON = 5_000 * MILLI;
    private static final int QUEUES = 4;

    @TempDir
    Path storage;

    private static int carrierQueues(Stop stop) {
        return stop == Stop.KAWELA ? 2 : QUEUES;
    }

    private static Set<Integer> grown(Map<String, Long> before, Map<String, Long> now, String name) {
        Set<Integer> grown = new TreeSet<>();
        for (int q = 0; q < QUEUES; q++) {
            String counter = name.formatted(q);
            if (now.get(counter) > before.get(counter)) {
                grown.add(q);
            }
        }
        return grown;
    }

    private static Set<Integer> first(int queues) {
        Set<Integer> all = new TreeSet<>();
        for (int q = 0; q < queues; q++) {
            all.add(q);
        }
        return all;
    }

    /** Packets come through the first queues and no others, at the guest's stack and at its carrier. */
    private static void assertSpread(Tour tour, Stop stop, int queues, long seed) {
        Map<String, Long> before = tour.vm.statistics();
        long enough = before.get("rx_packets") + 150;
        tour.lab.simulation.runUntil(() -> tour.vm.statistics().get("rx_packets") >= enough, SOON);
        Map<String, Long> now = tour.vm.statistics();
        String where = stop + " over " + queues + ", seed " + seed;
        assertEquals(first(queues), grown(before, now, "queue_%d_rx_packets"), where);
        assertEquals(first(Math.min(queues, carrierQueues(stop))), grown(before, now, "carrier_queue_%d_rx_packets"),
                where);
    }

    private static AccountSummary.Phase received(Tour tour) {
        return tour.lab.traffic.summaries().stream().filter(s -> s.name().endsWith(" -> vm0")).findFirst().orElseThrow()
                .total();
    }

    /** Until all that was sent under the old setting has been judged, packets of both are under way. */
    private static void change(Tour tour, int queues, byte[] key) {
        tour.lab.traffic.rssKey(null);
        tour.lab.traffic.carrierChanging(true);
        tour.console().spread(queues, key);
        long old = received(tour).sent();
        tour.lab.run(2 * MILLI);
        tour.lab.simulation.runUntil(() -> received(tour).received() >= old + 200, SOON);
        tour.lab.traffic.carrierChanging(false);
        tour.lab.traffic.rssKey(key);
        assertArrayEquals(key, tour.console().key());
    }

    /**
     * In real time a flow that moves to another queue may overtake what waits in its old one, on any NIC, so order is
     * for virtual time, in which queues are short.
     */
    private static void assertNothingLost(Tour tour, Simulation.Mode mode, long seed) {
        if (mode == Simulation.Mode.SEEDED) {
            tour.lab.assertNothingLost();
            return;
        }
        tour.lab.traffic.stop();
        tour.lab.simulation.runUntil(tour.lab.traffic::isIdle, 60_000 * MILLI);
        AccountSummary.Phase total = tour.lab.traffic.total();
        assertEquals(0, total.lost() + total.outstanding() + total.duplicated() + total.foreign(),
                () -> "seed " + seed + ": " + total + tour.lab.traffic.findings());
        assertEquals(List.of(), tour.lab.simulation.violations().list(), () -> "seed " + seed);
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,221,linux", "SEEDED,222,windows", "SEEDED,223,linux", "SEEDED,224,windows", "SEEDED,225,linux",
        "THREADED,221,linux", "THREADED,222,windows"})
    void hashesAndQueuesFollowTheAdministrator(Simulation.Mode mode, long seed, String os) {
        Random random = new Random(seed);
        try (Tour tour = new Tour(mode, seed, storage, os, QUEUES)) {
            tour.lab.flow(tour.vm, 1, Tour.spec(List.of(Transport.TCP4, Transport.TCP6), 32, true, seed));
            tour.lab.start();
            tour.lab.traffic.rssKey(tour.console().key());
            Stop[] stops = {Stop.EMULATED, Stop.NIANTIC, Stop.KAWELA, Stop.BROADCOM, Stop.EMULATED};
            int queues = QUEUES;
            for (int s = 0; s < stops.length; s++) {
                if (s > 0) {
                    tour.go(stops[s]);
                }
                assertSpread(tour, stops[s], queues, seed);
                for (int wanted : new int[] {2, 1, 4, 3}) {
                    queues = wanted;
                    byte[] key = new byte[40];
                    random.nextBytes(key);
                    change(tour, queues, key);
                    assertSpread(tour, stops[s], queues, seed);
                }
            }
            assertNothingLost(tour, mode, seed);
            tour.lab.assertNothingLeft();
        }
    }
}
