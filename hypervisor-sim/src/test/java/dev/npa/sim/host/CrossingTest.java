package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.sim.host.CrossingRig.Sent;
import dev.npa.sim.host.Switchover.Outcome;
import dev.npa.sim.host.VirtualMachine.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrossingTest {

    private static final int NOT_YET = SwitchResult.NOT_YET;
    private static final int FAILED = SwitchResult.MODE_SWITCH_FAILED;

    @TempDir
    Path images;
    private CrossingRig rig;

    @BeforeEach
    void create() throws IOException {
        rig = new CrossingRig(images, 0, 1, 2);
    }

    private long probe(int nic) {
        return rig.nics.get(nic).probe().value();
    }

    private void assertSent(int index, int nic, long to, long from) {
        Sent s = rig.sent.get(index);
        assertEquals(List.of(nic, Long.toHexString(to), Long.toHexString(from)),
                List.of(s.nic(), Long.toHexString(s.to()), Long.toHexString(s.from())), "frame " + index);
    }

    private void assertEmulatedAndNothingHeld() {
        assertEquals(State.EMULATED, rig.life.state());
        assertEquals(0, rig.control.vfs().count());
        assertEquals(0, rig.control.vfs().pagesMapped());
        assertTrue(rig.pci.isEmpty());
        rig.nics.forEach(nic -> assertEquals(2, nic.freeVirtualFunctions(), nic.name()));
        assertEquals(List.of(rig.nics.get(0)), rig.control.vfs().nics());
    }

    private void assertUplinks(int... withVm) {
        for (int i = 0; i < rig.nics.size(); i++) {
            int n = i;
            boolean wanted = java.util.Arrays.stream(withVm).anyMatch(w -> w == n);
            assertEquals(wanted ? Set.of(CrossingRig.MAC, rig.nics.get(i).probe()) : Set.of(rig.nics.get(i).probe()),
                    rig.pfs.get(i).uplink, "nic" + i);
        }
    }

    @Test
    void requestTellsOfTheOtherPortAndTheQueues() {
        rig.passthrough(1);
        assertEquals(PluginArea.FLAG_OTHER_PORT, rig.flags());
        assertEquals(1, rig.memory.getInt(CrossingRig.AREA + 0x7C));
        assertSame(rig.pfs.get(1).functions.get(0), rig.pci.get(8));
        assertEquals(rig.nics.subList(0, 2), rig.control.vfs().nics());
    }

    @Test
    void wayToAnotherNicGoesByProbesThenOpensThenLearnsThenCuts() {
        rig.enter(rig.passthrough(1));
        assertEquals(List.of("nic1 assign 0", "nic0 sends", "nic1 sends", "nic1 activate 0", "nic1 sends",
                "nic0 pause", "nic0 resume"), rig.events);
        assertSent(0, 0, probe(1), CrossingRig.MAC.value());
        assertSent(1, 1, probe(0), probe(1));
        assertSent(2, 1, probe(0), CrossingRig.MAC.value());
        assertFalse(rig.port.isAttached());
        assertUplinks();
        assertEquals("example 1.1.0 on nic1", rig.control.carrier());
        assertEquals("emulated", rig.switchovers.get(0).from());
        assertEquals("example 1.1.0 on nic1", rig.switchovers.get(0).to());
    }

    @Test
    void everyMarkerIsWaitedFor() {
        rig.passthrough(1);
        rig.copy();
        rig.connected = false;
        assertEquals(NOT_YET, rig.activate(0, 1));
        assertEquals(2, rig.sent.size());
        rig.deliver(rig.sent.get(0));
        assertEquals(NOT_YET, rig.activate(0, 1));
        assertFalse(rig.events.contains("nic1 activate 0"), "the way back is not known to work");
        rig.deliver(rig.sent.get(1));
        assertEquals(NOT_YET, rig.activate(0, 1));
        assertTrue(rig.events.contains("nic1 activate 0"));
        assertTrue(rig.port.isAttached(), "the guest receives on the old path");
        assertEquals(3, rig.sent.size());
        rig.deliver(rig.sent.get(1));
        assertEquals(NOT_YET, rig.activate(0, 1), "an old marker is not the one awaited");
        rig.deliver(rig.sent.get(2));
        assertEquals(0, rig.activate(0, 1));
        assertFalse(rig.port.isAttached());
    }

    @Test
    void framesAheadOfTheLearningMarkerGoTheOldWayAndArePutAside() {
        rig.passthrough(1);
        rig.copy();
        rig.connected = false;
        rig.controller.activateVf(0, 1);
        rig.sent.forEach(rig::deliver);
        assertEquals(NOT_YET, rig.activate(0, 1));
        rig.uplinks.get(0).received.add(CrossingRig.frame(CrossingRig.MAC, 1).array());
        rig.deliver(rig.sent.get(2));
        rig.uplinks.get(0).received.add(CrossingRig.frame(CrossingRig.MAC, 2).array());
        assertEquals(0, rig.activate(0, 1));
        assertEquals(0, rig.memory.getInt(CrossingRig.AREA + 0xC0), "not drained");
        for (int i = 1; i <= 2; i++) {
            int at = rig.port.toGuest().peek();
            assertEquals(i, rig.port.toGuest().buffer().get(at + 14), "received before the cut: the guest's");
            rig.port.toGuest().remove(at);
        }
        rig.settle();
        assertEquals(1, rig.memory.getInt(CrossingRig.AREA + 0xC0));
        assertEquals(-1, rig.port.toGuest().peek(), "no guest sees a marker");
    }

    @Test
    void newNicIsOpenedOnlyWhenItsUplinkIsEmptyAndItsGuestsWait() {
        GatedPort neighbour = new GatedPort(rig.nics.get(1).network().addPort("vm1",
                MacAddress.parse("02:00:00:00:00:55")), rig.nics.get(1).gate());
        rig.passthrough(1);
        rig.copy();
        rig.uplinks.get(1).completed = 0;
        assertTrue(neighbour.fromGuest(CrossingRig.frame(CrossingRig.MAC, 1), 0, 60) > 0);
        assertEquals(NOT_YET, rig.activate(0, 1));
        assertEquals(-1, neighbour.fromGuest(CrossingRig.frame(CrossingRig.MAC, 2), 0, 60));
        assertFalse(rig.events.contains("nic1 activate 0"));
        rig.uplinks.get(1).completed = Long.MAX_VALUE;
        rig.connected = false;
        assertEquals(NOT_YET, rig.activate(0, 1));
        assertTrue(neighbour.fromGuest(CrossingRig.frame(CrossingRig.MAC, 2), 0, 60) > 0, "they send again");
        int learning = rig.events.indexOf("nic1 activate 0") + 1;
        assertEquals(List.of("nic1 sends", "nic1 sends"), rig.events.subList(learning, learning + 2));
        assertEquals(probe(0), rig.sent.get(rig.sent.size() - 2).to(), "the marker is ahead of the neighbour's frame");
    }

    @Test
    void fromVfToVfOfAThirdNicAndHome() {
        rig.enter(rig.passthrough(1));
        rig.events.clear();
        rig.enter(rig.passthrough(2));
        assertEquals(List.of("nic2 assign 0", "nic1 sends", "nic2 sends", "nic2 activate 0", "nic2 sends", "nic1 pause",
                "nic1 deactivate 0", "nic1 resume", "nic1 release 0"), rig.events);
        assertUplinks();
        assertEquals(2, rig.memory.getInt(CrossingRig.AREA + 0xC0), "a VF's ring has everything: drained at once");
        rig.events.clear();
        rig.control.locked(() -> rig.control.emulate());
        assertEquals(PluginArea.FLAG_OTHER_PORT, rig.flags());
        rig.leave(1);
        assertEquals(List.of("nic2 sends", "nic0 sends", "nic0 sends", "nic2 pause", "nic2 deactivate 0",
                "nic2 resume", "nic2 release 0"), rig.events);
        assertTrue(rig.port.isAttached());
        assertUplinks(0);
        assertEmulatedAndNothingHeld();
    }

    @Test
    void swapWithinTheOtherNicNeedsNoMarker() {
        rig.enter(rig.passthrough(1));
        rig.events.clear();
        Switchover swap = rig.control.passthrough(null, "example", "1.0.0");
        assertEquals(0, rig.flags());
        rig.enter(swap);
        assertEquals(List.of("nic1 assign 1", "nic1 pause", "nic1 activate 1", "nic1 resume", "nic1 release 0"),
                rig.events);
        assertEquals("example 1.0.0 on nic1", rig.control.carrier());
    }

    @Test
    void bothVfsOfACrossingShareOneMappedDomain() {
        rig.enter(rig.passthrough(1));
        rig.passthrough(2);
        assertEquals(2, rig.control.vfs().count());
        assertNotNull(rig.pfs.get(1).functions.get(0).dma.domain());
        assertSame(rig.pfs.get(1).functions.get(0).dma.domain(), rig.pfs.get(2).functions.get(0).dma.domain());
        rig.refuse();
        assertTrue(rig.control.vfs().pagesMapped() > 0, "the VF that stays needs the memory");
        assertNull(rig.pfs.get(2).functions.get(0).dma.domain());
    }

    @Test
    void networkThatDoesNotForwardFailsBeforeAnythingChanged() {
        Switchover s = rig.passthrough(1);
        rig.copy();
        rig.connected = false;
        assertEquals(NOT_YET, rig.activate(0, 1));
        assertEquals(Crossing.LIMIT_NANOS, rig.controller.nextEvent(), "virtual time jumps to the limit");
        rig.clock.stall(Crossing.LIMIT_NANOS);
        assertEquals(FAILED, rig.activate(0, 1));
        rig.refuse();
        assertEquals(Outcome.FAILED, s.outcome());
        assertTrue(s.reason().contains("the network of NIC nic0 did not forward the marker to NIC nic1 within 1000 ms"),
                s.reason());
        assertFalse(rig.events.contains("nic1 activate 0"));
        assertTrue(rig.port.isAttached());
        assertUplinks(0);
        assertEmulatedAndNothingHeld();
        rig.connected = true;
        rig.enter(rig.passthrough(1));
    }

    @Test
    void networkThatForwardsOneWayOnlyIsToldApart() {
        Switchover s = rig.passthrough(1);
        rig.copy();
        rig.connected = false;
        rig.controller.activateVf(0, 1);
        rig.deliver(rig.sent.get(0));
        rig.settle();
        rig.clock.stall(Crossing.LIMIT_NANOS);
        assertEquals(FAILED, rig.activate(0, 1));
        rig.refuse();
        assertTrue(s.reason().contains("the network of NIC nic1 did not forward the marker to NIC nic0"), s.reason());
    }

    @Test
    void lostLearningMarkerIsUndoneAndTheNetworkRepaired() {
        rig.enter(rig.passthrough(2));
        rig.events.clear();
        Switchover s = rig.passthrough(1);
        rig.copy();
        rig.connected = false;
        rig.controller.activateVf(1, 2);
        rig.sent.subList(rig.sent.size() - 2, rig.sent.size()).forEach(rig::deliver);
        assertEquals(NOT_YET, rig.activate(1, 2));
        rig.clock.stall(Crossing.LIMIT_NANOS);
        assertEquals(FAILED, rig.activate(1, 2));
        assertEquals(List.of("nic1 assign 0", "nic2 sends", "nic1 sends", "nic1 activate 0", "nic1 sends", "nic1 pause",
                "nic1 deactivate 0", "nic1 resume", "nic2 sends"), rig.events);
        assertSent(rig.sent.size() - 1, 2, probe(1), CrossingRig.MAC.value());
        assertUplinks();
        rig.refuse();
        assertTrue(s.reason().contains("the network of NIC nic1 did not forward the marker to NIC nic2"), s.reason());
        assertEquals("example 1.1.0 on nic2", rig.control.carrier());
        assertEquals(State.PASSTHROUGH, rig.life.state());
        assertEquals(1, rig.control.vfs().count());
        rig.connected = true;
        rig.enter(rig.passthrough(1));
    }

    @Test
    void wayHomeThatFailsLeavesThePortDetached() {
        rig.enter(rig.passthrough(1));
        Switchover s = rig.control.locked(() -> rig.control.emulate());
        rig.connected = false;
        rig.controller.activateVf(-1, 2);
        rig.sent.subList(3, 5).forEach(rig::deliver);
        assertEquals(NOT_YET, rig.activate(-1, 2));
        assertTrue(rig.port.isAttached());
        rig.clock.stall(Crossing.LIMIT_NANOS);
        assertEquals(FAILED, rig.activate(-1, 2));
        rig.refuse();
        assertFalse(rig.port.isAttached());
        assertUplinks();
        assertEquals(Outcome.FAILED, s.outcome());
        assertEquals(State.PASSTHROUGH, rig.life.state());
    }

    @Test
    void pfDriversThatThrowAreUndone() {
        rig.pfs.get(1).failing = "activate";
        Switchover s = rig.passthrough(1);
        rig.copy();
        assertEquals(FAILED, rig.activate(0, 1));
        rig.refuse();
        assertTrue(s.reason().contains("did not answer activate 0"), s.reason());
        assertEmulatedAndNothingHeld();
        assertUplinks(0);

        rig.pfs.get(1).failing = "";
        rig.enter(rig.passthrough(1));
        rig.pfs.get(1).failing = "deactivate";
        rig.passthrough(2);
        rig.copy();
        assertEquals(FAILED, rig.activate(1, rig.sequence()));
        assertEquals("nic1 sends", rig.events.get(rig.events.size() - 1), "the network learns the old place again");
        assertTrue(rig.events.contains("nic2 deactivate 0"));
        rig.refuse();
        assertEquals("example 1.1.0 on nic1", rig.control.carrier());
        assertUplinks();
    }

    @Test
    void oneCrossingAtATimeInANetwork() {
        Object other = new Object();
        assertTrue(rig.turn.take(other));
        rig.passthrough(1);
        rig.copy();
        assertEquals(NOT_YET, rig.activate(0, 1));
        assertEquals(List.of(), rig.sent);
        rig.turn.give(other);
        assertEquals(0, rig.activate(0, 1));
        assertTrue(rig.turn.take(other), "the turn is given back");
    }

    @Test
    void requestThatIsWithdrawnOrPoweredOffInTheMiddleGivesTheTurnBack() {
        for (boolean powerOff : List.of(false, true)) {
            Switchover s = rig.passthrough(1);
            rig.copy();
            rig.connected = false;
            int first = rig.sent.size();
            rig.controller.activateVf(0, rig.sequence());
            rig.sent.subList(first, first + 2).forEach(rig::deliver);
            assertEquals(NOT_YET, rig.activate(0, rig.sequence()));
            if (powerOff) {
                rig.control.locked(() -> rig.control.abandon("VM vm0 was powered off"));
            } else {
                rig.clock.stall(ControlRig.LIMIT);
                rig.settle();
                assertEmulatedAndNothingHeld();
            }
            assertEquals(Outcome.FAILED, s.outcome());
            assertUplinks(0);
            Object other = new Object();
            assertTrue(rig.turn.take(other));
            rig.turn.give(other);
        }
    }

    @Test
    void brokenPluginComesHomeEvenWithoutTheNetwork() {
        rig.enter(rig.passthrough(1));
        rig.connected = false;
        assertEquals(NOT_YET, rig.activate(-1, 0));
        rig.clock.stall(Crossing.FORCED_LIMIT_NANOS);
        assertEquals(NOT_YET, rig.activate(-1, 0));
        assertTrue(rig.port.isAttached());
        rig.clock.stall(Crossing.FORCED_LIMIT_NANOS);
        assertEquals(0, rig.activate(-1, 0));
        assertUplinks(0);
        assertEquals(0, rig.controller.loadPlugin(3, 0, 0));
        rig.settle();
        assertEmulatedAndNothingHeld();
    }

    @Test
    void pluginThatFailsDuringACrossingUndoesItAndComesHome() {
        rig.enter(rig.passthrough(1));
        Switchover s = rig.passthrough(2);
        rig.copy();
        rig.connected = false;
        rig.controller.activateVf(1, 2);
        rig.sent.subList(3, 5).forEach(rig::deliver);
        assertEquals(NOT_YET, rig.activate(1, 2));
        assertTrue(rig.events.contains("nic2 activate 0"));
        rig.connected = true;
        assertEquals(0, rig.activate(-1, 0));
        assertTrue(rig.events.contains("nic2 deactivate 0"));
        assertEquals(Outcome.FAILED, s.outcome());
        assertUplinks(0);
        assertEquals(0, rig.controller.loadPlugin(3, 0, 0));
        assertEquals(0, rig.controller.loadPlugin(2, 2, 0));
        rig.settle();
        assertEmulatedAndNothingHeld();
    }

    @Test
    void functionsOfOnePortCutBothAtOnceWithoutMarkers() throws IOException {
        rig = new CrossingRig(images, 7, 7);
        Switchover s = rig.passthrough(1);
        assertEquals(0, rig.flags(), "group frames reach one of them at a time");
        rig.enter(s);
        assertEquals(List.of("nic1 assign 0", "nic0 pause", "nic1 pause", "nic1 activate 0", "nic1 resume",
                "nic0 resume"), rig.events);
        assertFalse(rig.port.isAttached());
        rig.control.locked(() -> rig.control.emulate());
        rig.leave(0);
        assertEquals(List.of(), rig.sent);
        assertEmulatedAndNothingHeld();
        assertUplinks(0);
    }
}
