package dev.npa.sim.host;

import dev.npa.sim.time.MeasuredScheduler;
import dev.npa.sim.time.RealClock;
import dev.npa.sim.time.Scheduler;
import dev.npa.sim.time.SeededScheduler;
import dev.npa.sim.time.ThreadedScheduler;
import dev.npa.sim.time.VirtualClock;

/** Makes simulations. */
public final class Simulations {

    private Simulations() {}

    /**
     * Makes an empty simulation.
     *
     * @param seed order of events in seeded mode; without meaning in the others
     */
    public static Simulation create(Simulation.Mode mode, long seed, SimulationParts parts) {
        Scheduler scheduler = switch (mode) {
            case SEEDED -> new SeededScheduler(seed, new VirtualClock());
            case THREADED -> new ThreadedScheduler(new RealClock());
            case MEASURED -> new MeasuredScheduler();
        };
        return new SimulationImpl(mode, scheduler, parts,
                FelixGuest.factory(parts.guestBundles(), parts.storage()));
    }
}
