package dev.npa.sim.time;

/**
 * A component that others can give work to while its scheduler's thread sleeps, as an interrupt wakes a CPU.
 *
 * <p>What makes the work visible must happen before the hook is called, and {@link #nextEvent()} must answer a time in
 * the past as long as the work is there; then no wake-up is lost.
 */
public interface Wakeable extends Component {

    /**
     * Tells the component whom to call when it has got work; called when it is added to a scheduler. The hook is cheap,
     * never blocks and may be called from any thread.
     *
     * @param hook what to call; null when the component was removed
     */
    void wakeHook(Runnable hook);
}
