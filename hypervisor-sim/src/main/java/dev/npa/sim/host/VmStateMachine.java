package dev.npa.sim.host;

import dev.npa.sim.host.VirtualMachine.State;
import java.util.EnumMap;
import java.util.Map;

/**
 * The life of a virtual machine as a table. An event that the table does not list is an error and changes nothing.
 *
 * <p>Written under the lock of the VM's NIC; {@link #state()} may be read by any thread.
 */
final class VmStateMachine {

    /** What happens to a VM: control calls, and what guest and device report. */
    enum Event {
        /** The guest is booted. */
        POWER_ON,
        /** The guest has activated its vmxnet3 device. */
        BOOTED,
        /** Passthrough, or a swap, was requested of the guest. */
        REQUEST_PASSTHROUGH,
        /** The way back was requested of the guest. */
        REQUEST_EMULATION,
        /** The shell dropped a plugin and fell back to the emulation on its own account. */
        PLUGIN_FAULT,
        /** No request is open and a VF carries the data path. */
        SETTLED_ON_VF,
        /** No request is open, the emulation carries the data path and no VF is held. */
        SETTLED_ON_EMULATION,
        /** The guest framework did not start or broke down. */
        GUEST_FAULT,
        /** Everything was taken back. */
        POWER_OFF
    }

    private static final Map<State, Map<Event, State>> TABLE = new EnumMap<>(State.class);

    static {
        row(State.OFF, Event.POWER_ON, State.BOOTING);
        row(State.BOOTING, Event.BOOTED, State.EMULATED, Event.GUEST_FAULT, State.FAULTED,
                Event.POWER_OFF, State.OFF);
        row(State.EMULATED, Event.REQUEST_PASSTHROUGH, State.TO_PASSTHROUGH, Event.GUEST_FAULT, State.FAULTED,
                Event.POWER_OFF, State.OFF);
        row(State.TO_PASSTHROUGH, Event.SETTLED_ON_VF, State.PASSTHROUGH,
                Event.SETTLED_ON_EMULATION, State.EMULATED, Event.PLUGIN_FAULT, State.TO_EMULATED,
                Event.GUEST_FAULT, State.FAULTED, Event.POWER_OFF, State.OFF);
        row(State.PASSTHROUGH, Event.REQUEST_PASSTHROUGH, State.TO_PASSTHROUGH,
                Event.REQUEST_EMULATION, State.TO_EMULATED, Event.PLUGIN_FAULT, State.TO_EMULATED,
                Event.GUEST_FAULT, State.FAULTED, Event.POWER_OFF, State.OFF);
        row(State.TO_EMULATED, Event.SETTLED_ON_EMULATION, State.EMULATED,
                Event.SETTLED_ON_VF, State.PASSTHROUGH, Event.PLUGIN_FAULT, State.TO_EMULATED,
                Event.GUEST_FAULT, State.FAULTED, Event.POWER_OFF, State.OFF);
        row(State.FAULTED, Event.POWER_OFF, State.OFF);
    }

    private final String vm;
    private volatile State state = State.OFF;

    VmStateMachine(String vm) {
        this.vm = vm;
    }

    private static void row(State from, Object... eventsAndTargets) {
        Map<Event, State> row = new EnumMap<>(Event.class);
        for (int i = 0; i < eventsAndTargets.length; i += 2) {
            row.put((Event) eventsAndTargets[i], (State) eventsAndTargets[i + 1]);
        }
        TABLE.put(from, row);
    }

    /** The state that {@code event} leads to from {@code from}, or null when the table does not allow it. */
    static State next(State from, Event event) {
        return TABLE.get(from).get(event);
    }

    State state() {
        return state;
    }

    /**
     * Throws if {@code event} is not allowed now; changes nothing.
     *
     * @throws IllegalStateException naming the VM, its state and what is allowed
     */
    void check(Event event) {
        if (next(state, event) == null) {
            throw new IllegalStateException("VM " + vm + " is " + state + ", where " + event
                    + " is not allowed; allowed are " + TABLE.get(state).keySet());
        }
    }

    /** Checks and takes the transition. */
    void fire(Event event) {
        check(event);
        state = next(state, event);
    }
}
