package dev.npa.sim.scenario;

import java.util.Map;

/** Hears of the progress of a scenario. Called on the thread that runs it. */
@FunctionalInterface
public interface RunListener {

    /**
     * Something happened.
     *
     * @param event name of the event, as {@code switchover}
     * @param fields facts by name: numbers, strings, booleans, lists of these
     * @param text the same in one line for people
     */
    void event(String event, Map<String, ?> fields, String text);
}
