package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.MacAddress;
import dev.npa.pf.VfSettings;
import dev.npa.sim.net.PortFilter;
import dev.npa.sim.net.SwitchPort;
import dev.npa.sim.net.Wire;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host with the real NIC model, PF driver and switch; no guests. */
class UplinkOverNianticIT {

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

    @Test
    void framesGoBothWaysThroughThePhysicalFunction() {
        HostNic nic = (HostNic) host.addNic("nic0", "82599", 8);
        assertEquals(8, nic.freeVirtualFunctions());
        SwitchPort port = nic.network().addPort("port", LOCAL);
        port.filter(new PortFilter(true, true, false, false, Set.of(), null));
        Wire.End peer = nic.wire().peerSide();
        for (int i = 0; i < 100; i++) {
            assertTrue(peer.send(frame(LOCAL, REMOTE, 60 + i, i), 0, 60 + i));
            assertTrue(port.fromGuest(frame(REMOTE, LOCAL, 60 + i, i), 0, 60 + i) > 0);
        }
        assertTrue(simulation.runUntil(() -> port.toGuest().framesIn() == 100, SECOND));
        for (int i = 0; i < 100; i++) {
            int at = port.toGuest().peek();
            assertEquals(i, port.toGuest().buffer().order(java.nio.ByteOrder.BIG_ENDIAN).getInt(at + 14));
            port.toGuest().buffer().order(java.nio.ByteOrder.LITTLE_ENDIAN);
            port.toGuest().remove(at);
        }
        int[] received = new int[1];
        assertTrue(simulation.runUntil(() -> {
            for (int at = peer.peek(); at >= 0; at = peer.peek()) {
                assertEquals(Integer.reverseBytes(received[0]), peer.buffer().getInt(at + 14));
                received[0]++;
                peer.remove(at);
            }
            return received[0] == 100;
        }, SECOND));
        synchronized (nic.lock()) {
            assertTrue(nic.gate().isFlushed());
        }
    }

    @Test
    void virtualFunctionIsAssignedAndReleased() {
        HostNic nic = (HostNic) host.addNic("nic0", "82599", 2);
        synchronized (nic.lock()) {
            for (int round = 0; round < 3; round++) {
                int vf = nic.pool().take();
                nic.driver().assign(vf, VfSettings.of(LOCAL, 1500));
                PciConfig.functionLevelReset(nic.adapter().virtualFunction(vf));
                nic.driver().release(vf);
                nic.pool().give(vf);
            }
            assertEquals(3, PciConfig.vectors(nic.adapter().virtualFunction(0)));
            assertEquals("8086:10ed", nic.adapter().virtualFunction(1).identity().toString());
        }
        simulation.runUntil(() -> false, 1_000_000);
    }

    @Test
    void wrongModelNamesTheOnesThereAre() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                () -> host.addNic("nic0", "82571", 1));
        assertTrue(e.getMessage().matches("there is no NIC model '82571'; there are \\[.*82599.*\\]"), e.getMessage());
        IllegalArgumentException f = assertThrows(IllegalArgumentException.class,
                () -> host.addNic("nic0", "82599", 99));
        assertTrue(f.getMessage().contains("cannot have 99 virtual functions"), f.getMessage());
    }
}
