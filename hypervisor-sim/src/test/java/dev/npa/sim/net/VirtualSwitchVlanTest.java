package dev.npa.sim.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.Clock;
import dev.npa.hw.MacAddress;
import dev.npa.pf.PfException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** VLAN policy of switch ports: one with guest VLANs, two with a port VLAN, one without any. */
class VirtualSwitchVlanTest {

    private static final MacAddress GUEST = MacAddress.parse("02:00:00:00:00:01");
    private static final MacAddress PORT = MacAddress.parse("02:00:00:00:00:02");
    private static final MacAddress PLAIN = MacAddress.parse("02:00:00:00:00:03");
    private static final MacAddress PORT2 = MacAddress.parse("02:00:00:00:00:04");
    private static final MacAddress PEER = MacAddress.parse("02:00:00:00:00:99");
    private static final PortFilter OPEN = new PortFilter(true, true, true, false, Set.of(), null);
    private static final String PAYLOAD = "88b50102030405060708";

    private final RecordingUplink uplink = new RecordingUplink();
    private final VirtualSwitch sw = new VirtualSwitch("switch", new Clock() {
        @Override
        public long nanos() {
            return 7;
        }

        @Override
        public void stall(long nanos) {}
    });
    private final SwitchPort guest;
    private final SwitchPort port;
    private final SwitchPort plain;
    private final SwitchPort port2;

    VirtualSwitchVlanTest() {
        sw.uplink(uplink);
        guest = sw.addPort("guest", GUEST, new VlanPolicy(0, Set.of(10, 20)));
        port = sw.addPort("port", PORT, new VlanPolicy(100, Set.of()));
        plain = sw.addPort("plain", PLAIN);
        port2 = sw.addPort("port2", PORT2, new VlanPolicy(100, Set.of()));
        all().forEach(p -> p.filter(OPEN));
    }

    private List<SwitchPort> all() {
        return List.of(guest, port, plain, port2);
    }

    private static String hex(MacAddress to, MacAddress from, String tag) {
        return String.format("%012x%012x", to.value(), from.value()) + tag + PAYLOAD;
    }

    private static ByteBuffer bytes(String hex) {
        byte[] b = HexFormat.of().parseHex(hex);
        return ByteBuffer.allocateDirect(b.length + 3).put(3, b);
    }

    private static long send(SwitchPort from, String hex) {
        ByteBuffer b = bytes(hex);
        return from.fromGuest(b, 3, b.capacity() - 3);
    }

    private void arrive(String hex) {
        uplink.arriving.add(bytes(hex));
        sw.run(8);
    }

    /** Who got what since the last call, as "name=hex". */
    private List<String> got() {
        List<String> got = new ArrayList<>();
        for (SwitchPort p : all()) {
            int at;
            while ((at = p.toGuest().peek()) >= 0) {
                byte[] b = new byte[p.toGuest().length(at)];
                p.toGuest().buffer().get(at, b);
                got.add(p.name() + "=" + HexFormat.of().formatHex(b));
                p.toGuest().remove(at);
            }
        }
        uplink.sent.forEach(f -> got.add("uplink=" + f));
        uplink.sent.clear();
        return got;
    }

    @Test
    void thePortVlanIsPutInBehindTheGuestAndTakenOutBeforeIt() {
        assertTrue(send(port, hex(PEER, PORT, "")) > 0);
        assertEquals(List.of("uplink=" + hex(PEER, PORT, "81000064")), got());
        arrive(hex(PORT, PEER, "8100e064"));
        assertEquals(List.of("port=" + hex(PORT, PEER, "")), got(), "whatever its priority");
        assertEquals(0, send(port, hex(PORT2, PORT, "")));
        assertEquals(List.of("port2=" + hex(PORT2, PORT, "")), got(), "local in the same VLAN");
    }

    @Test
    void aTagOfAGuestWithAPortVlanIsDroppedAndCounted() {
        for (String tag : List.of("81000064", "8100000a", "8100e000")) {
            assertEquals(0, send(port, hex(PEER, PORT, tag)), tag);
        }
        assertEquals(List.of(), got());
        assertEquals(3, port.refusedFrames());
    }

    @Test
    void aGuestUsesItsOwnTagsOnly() {
        for (String tag : List.of("", "8100000a", "81002014", "8100e000")) {
            assertTrue(send(guest, hex(PEER, GUEST, tag)) > 0);
            assertEquals(List.of("uplink=" + hex(PEER, GUEST, tag)), got(), "untouched");
            arrive(hex(GUEST, PEER, tag));
            assertEquals(List.of("guest=" + hex(GUEST, PEER, tag)), got(), "untouched");
        }
        assertEquals(0, guest.refusedFrames());
        for (String tag : List.of("8100000b", "81000064", "81000fff")) {
            assertEquals(0, send(guest, hex(PEER, GUEST, tag)));
            arrive(hex(GUEST, PEER, tag));
            assertEquals(List.of(), got(), tag);
        }
        assertEquals(3, guest.refusedFrames());
    }

    @Test
    void aVmWithoutVlansSendsAndReceivesUntaggedFramesOnly() {
        assertEquals(0, send(plain, hex(PEER, PLAIN, "8100000a")));
        assertEquals(1, plain.refusedFrames());
        arrive(hex(PLAIN, PEER, "8100000a"));
        assertEquals(List.of(), got());
        arrive(hex(PLAIN, PEER, ""));
        assertEquals(List.of("plain=" + hex(PLAIN, PEER, "")), got());
    }

    @Test
    void broadcastsStayInTheirVlan() {
        send(port, hex(MacAddress.BROADCAST, PORT, ""));
        assertEquals(List.of("port2=" + hex(MacAddress.BROADCAST, PORT, ""),
                "uplink=" + hex(MacAddress.BROADCAST, PORT, "81000064")), got());
        send(plain, hex(MacAddress.BROADCAST, PLAIN, ""));
        assertEquals(List.of("guest=" + hex(MacAddress.BROADCAST, PLAIN, ""),
                "uplink=" + hex(MacAddress.BROADCAST, PLAIN, "")), got(), "not to port VLAN 100");
        arrive(hex(MacAddress.BROADCAST, PEER, "81000014"));
        assertEquals(List.of("guest=" + hex(MacAddress.BROADCAST, PEER, "81000014")), got());
        arrive(hex(MacAddress.BROADCAST, PEER, "81000fff"));
        assertEquals(List.of(), got());
    }

    @Test
    void unicastToANeighbourInAnotherVlanIsNotForItAndGoesToTheWire() {
        assertTrue(send(plain, hex(PORT, PLAIN, "")) > 0);
        assertEquals(List.of("uplink=" + hex(PORT, PLAIN, "")), got());
        assertTrue(send(port, hex(PLAIN, PORT, "")) > 0);
        assertEquals(List.of("uplink=" + hex(PLAIN, PORT, "81000064")), got());
    }

    @Test
    void aPromiscuousGuestSeesNoForeignVlan() {
        plain.filter(new PortFilter(true, true, true, true, Set.of(), null));
        arrive(hex(PORT, PEER, "81000064"));
        assertEquals(List.of("port=" + hex(PORT, PEER, "")), got());
        port2.filter(new PortFilter(true, true, true, true, Set.of(), Set.of()));
        arrive(hex(PORT, PEER, "81000064"));
        assertEquals(List.of("port=" + hex(PORT, PEER, ""), "port2=" + hex(PORT, PEER, "")), got());
    }

    @Test
    void theGuestsOwnFilterSeesAPortVlanAsUntagged() {
        port.filter(new PortFilter(true, true, true, false, Set.of(), Set.of(0)));
        arrive(hex(PORT, PEER, "81000064"));
        assertEquals(1, got().size());
        guest.filter(new PortFilter(true, true, true, false, Set.of(), Set.of(0, 10)));
        arrive(hex(GUEST, PEER, "81000014"));
        assertEquals(List.of(), got(), "the guest left VLAN 20");
    }

    @Test
    void aFullUplinkHoldsATaggedFrameBack() {
        uplink.room = false;
        assertEquals(-1, send(port, hex(PEER, PORT, "")));
        uplink.room = true;
        assertTrue(send(port, hex(PEER, PORT, "")) > 0);
        assertEquals(1, got().size());
    }

    @Test
    void theUplinkIsInTheVlansOfAllPortsAttachedOrNot() {
        assertEquals(List.of(10, 20, 100, 100), uplink.vlans());
        port.detach();
        assertEquals(List.of(10, 20, 100, 100), uplink.vlans(), "the address may come back any time");
        sw.removePort(port);
        sw.removePort(port);
        assertEquals(List.of(10, 20, 100), uplink.vlans());
        RecordingUplink other = new RecordingUplink();
        sw.uplink(other);
        assertEquals(List.of(), uplink.vlans());
        assertEquals(List.of(10, 20, 100), other.vlans());
    }

    @Test
    void aPortWhoseVlansDoNotFitTheUplinkIsNotMade() {
        uplink.most = 5;
        MacAddress late = MacAddress.parse("02:00:00:00:00:05");
        assertThrows(PfException.class, () -> sw.addPort("late", late, new VlanPolicy(0, Set.of(30, 40))));
        assertEquals(List.of(10, 20, 100, 100), uplink.vlans());
        arrive(hex(late, PEER, ""));
        assertEquals(List.of(), got());
        sw.addPort("late", late);
    }

    @Test
    void aPolicyIsOneOfTheTwo() {
        assertThrows(IllegalArgumentException.class, () -> new VlanPolicy(100, Set.of(10)));
        assertThrows(IllegalArgumentException.class, () -> new VlanPolicy(4095, Set.of()));
        assertThrows(IllegalArgumentException.class, () -> new VlanPolicy(0, Set.of(0)));
    }

    /** An uplink that keeps what it is given. */
    private static final class RecordingUplink implements Uplink {
        final List<String> sent = new ArrayList<>();
        final Deque<ByteBuffer> arriving = new ArrayDeque<>();
        private final List<Integer> vlans = new ArrayList<>();
        boolean room = true;
        int most = 63;
        private long ticket;

        List<Integer> vlans() {
            return vlans.stream().sorted().toList();
        }

        @Override
        public long transmit(ByteBuffer source, int offset, int length) {
            if (!room) {
                return 0;
            }
            byte[] b = new byte[length];
            source.get(offset, b);
            sent.add(HexFormat.of().formatHex(b));
            return ++ticket;
        }

        @Override
        public long completed() {
            return ticket;
        }

        @Override
        public int poll(Receiver receiver, int budget) {
            int n = 0;
            while (!arriving.isEmpty() && receiver.receive(arriving.peek(), 3, arriving.peek().capacity() - 3)) {
                arriving.remove();
                n++;
            }
            return n;
        }

        @Override
        public void addAddress(MacAddress mac) {}

        @Override
        public void removeAddress(MacAddress mac) {}

        @Override
        public void addVlan(int vlan) {
            if (vlans.size() == most) {
                throw new PfException("full");
            }
            vlans.add(vlan);
        }

        @Override
        public void removeVlan(int vlan) {
            vlans.remove((Integer) vlan);
        }
    }
}
