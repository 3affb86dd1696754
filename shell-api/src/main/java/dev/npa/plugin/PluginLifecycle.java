package dev.npa.plugin;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * The life of a plugin as a table. Every call that the table does not list is an error of rule 3.01 and changes
 * nothing.
 *
 * <p>An instance holds the current state of one plugin. Not thread-safe: control calls come from one thread at a time.
 */
public final class PluginLifecycle {

    /** States of a plugin. */
    public enum State {
        /** Created; no resources held. */
        PROBED,
        /** Rings exist, device reset and idle. */
        CONFIGURED,
        /** Frames flow. */
        RUNNING,
        /** Coming to rest or at rest. */
        QUIESCED,
        /** Queues disabled; rings still exist. */
        STOPPED,
        /** The device or the plugin failed; only close is left. */
        FAULTED,
        /** Nothing is held any more. */
        RELEASED
    }

    /** Events: control calls, and a fault. */
    public enum Event {
        CONFIGURE, START, QUIESCE, STOP, FAULT, CLOSE
    }

    private static final Map<State, Map<Event, State>> TABLE = new EnumMap<>(State.class);

    static {
        row(State.PROBED, Event.CONFIGURE, State.CONFIGURED, Event.FAULT, State.FAULTED,
                Event.CLOSE, State.RELEASED);
        row(State.CONFIGURED, Event.START, State.RUNNING, Event.FAULT, State.FAULTED,
                Event.CLOSE, State.RELEASED);
        row(State.RUNNING, Event.QUIESCE, State.QUIESCED, Event.STOP, State.STOPPED, Event.FAULT, State.FAULTED,
                Event.CLOSE, State.RELEASED);
        row(State.QUIESCED, Event.QUIESCE, State.QUIESCED, Event.STOP, State.STOPPED, Event.FAULT, State.FAULTED,
                Event.CLOSE, State.RELEASED);
        row(State.STOPPED, Event.START, State.RUNNING, Event.FAULT, State.FAULTED, Event.CLOSE, State.RELEASED);
        row(State.FAULTED, Event.FAULT, State.FAULTED, Event.CLOSE, State.RELEASED);
        row(State.RELEASED, Event.CLOSE, State.RELEASED);
    }

    private State state = State.PROBED;

    private static void row(State from, Object... eventsAndTargets) {
        Map<Event, State> row = new EnumMap<>(Event.class);
        for (int i = 0; i < eventsAndTargets.length; i += 2) {
            row.put((Event) eventsAndTargets[i], (State) eventsAndTargets[i + 1]);
        }
        TABLE.put(from, row);
    }

    /** The state that {@code event} leads to from {@code from}, or null when the table does not allow it. */
    public static State next(State from, Event event) {
        return TABLE.get(from).get(event);
    }

    public State state() {
        return state;
    }

    /**
     * Throws if {@code event} is not allowed now; changes nothing.
     *
     * @throws PluginException of rule 3.01
     */
    public void check(Event event) {
        if (next(state, event) == null) {
            throw new PluginException("3.01", event + " is not allowed in state " + state + "; allowed are "
                    + Arrays.toString(TABLE.get(state).keySet().toArray()));
        }
    }

    /** Checks and takes the transition. */
    public void fire(Event event) {
        check(event);
        state = next(state, event);
    }
}
