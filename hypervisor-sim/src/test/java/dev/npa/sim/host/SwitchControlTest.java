package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.sim.host.Switchover.Outcome;
import dev.npa.sim.host.VirtualMachine.State;
import dev.npa.sim.net.PortFilter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwitchControlTest {

    private static final int NO_SUCH = SwitchResult.NO_SUCH_REQUEST;

    @TempDir
    Path images;
    private ControlRig rig;

    @BeforeEach
    void create() throws IOException {
        rig = new ControlRig(images, 2);
    }

    private Switchover passthrough(String version) {
        return rig.control.passthrough(null, "example", version);
    }

    private void assertNothingHeld() {
        assertEquals(0, rig.control.vfs().count());
        assertEquals(0, rig.control.vfs().pagesMapped());
        assertEquals(rig.pf.functions.size(), rig.nic.freeVirtualFunctions());
        assertTrue(rig.pci.isEmpty());
        for (FakeFunction f : rig.pf.functions) {
            assertNull(f.dma.domain());
        }
    }

    @Test
    void requestIsWrittenByteForByte() {
        Switchover s = passthrough(null);
        assertEquals(Outcome.PENDING, s.outcome());
        assertEquals("example 1.1.0", s.to());
        long area = ControlRig.AREA;
        assertEquals(1, rig.memory.getInt(area + 0x40));
        assertEquals(1, rig.memory.getInt(area + 0x44));
        assertEquals(0, rig.memory.getInt(area + 0x48));
        assertEquals(8, rig.memory.getInt(area + 0x4C));
        assertEquals((short) 0x8086, rig.memory.getShort(area + 0x50));
        assertEquals((short) 0x10ED, rig.memory.getShort(area + 0x52));
        byte[] image = rig.control.pending().lease().image().bytes();
        assertEquals(image.length, rig.memory.getInt(area + 0x54));
        byte[] digest = new byte[32];
        rig.memory.copyTo(area + 0x58, digest, 0, 32);
        assertArrayEquals(rig.control.pending().lease().image().sha256(), digest);
        assertEquals(FakeFunction.VECTORS, rig.memory.getInt(area + 0x78));
        assertEquals(SwitchControl.ECR_DIC, rig.events);
        assertSame(rig.pf.functions.get(0), rig.pci.get(8));
        assertEquals(State.TO_PASSTHROUGH, rig.life.state());
        assertEquals(List.of("assign 0"), rig.pf.calls);
        rig.copy(1);
        byte[] copied = new byte[image.length];
        rig.memory.copyTo(ControlRig.IMAGE_AT, copied, 0, image.length);
        assertArrayEquals(image, copied);
    }

    @Test
    void wayInMovesTheAddressBetweenPauseAndResume() {
        Switchover s = passthrough("1.0.0");
        rig.enter(s, 0);
        assertEquals(Outcome.DONE, s.outcome(), s.reason());
        assertEquals(State.PASSTHROUGH, rig.life.state());
        assertEquals("example 1.0.0", rig.control.carrier());
        assertEquals(List.of("assign 0", "pause", "activate 0", "resume"), rig.pf.calls);
        assertFalse(rig.port.isAttached());
        assertEquals(Set.of(), rig.pf.uplink);
        assertTrue(rig.controller.isPassthrough());
        assertEquals(1, s.activations().size());
    }

    @Test
    void drainedIsWrittenOnlyWhenTheQueueIsHandedOver() {
        passthrough(null);
        rig.copy(1);
        rig.uplink.received.add(frameTo(ControlRig.MAC));
        assertEquals(0, rig.controller.activateVf(0, 1));
        rig.settle();
        assertEquals(0, rig.memory.getInt(ControlRig.AREA + 0xC0));
        assertFalse(rig.port.isAttached());
        int at = rig.port.toGuest().peek();
        assertTrue(at >= 0, "the frame from before the cut is in the port's queue");
        rig.port.toGuest().remove(at);
        rig.events = 0;
        rig.settle();
        assertEquals(1, rig.memory.getInt(ControlRig.AREA + 0xC0));
        assertEquals(SwitchControl.ECR_DIC, rig.events);
    }

    private static byte[] frameTo(MacAddress mac) {
        byte[] frame = new byte[60];
        for (int i = 0; i < 6; i++) {
            frame[i] = mac.octet(i);
        }
        frame[6] = 2;
        return frame;
    }

    @Test
    void wayBackTakesEverythingBack() {
        rig.enter(passthrough(null), 0);
        Switchover back = rig.control.emulate();
        rig.leave(0);
        assertEquals(Outcome.DONE, back.outcome(), back.reason());
        assertEquals(State.EMULATED, rig.life.state());
        assertTrue(rig.port.isAttached());
        assertEquals(Set.of(ControlRig.MAC), rig.pf.uplink);
        assertEquals(1, rig.pf.functions.get(0).resets);
        assertNothingHeld();
    }

    @Test
    void swapUsesTheOtherSlotAndSecondVf() {
        rig.enter(passthrough("1.0.0"), 0);
        Switchover swap = passthrough("1.1.0");
        assertEquals(2, rig.control.vfs().count());
        assertEquals(1, rig.memory.getInt(ControlRig.AREA + 0x48));
        assertEquals(9, rig.memory.getInt(ControlRig.AREA + 0x4C));
        rig.enter(swap, 1);
        assertEquals(Outcome.DONE, swap.outcome(), swap.reason());
        assertEquals("example 1.1.0", rig.control.carrier());
        assertEquals(1, rig.control.vfs().count());
        assertEquals(1, rig.nic.freeVirtualFunctions());
        assertEquals(2, rig.memory.getInt(ControlRig.AREA + 0xC0));
        assertTrue(rig.control.vfs().pagesMapped() > 0);
    }

    @Test
    void swapWithoutSecondVfGoesThroughEmulation() throws IOException {
        rig = new ControlRig(images, 1);
        rig.enter(passthrough("1.0.0"), 0);
        Switchover swap = passthrough("1.1.0");
        assertEquals(State.TO_EMULATED, rig.life.state());
        rig.leave(0);
        assertEquals(Outcome.PENDING, swap.outcome());
        assertEquals(State.TO_PASSTHROUGH, rig.life.state());
        rig.enter(swap, 0);
        assertEquals(Outcome.DONE, swap.outcome(), swap.reason());
        assertEquals("example 1.0.0", swap.from());
        assertEquals("example 1.1.0", rig.control.carrier());
        assertEquals(2, swap.activations().size());
    }

    @Test
    void refusalOfTheShellReleasesEverything() {
        Switchover s = passthrough(null);
        rig.copy(1);
        rig.answer(1, 3, "the digest is wrong: wanted a, had b");
        assertEquals(0, rig.controller.loadPlugin(2, 1, 0));
        assertEquals(Outcome.FAILED, s.outcome());
        assertEquals("the digest is wrong: wanted a, had b", s.reason());
        assertEquals(State.EMULATED, rig.life.state());
        assertNothingHeld();
    }

    @Test
    void unansweredRequestIsWithdrawn() {
        Switchover s = passthrough(null);
        assertEquals(ControlRig.LIMIT, rig.controller.nextEvent());
        rig.clock.stall(ControlRig.LIMIT - 1);
        rig.settle();
        assertEquals(Outcome.PENDING, s.outcome());
        rig.clock.stall(1);
        rig.settle();
        assertEquals(Outcome.FAILED, s.outcome());
        assertTrue(s.reason().contains("within 5000 ms"), s.reason());
        assertEquals(State.EMULATED, rig.life.state());
        assertNothingHeld();
        assertEquals(NO_SUCH, rig.controller.loadPlugin(1, 1, 0));
        assertEquals(NO_SUCH, rig.controller.activateVf(0, 1));
    }

    @Test
    void guestThatDoesNotUnloadLosesItsVf() {
        rig.enter(passthrough(null), 0);
        Switchover back = rig.control.emulate();
        assertEquals(0, rig.controller.activateVf(-1, 2));
        rig.clock.stall(ControlRig.LIMIT);
        rig.settle();
        assertEquals(Outcome.FAILED, back.outcome());
        assertEquals(State.EMULATED, rig.life.state());
        assertNothingHeld();
    }

    @Test
    void pfDriverThatThrowsFailsTheSwitchoverOnly() {
        rig.pf.failing = "assign";
        Switchover s = passthrough(null);
        assertEquals("the device did not answer assign 0", s.reason());
        assertEquals(State.EMULATED, rig.life.state());
        assertNothingHeld();

        rig.pf.failing = "activate";
        Switchover t = passthrough(null);
        int sequence = rig.memory.getInt(ControlRig.AREA + 0x40);
        rig.copy(sequence);
        assertEquals(SwitchResult.MODE_SWITCH_FAILED, rig.controller.activateVf(0, sequence));
        assertEquals("resume", rig.pf.calls.get(rig.pf.calls.size() - 1));
        assertTrue(rig.port.isAttached());
        rig.answer(sequence, 9, "");
        assertEquals(0, rig.controller.loadPlugin(2, sequence, 0));
        assertEquals(Outcome.FAILED, t.outcome());
        assertTrue(t.reason().endsWith("(the device did not answer activate 0)"), t.reason());
        assertNothingHeld();
    }

    @Test
    void shellThatDropsItsPluginFallsBack() {
        rig.enter(passthrough(null), 0);
        assertEquals(0, rig.controller.activateVf(-1, 0));
        assertEquals(State.TO_EMULATED, rig.life.state());
        assertTrue(rig.port.isAttached());
        assertEquals(0, rig.controller.loadPlugin(3, 0, 0));
        rig.settle();
        assertEquals(State.EMULATED, rig.life.state());
        Switchover last = rig.switchovers.get(rig.switchovers.size() - 1);
        assertEquals("example 1.1.0", last.from());
        assertEquals(Outcome.DONE, last.outcome());
        assertNothingHeld();
    }

    @Test
    void faultDuringSwapFailsItAndEndsEmulated() {
        rig.enter(passthrough("1.0.0"), 0);
        Switchover swap = passthrough("1.1.0");
        rig.copy(2);
        assertEquals(0, rig.controller.activateVf(-1, 0));
        assertEquals(Outcome.FAILED, swap.outcome());
        assertEquals(0, rig.controller.loadPlugin(3, 0, 0));
        assertEquals(0, rig.controller.loadPlugin(2, 2, 0));
        rig.settle();
        assertEquals(State.EMULATED, rig.life.state());
        assertNothingHeld();
    }

    @Test
    void commandsThatFitNoRequestAreRefused() {
        assertEquals(NO_SUCH, rig.controller.loadPlugin(1, 1, 0));
        assertEquals(NO_SUCH, rig.controller.loadPlugin(2, 1, 0));
        assertEquals(NO_SUCH, rig.controller.loadPlugin(3, 7, 0));
        assertEquals(NO_SUCH, rig.controller.loadPlugin(9, 0, 0));
        assertEquals(NO_SUCH, rig.controller.activateVf(0, 1));
        assertEquals(NO_SUCH, rig.controller.activateVf(-1, 0));
        assertEquals(NO_SUCH, rig.controller.stopEmulation(1));
        rig.enter(passthrough(null), 0);
        assertEquals(NO_SUCH, rig.controller.loadPlugin(3, 0, 0), "the active plugin cannot be unloaded");
    }

    @Test
    void imageMemoryMustBeTheGuestsAndLargeEnough() {
        passthrough(null);
        long area = ControlRig.AREA;
        rig.memory.putLong(area + 0x108, ControlRig.IMAGE_AT);
        rig.memory.putInt(area + 0x110, 10);
        assertEquals(SwitchResult.BAD_IMAGE_MEMORY, rig.controller.loadPlugin(1, 1, 0));
        rig.memory.putInt(area + 0x110, 1 << 20);
        rig.memory.putLong(area + 0x108, 0x1000);
        assertEquals(SwitchResult.BAD_IMAGE_MEMORY, rig.controller.loadPlugin(1, 1, 0));
        rig.memory.putLong(area + 0x108, area - 8);
        assertEquals(SwitchResult.BAD_IMAGE_MEMORY, rig.controller.loadPlugin(1, 1, 0));
    }

    @Test
    void switchoverThatCannotStartSaysWhy() {
        rig.areaAddress = 0;
        assertTrue(passthrough(null).reason().contains("no plugin area"));
        rig.areaAddress = ControlRig.AREA;
        rig.memory.putShort(ControlRig.AREA + 0xA, (short) 3);
        assertTrue(passthrough(null).reason().contains("this guest's shell has 3.0.0"));
        assertEquals(State.EMULATED, rig.life.state());
        assertThrows(IllegalStateException.class, () -> rig.control.emulate());
    }

    @Test
    void powerOffInTheMiddleTakesEverythingBack() {
        rig.enter(passthrough("1.0.0"), 0);
        Switchover swap = passthrough("1.1.0");
        rig.control.abandon("VM vm0 was powered off");
        assertEquals("VM vm0 was powered off", swap.reason());
        assertTrue(rig.pf.calls.contains("deactivate 0"));
        assertEquals(Set.of(ControlRig.MAC), rig.pf.uplink);
        assertNothingHeld();
    }

    @Test
    void controlOperationsReachThePfDriverWithinPolicy() {
        rig.enter(passthrough(null), 0);
        MacAddress group = MacAddress.parse("01:00:5e:00:00:01");
        rig.controller.filterChanged(new PortFilter(true, true, false, true, Set.of(group), Set.of(0, 100, 200)));
        assertEquals("update 0", rig.pf.calls.get(rig.pf.calls.size() - 1));
        assertEquals(Set.of(group), rig.pf.lastSettings.multicast());
        assertEquals(Set.of(100), rig.pf.lastSettings.vlans(), "policy and the guest's wish");
        assertFalse(rig.pf.lastSettings.promiscuous(), "policy");
        MacAddress mine = MacAddress.parse("02:00:00:00:00:77");
        assertTrue(rig.controller.macChanged(mine));
        assertEquals(mine, rig.pf.lastSettings.mac());
        assertFalse(rig.controller.macChanged(MacAddress.parse("02:00:00:00:00:99")), "another VM has it");
        assertFalse(rig.controller.macChanged(group));
        rig.pf.failing = "update";
        assertFalse(rig.controller.macChanged(MacAddress.parse("02:00:00:00:00:78")));
        assertEquals(mine, rig.settings.mac());
    }

    @Test
    void cutWaitsUntilTheUplinkIsEmptyWhileNeighboursHoldTheirFrames() {
        passthrough(null);
        rig.copy(1);
        ByteBuffer frame = ByteBuffer.wrap(frameTo(MacAddress.parse("02:00:00:00:00:55")));
        assertEquals(1, rig.port.fromGuest(frame, 0, 60));
        assertEquals(SwitchResult.NOT_YET, rig.controller.activateVf(0, 1));
        assertEquals(-1, rig.port.fromGuest(frame, 0, 60));
        assertFalse(rig.pf.calls.contains("activate 0"));
        rig.uplink.completed = 1;
        assertEquals(0, rig.controller.activateVf(0, 1));
        rig.port.attach();
        assertEquals(2, rig.port.fromGuest(frame, 0, 60));
    }

    @Test
    void cutThatNeverComesLetsNeighboursSendAgain() {
        passthrough(null);
        rig.copy(1);
        ByteBuffer frame = ByteBuffer.wrap(frameTo(MacAddress.parse("02:00:00:00:00:55")));
        rig.port.fromGuest(frame, 0, 60);
        assertEquals(SwitchResult.NOT_YET, rig.controller.activateVf(0, 1));
        rig.clock.stall(ControlRig.LIMIT);
        rig.settle();
        assertEquals(State.EMULATED, rig.life.state());
        assertEquals(2, rig.port.fromGuest(frame, 0, 60));
        assertNothingHeld();
    }
}
