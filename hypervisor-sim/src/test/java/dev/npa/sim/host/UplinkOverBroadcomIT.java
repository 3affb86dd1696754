package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.LinkState;
import dev.npa.hw.MacAddress;
import dev.npa.pf.PfException;
import dev.npa.pf.RssSettings;
import dev.npa.pf.VfSettings;
import dev.npa.sim.net.PortFilter;
import dev.npa.sim.net.SwitchPort;
import dev.npa.sim.net.Wire;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host with the model of the 57712, its PF driver and the switch; no guests. */
class UplinkOverBroadcomIT {

    private static final MacAddress LOCAL = MacAddress.parse("02:00:00:00:00:01");
    private static final MacAddress REMOTE = MacAddress.parse("02:00:00:00:00:02");
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path storage;
    private Simulation simulation;
    private Host host;

    @BeforeEach
    void create() {
        simulation = Simulations.create(Simulation.Mode.SEEDED, 1, Lab.parts(storage));
        host = simulation.addHost("host0", storage);
    }

    @AfterEach
    void noViolations() {
        simulation.close();
        assertEquals(List.of(), simulation.violations().list());
    }

    private static ByteBuffer frame(MacAddress to, MacAddress from, int length, int number) {
        ByteBuffer frame = ByteBuffer.allocateDirect(length);
        for (int i = 0; i < 6; i++) {
            frame.put(i, to.octet(i)).put(6 + i, from.octet(i));
        }
        return frame.putShort(12, (short) 0x88B5).putInt(14, number);
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 1514, 9014})
    void framesGoBothWaysThroughThePhysicalFunction(int longest) {
        HostNic nic = (HostNic) host.addNic("nic0", "57712", 8);
        assertEquals(8, nic.freeVirtualFunctions());
        SwitchPort port = nic.network().addPort("port", LOCAL);
        port.filter(new PortFilter(true, true, false, false, Set.of(), null));
        Wire.End peer = nic.wire().peerSide();
        int frames = 300;
        int[] sent = new int[2];
        int[] received = new int[2];
        ByteBuffer in = frame(LOCAL, REMOTE, longest, 0);
        ByteBuffer out = frame(REMOTE, LOCAL, longest, 0);
        assertTrue(simulation.runUntil(() -> {
            if (sent[0] < frames && peer.send(in.putInt(14, sent[0]), 0, longest)) {
                sent[0]++;
            }
            if (sent[1] < frames && port.fromGuest(out.putInt(14, sent[1]), 0, longest) > 0) {
                sent[1]++;
            }
            for (int at = port.toGuest().peek(); at >= 0; at = port.toGuest().peek()) {
                assertEquals(received[0]++, numberAt(port.toGuest().buffer(), at));
                port.toGuest().remove(at);
            }
            for (int at = peer.peek(); at >= 0; at = peer.peek()) {
                assertEquals(received[1]++, numberAt(peer.buffer(), at));
                peer.remove(at);
            }
            return received[0] == frames && received[1] == frames;
        }, SECOND), () -> "received " + received[0] + " and " + received[1] + " of " + frames);
        synchronized (nic.lock()) {
            assertTrue(nic.gate().isFlushed());
        }
    }

    private static int numberAt(ByteBuffer buffer, int at) {
        int number = buffer.getInt(at + 14);
        return buffer.order() == ByteOrder.BIG_ENDIAN ? number : Integer.reverseBytes(number);
    }

    @Test
    void virtualFunctionIsAssignedAndReleased() {
        HostNic nic = (HostNic) host.addNic("nic0", "57712", 2);
        synchronized (nic.lock()) {
            assertEquals(16, nic.driver().queuesPerVf());
            for (int round = 0; round < 3; round++) {
                int vf = nic.pool().take();
                nic.driver().assign(vf, VfSettings.of(LOCAL, 1500).withRss(RssSettings.spread(4)));
                assertNotNull(nic.driver().rss(vf));
                nic.driver().activate(vf);
                nic.driver().deactivate(vf);
                PciConfig.functionLevelReset(nic.adapter().virtualFunction(vf));
                nic.driver().release(vf);
                nic.pool().give(vf);
            }
            assertEquals(16, PciConfig.vectors(nic.adapter().virtualFunction(0)));
            assertEquals("14e4:166f", nic.adapter().virtualFunction(1).identity().toString());
            assertEquals(0, nic.driver().spoofedFrames());
            assertEquals(new LinkState(true, 10_000), nic.driver().link());
        }
        simulation.runUntil(() -> false, 1_000_000);
    }

    @Test
    void filtersOfTheUplinkEndWithTheDevices() {
        HostNic nic = (HostNic) host.addNic("nic0", "57712", 2);
        synchronized (nic.lock()) {
            for (int vlan = 1; vlan < 272; vlan++) {
                nic.driver().addUplinkVlan(vlan);
            }
            assertThrows(PfException.class, () -> nic.driver().addUplinkVlan(272));
            // Without one for each VF, the PF's own, and the one by which the network knows the NIC.
            for (int i = 0; i < 272 - 4; i++) {
                nic.driver().addUplinkAddress(new MacAddress(0x0200_0000_1000L + i));
            }
            assertThrows(PfException.class, () -> nic.driver().addUplinkAddress(LOCAL));
            nic.driver().removeUplinkVlan(7);
            nic.driver().addUplinkVlan(272);
        }
    }

    @Test
    void receiveIsHeldAndLetGo() {
        HostNic nic = (HostNic) host.addNic("nic0", "57712", 0);
        SwitchPort port = nic.network().addPort("port", LOCAL);
        port.filter(new PortFilter(true, true, false, false, Set.of(), null));
        simulation.runUntil(() -> false, 100_000);
        synchronized (nic.lock()) {
            nic.driver().pauseReceive();
        }
        assertTrue(nic.wire().peerSide().send(frame(LOCAL, REMOTE, 60, 1), 0, 60));
        simulation.runUntil(() -> false, 1_000_000);
        assertEquals(0, port.toGuest().framesIn());
        synchronized (nic.lock()) {
            nic.driver().resumeReceive();
        }
        assertTrue(simulation.runUntil(() -> port.toGuest().framesIn() == 1, SECOND));
    }

    @Test
    void driverStartsAgainOnTheSameDevice() {
        HostNic nic = (HostNic) host.addNic("nic0", "57712", 4);
        synchronized (nic.lock()) {
            for (int vfs : new int[] {64, 0, 3}) {
                nic.driver().stop();
                nic.driver().start(vfs);
            }
            assertEquals(16, nic.driver().queuesPerVf());
        }
    }
}
