package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.pf.RssSettings;
import dev.npa.sim.host.Switchover.Outcome;
import dev.npa.sim.host.VirtualMachine.State;
import dev.npa.sim.net.PortFilter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a guest asks of its NIC while its frames come by another NIC than its home's. */
class GuestWishesTest {

    private static final int ECR_LINK = 4;
    private static final MacAddress OTHER = MacAddress.parse("02:00:00:00:00:77");

    @TempDir
    Path images;
    private CrossingRig rig;

    @BeforeEach
    void create() throws IOException {
        rig = new CrossingRig(images, 0, 1, 2);
    }

    private static PortFilter filter(boolean promiscuous) {
        return new PortFilter(true, true, false, promiscuous, Set.of(), null);
    }

    @Test
    void addressAndFilterReachTheVfOfTheOtherNicAndTheHomePort() {
        rig.enter(rig.passthrough(1));
        assertTrue(rig.controller.macChanged(OTHER));
        assertEquals(OTHER, rig.pfs.get(1).lastSettings.mac());
        assertEquals(OTHER, rig.port.mac());
        MacAddress group = MacAddress.parse("01:00:5e:00:00:01");
        rig.controller.filterChanged(new PortFilter(true, true, true, false, Set.of(group), null));
        assertEquals(Set.of(group), rig.pfs.get(1).lastSettings.multicast());
        assertTrue(rig.pfs.get(1).lastSettings.allMulticast());
        assertNull(rig.pfs.get(0).lastSettings, "the home NIC has no VF of this VM");
    }

    @Test
    void addressThatChangesInTheMiddleOfACrossingStartsItAnew() {
        rig.passthrough(1);
        rig.copy();
        rig.connected = false;
        rig.controller.activateVf(0, 1);
        rig.sent.forEach(rig::deliver);
        assertEquals(SwitchResult.NOT_YET, rig.activate(0, 1));
        assertTrue(rig.controller.macChanged(OTHER));
        assertTrue(rig.events.contains("nic1 deactivate 0"));
        rig.connected = true;
        int before = rig.sent.size();
        assertEquals(0, rig.activate(0, 1));
        assertEquals(OTHER.value(), rig.sent.get(before).from(), "probed with the new address");
        assertEquals(Set.of(rig.nics.get(0).probe()), rig.pfs.get(0).uplink);
        assertEquals(Set.of(rig.nics.get(1).probe()), rig.pfs.get(1).uplink);
    }

    @Test
    void rssIsKeptAndFoldedToTheQueuesOfEachVf() {
        RssSettings wanted = RssSettings.spread(4);
        rig.pfs.get(1).queues = 2;
        rig.controller.rssChanged(wanted);
        rig.enter(rig.passthrough(1));
        assertEquals(2, rig.memory.getInt(CrossingRig.AREA + 0x7C));
        assertArrayEquals(RssSettings.spread(2).table(), rig.pfs.get(1).lastSettings.rss().table());
        rig.controller.rssChanged(null);
        assertNull(rig.pfs.get(1).lastSettings.rss());
        assertEquals("nic1 update 0", rig.events.get(rig.events.size() - 1));
    }

    @Test
    void vfThatHashesInItsOwnWayIsTold() {
        RssSettings wanted = RssSettings.spread(2);
        rig.controller.rssChanged(wanted);
        rig.pfs.get(1).rss = wanted;
        rig.enter(rig.passthrough(1));
        assertEquals(PluginArea.FLAG_OTHER_PORT, rig.flags());
        rig.pfs.get(2).rss = new RssSettings(wanted.types(), new byte[RssSettings.KEY_BYTES], wanted.table());
        rig.passthrough(2);
        assertEquals(PluginArea.FLAG_OTHER_PORT | PluginArea.FLAG_OWN_RSS, rig.flags());
        rig.refuse();
        rig.controller.rssChanged(null);
        rig.passthrough(2);
        assertEquals(PluginArea.FLAG_OTHER_PORT, rig.flags(), "a guest without RSS asked for no hash");
    }

    @Test
    void promiscuousGuestLeavesItsVfAndGetsNoneMeanwhile() {
        rig.enter(rig.passthrough(1));
        rig.controller.filterChanged(filter(true));
        assertFalse(rig.pfs.get(1).lastSettings.promiscuous());
        assertEquals(State.PASSTHROUGH, rig.life.state(), "the guest's own register write is over first");
        rig.settle();
        assertEquals(State.TO_EMULATED, rig.life.state());
        rig.leave(0);
        assertEquals(State.EMULATED, rig.life.state());
        Switchover refused = rig.passthrough(1);
        assertEquals(Outcome.FAILED, refused.outcome());
        assertTrue(refused.reason().contains("promiscuous mode"), refused.reason());
        assertEquals(0, rig.control.vfs().count());
        rig.controller.filterChanged(filter(false));
        rig.enter(rig.passthrough(1));
    }

    @Test
    void guestThatTurnsPromiscuousOnItsWayInLeavesWhenItIsThere() {
        Switchover s = rig.passthrough(1);
        rig.controller.filterChanged(filter(true));
        rig.enter(s);
        rig.settle();
        assertEquals(State.TO_EMULATED, rig.life.state());
        rig.leave(0);
        rig.settle();
        assertEquals(State.EMULATED, rig.life.state());
    }

    @Test
    void wayOutOfPromiscuousModeThatFailsIsNotTriedForEver() {
        rig.enter(rig.passthrough(1));
        rig.controller.filterChanged(filter(true));
        rig.settle();
        rig.clock.stall(ControlRig.LIMIT);
        rig.settle();
        assertEquals(State.PASSTHROUGH, rig.life.state());
        assertEquals(2, rig.switchovers.size());
        rig.controller.filterChanged(filter(true));
        rig.settle();
        assertEquals(State.TO_EMULATED, rig.life.state());
    }

    @Test
    void linkFollowsTheCarrierAndItsChangeIsAnEvent() {
        rig.link(1, new LinkState(true, 1_000));
        assertEquals(new LinkState(true, 10_000), rig.controller.link());
        rig.enter(rig.passthrough(1));
        assertEquals(new LinkState(true, 1_000), rig.controller.link());
        assertEquals(ECR_LINK, rig.raised & ECR_LINK);
        rig.raised = 0;
        rig.control.locked(() -> rig.control.emulate());
        rig.leave(0);
        assertEquals(new LinkState(true, 10_000), rig.controller.link());
        assertEquals(ECR_LINK, rig.raised & ECR_LINK);
    }

    @Test
    void carrierOfTheSameSpeedIsNoLinkEvent() {
        rig.enter(rig.passthrough(1));
        assertEquals(0, rig.raised & ECR_LINK);
    }

    @Test
    void cableOfTheCarrierCountsAndThatOfTheHomeNicDoesNot() {
        rig.enter(rig.passthrough(1));
        rig.nics.get(0).wire().setUp(false);
        rig.settle();
        assertEquals(0, rig.raised & ECR_LINK);
        rig.nics.get(1).wire().setUp(false);
        rig.link(1, LinkState.DOWN);
        rig.settle();
        assertEquals(ECR_LINK, rig.raised & ECR_LINK);
        assertEquals(LinkState.DOWN, rig.controller.link());
    }
}
