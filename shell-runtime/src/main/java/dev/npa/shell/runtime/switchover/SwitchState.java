package dev.npa.shell.runtime.switchover;

import java.util.EnumMap;
import java.util.Map;

/**
 * States of the data path of one virtual NIC, and the table of its transitions. What the table does not list is an
 * error of the shell itself.
 */
public enum SwitchState {
    /** The emulation carries the data path. */
    EMULATED(0),
    /** Memory is named and the image copied into it. */
    LOADING(1),
    /** The image is judged. */
    VERIFYING(1),
    /** The image is installed and its factory made. */
    INSTALLING(1),
    /** The plugin runs on its scratch device until it is fast; the old path carries meanwhile. */
    WARMING(1),
    /** The plugin is made, configured and started. */
    BRINGING_UP(1),
    /** The emulation plugin is brought up again beside the VF. */
    REINITIALISING(4),
    /** Transmit is held until the old path has completed everything. */
    DRAINING_TX(2),
    /** The traffic is turned. */
    ACTIVATING(2),
    /** Transmit uses the new path; receive uses the old one until it has handed over everything. */
    DRAINING_RX(2),
    /** The old path comes to rest and is given up. */
    RETIRING(2),
    /** A plugin's fault is dealt with: the emulation takes over on the shell's own account. */
    FALLING_BACK(4),
    /** A plugin on a VF carries the data path. */
    PASSTHROUGH(3);

    /** What leads from a state to another. */
    public enum Event {
        /** The hypervisor asks for passthrough, or for a swap. */
        PASSTHROUGH_REQUESTED,
        /** The hypervisor asks for the way back. */
        EMULATION_REQUESTED,
        /** What the state asks for is done. */
        DONE,
        /** The switchover is over, done or undone, and the emulation carries. */
        EMULATION_CARRIES,
        /** The switchover is over, done or undone, and a plugin carries. */
        PLUGIN_CARRIES,
        /** A plugin on the data path failed. */
        FAULT
    }

    private static final Map<SwitchState, Map<Event, SwitchState>> TABLE = new EnumMap<>(SwitchState.class);

    static {
        row(EMULATED, Event.PASSTHROUGH_REQUESTED, LOADING, Event.EMULATION_REQUESTED, EMULATED,
                Event.FAULT, FALLING_BACK);
        row(PASSTHROUGH, Event.PASSTHROUGH_REQUESTED, LOADING, Event.EMULATION_REQUESTED, REINITIALISING,
                Event.FAULT, FALLING_BACK);
        step(LOADING, VERIFYING);
        step(VERIFYING, INSTALLING);
        step(INSTALLING, WARMING);
        step(WARMING, BRINGING_UP);
        step(BRINGING_UP, DRAINING_TX);
        step(REINITIALISING, DRAINING_TX);
        step(DRAINING_TX, ACTIVATING);
        step(ACTIVATING, DRAINING_RX);
        row(DRAINING_RX, Event.DONE, RETIRING, Event.FAULT, FALLING_BACK);
        row(RETIRING, Event.EMULATION_CARRIES, EMULATED, Event.PLUGIN_CARRIES, PASSTHROUGH, Event.FAULT, FALLING_BACK);
        row(FALLING_BACK, Event.EMULATION_CARRIES, EMULATED, Event.FAULT, FALLING_BACK);
    }

    private final int areaState;

    SwitchState(int areaState) {
        this.areaState = areaState;
    }

    /** A state before the point of no return: it can be undone. */
    private static void step(SwitchState from, SwitchState next) {
        row(from, Event.DONE, next, Event.EMULATION_CARRIES, EMULATED, Event.PLUGIN_CARRIES, PASSTHROUGH,
                Event.FAULT, FALLING_BACK);
    }

    private static void row(SwitchState from, Object... eventsAndTargets) {
        Map<Event, SwitchState> row = new EnumMap<>(Event.class);
        for (int i = 0; i < eventsAndTargets.length; i += 2) {
            row.put((Event) eventsAndTargets[i], (SwitchState) eventsAndTargets[i + 1]);
        }
        TABLE.put(from, row);
    }

    /**
     * The state that an event leads to.
     *
     * @throws IllegalStateException if the table does not list it
     */
    public SwitchState next(Event event) {
        SwitchState next = TABLE.get(this).get(event);
        if (next == null) {
            throw new IllegalStateException(event + " is not in the table of state " + this);
        }
        return next;
    }

    /** Whether requests are taken: nothing is under way. */
    public boolean isSettled() {
        return this == EMULATED || this == PASSTHROUGH;
    }

    /** Whether a switchover is under way that can still be undone. */
    public boolean isUndoable() {
        Map<Event, SwitchState> row = TABLE.get(this);
        return row.containsKey(Event.DONE) && row.containsKey(Event.EMULATION_CARRIES);
    }

    /**
     * What the plugin area shows.
     *
     * @param returning whether the way leads to the emulation
     */
    public int areaState(boolean returning) {
        return areaState == 2 && returning ? 4 : areaState;
    }
}
