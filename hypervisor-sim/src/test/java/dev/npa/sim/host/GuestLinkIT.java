package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.LinkState;
import dev.npa.sim.host.Tour.Stop;
import dev.npa.sim.traffic.GeneratorSpec.Transport;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The link that a guest's operating system shows is that of the carrier that is active. */
class GuestLinkIT {

    private static final long MILLI = 1_000_000L;
    private static final long SOON = 5_000 * MILLI;

    @TempDir
    Path storage;

    /** The guest hears of a change when its virtual CPU runs next. */
    private static void assertLink(Tour tour, LinkState link, String where) {
        tour.lab.simulation.runUntil(() -> tour.console().link().equals(link), SOON);
        assertEquals(link, tour.console().link(), where);
    }

    private static void assertLink(Tour tour, Stop stop) {
        assertLink(tour, new LinkState(true, stop.megabits), stop.toString());
        assertEquals(new LinkState(true, stop.megabits), tour.vm.carrierNic().link(), stop::toString);
    }

    @ParameterizedTest
    @CsvSource({"SEEDED,201,linux", "SEEDED,202,windows", "THREADED,201,linux", "THREADED,202,windows"})
    void speedIsThatOfTheCarrier(Simulation.Mode mode, long seed, String os) {
        try (Tour tour = new Tour(mode, seed, storage, os, 2)) {
            for (int station = 0; station < 3; station++) {
                tour.lab.flow(tour.vm, station, Tour.spec(List.of(Transport.UDP4), 2, true, seed + station));
            }
            tour.lab.start();
            assertLink(tour, Stop.EMULATED);
            for (Stop stop : Tour.STOPS) {
                tour.go(stop);
                tour.lab.run(MILLI);
                assertLink(tour, stop);
            }
            tour.lab.assertNothingLost();
            tour.lab.assertNothingLeft();
        }
    }

    private static long sent(VirtualMachine vm) {
        return vm.statistics().get("tx_packets");
    }

    /**
     * The guest sends to a station at each NIC's place. Nothing comes back, as the network drops what is for a port
     * without a cable.
     */
    @ParameterizedTest
    @CsvSource({"SEEDED,211,linux", "SEEDED,212,windows", "THREADED,211,linux", "THREADED,212,windows"})
    void cableOfTheCarrierIsSeenAndTrafficResumesWithoutLoss(Simulation.Mode mode, long seed, String os) {
        try (Tour tour = new Tour(mode, seed, storage, os, 2)) {
            for (int station = 0; station < 3; station++) {
                tour.lab.flow(tour.vm, station, Tour.spec(List.of(Transport.UDP4), 2, false, seed + station));
            }
            tour.lab.start();
            Stop[] stops = {Stop.EMULATED, Stop.NIANTIC, Stop.KAWELA, Stop.BROADCOM, Stop.EMULATED};
            for (Stop stop : stops) {
                if (stop != Stop.EMULATED || tour.vm.carrierNic() != tour.vm.homeNic()) {
                    tour.go(stop);
                }
                Host.Nic carrier = tour.lab.nics.get(stop.nic);
                for (Host.Nic other : tour.lab.nics) {
                    if (other != carrier) {
                        other.wire().setUp(false);
                        tour.lab.run(MILLI);
                        assertEquals(new LinkState(true, stop.megabits), tour.console().link(),
                                () -> stop + ": the cable of " + other.name() + " is not this guest's");
                        other.wire().setUp(true);
                    }
                }
                carrier.wire().setUp(false);
                assertLink(tour, LinkState.DOWN, stop + " without a cable");
                tour.lab.run(3 * MILLI);
                long held = tour.lab.traffic.total().received();
                tour.lab.run(2 * MILLI);
                if (mode == Simulation.Mode.SEEDED) { // in real time frames may take long to arrive
                    assertEquals(held, tour.lab.traffic.total().received(), () -> stop + ": frames on a pulled cable");
                }
                carrier.wire().setUp(true);
                assertLink(tour, stop);
                assertTrue(tour.lab.simulation.runUntil(() -> tour.lab.traffic.total().received() > held, SOON),
                        stop::toString);
            }
            assertTrue(sent(tour.vm) > 100);
            tour.lab.assertNothingLost(0);
        }
    }
}
