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
        return create(mode, scheduler, parts);
    }

    /**
     * Makes an empty simulation under a scheduler of the caller's, as one that measures; the simulation closes it.
     *
     * @param mode what the scheduler does
     */
    public static Simulation create(Simulation.Mode mode, Scheduler scheduler, SimulationParts parts) {
        return new SimulationImpl(mode, scheduler, parts, FelixGuest.factory(parts));
    }
}
