package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.host.VirtualMachine.State;
import dev.npa.sim.host.VmStateMachine.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VmStateMachineTest {

    @Test
    void everyStateIsReachedAndEveryOtherEventIsRefused() {
        Set<State> seen = EnumSet.of(State.OFF);
        Deque<List<Event>> paths = new ArrayDeque<>(List.of(List.of()));
        while (!paths.isEmpty()) {
            List<Event> path = paths.remove();
            for (Event event : Event.values()) {
                VmStateMachine machine = walk(path);
                State before = machine.state();
                State next = VmStateMachine.next(before, event);
                if (next == null) {
                    IllegalStateException e = assertThrows(IllegalStateException.class, () -> machine.fire(event));
                    assertTrue(e.getMessage().contains(before.toString())
                            && e.getMessage().contains(event.toString()), e.getMessage());
                    assertEquals(before, machine.state());
                } else {
                    machine.fire(event);
                    assertEquals(next, machine.state());
                    if (seen.add(next)) {
                        paths.add(java.util.stream.Stream.concat(path.stream(), java.util.stream.Stream.of(event))
                                .toList());
                    }
                }
            }
        }
        assertEquals(EnumSet.allOf(State.class), seen);
    }

    private static VmStateMachine walk(List<Event> path) {
        VmStateMachine machine = new VmStateMachine("vm0");
        path.forEach(machine::fire);
        return machine;
    }

    @Test
    void powerOffWorksInEveryStateButOff() {
        for (State state : State.values()) {
            assertEquals(state == State.OFF ? null : State.OFF, VmStateMachine.next(state, Event.POWER_OFF));
        }
    }

    @Test
    void refusalNamesWhatIsAllowed() {
        VmStateMachine machine = walk(List.of(Event.POWER_ON, Event.BOOTED));
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> machine.check(
                Event.REQUEST_EMULATION));
        assertEquals("VM vm0 is EMULATED, where REQUEST_EMULATION is not allowed; allowed are [REQUEST_PASSTHROUGH, "
                + "GUEST_FAULT, POWER_OFF]", e.getMessage());
    }
}
