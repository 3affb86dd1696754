package dev.npa.sim.time;

import dev.npa.hw.Clock;
import java.util.function.BooleanSupplier;

/** Gives components their turns and time its course. All methods may be called from any thread. */
public interface Scheduler extends AutoCloseable {

    /** The clock that all components of this scheduler live by. */
    Clock clock();

    /**
     * The same clock for components that others must answer while they stall, as a driver that polls for the answer of
     * a function on another machine: a stall takes time from the caller and its {@link Component#stallDomain()} alone,
     * and all other components get their turns meanwhile, as if they had threads of their own. Only for code that holds
     * no lock of another component when it stalls. A stall of a thread outside of all steps, as one that ends a guest
     * whose driver asks for something, gives its time to all components; one inside a control action just lets the time
     * pass.
     */
    default Clock yieldingClock() {
        return clock();
    }

    /**
     * Adds a component; it takes part from the next round on. Allowed inside a component's step and inside a control
     * action.
     *
     * @param group names the thread that runs the component, where there are threads
     * @throws IllegalStateException if the component was added already, or the scheduler is closed
     */
    void add(String group, Component component);

    /**
     * Removes a component. On return it is not in the middle of a step and gets no further one, unless it removes
     * itself from inside its step. Does nothing if the component is not there.
     */
    void remove(Component component);

    /**
     * Runs until a condition holds. With a virtual clock components run only inside this call; with the real clock they
     * run all the time and this call waits.
     *
     * @param condition checked between rounds, on the calling thread; cheap, and safe to evaluate while components run
     *     on other threads
     * @param limitNanos machine time that may pass, at least 0
     * @return whether the condition held; if not, {@link #verdict()} says why
     * @throws SimulationFailure if a component threw, now or before
     * @throws IllegalStateException if called from a component or a control action
     */
    boolean runUntil(BooleanSupplier condition, long limitNanos);

    /** Why the last {@link #runUntil} returned false, as one sentence; empty if it returned true. */
    String verdict();

    /**
     * Runs an action on the calling thread while no component is in the middle of a step, and returns when it is done.
     * What the action throws comes out of this call.
     *
     * <p>From inside a component's step (a register write that traps) the action runs as well before this call returns:
     * the calling component stands at its call, others that are in such a call stand at theirs, and all the rest stand
     * between two steps. From inside an action the call runs at once.
     */
    void control(Runnable action);

    /** Ends all turns and all threads of this scheduler. Idempotent. Not from inside a component's step. */
    @Override
    void close();
}
