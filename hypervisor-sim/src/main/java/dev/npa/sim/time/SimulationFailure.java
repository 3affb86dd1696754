package dev.npa.sim.time;

/**
 * A component threw out of its step: a defect of the simulation, which has stopped. The message names the component and
 * the time, the cause is what it threw.
 */
public final class SimulationFailure extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String component;

    SimulationFailure(String component, long nanos, Throwable cause) {
        super("component " + component + " failed at " + nanos + " ns and the simulation has stopped: " + cause, cause);
        this.component = component;
    }

    /** Name of the component that failed. */
    public String component() {
        return component;
    }
}
