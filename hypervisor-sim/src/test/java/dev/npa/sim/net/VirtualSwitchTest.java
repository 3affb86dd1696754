package dev.npa.sim.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.Clock;
import dev.npa.hw.MacAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class VirtualSwitchTest {

    private static final MacAddress A = MacAddress.parse("02:00:00:00:00:01");
    private static final MacAddress B = MacAddress.parse("02:00:00:00:00:02");
    private static final MacAddress C = MacAddress.parse("02:00:00:00:00:03");
    private static final MacAddress STRANGER = MacAddress.parse("02:00:00:00:00:99");
    private static final MacAddress GROUP = MacAddress.parse("01:00:5e:00:00:01");
    private static final PortFilter OPEN = filter(false, false, Set.of());

    private final FakeUplink uplink = new FakeUplink();
    private final VirtualSwitch sw = new VirtualSwitch("switch", new Clock() {
        @Override
        public long nanos() {
            return 42;
        }

        @Override
        public void stall(long nanos) {}
    });
    private final SwitchPort a = sw.addPort("a", A);
    private final SwitchPort b = sw.addPort("b", B, new VlanPolicy(0, Set.of(100, 101)));
    private final SwitchPort c = sw.addPort("c", C);

    VirtualSwitchTest() {
        for (SwitchPort port : List.of(a, b, c)) {
            port.filter(OPEN);
        }
        sw.uplink(uplink);
    }

    private static PortFilter filter(boolean all, boolean promiscuous, Set<MacAddress> multicast) {
        return new PortFilter(true, true, all, promiscuous, multicast, null);
    }

    private static ByteBuffer frame(MacAddress to, MacAddress from, int length) {
        ByteBuffer f = ByteBuffer.allocateDirect(length);
        for (int i = 0; i < 6; i++) {
            f.put(i, to.octet(i)).put(6 + i, from.octet(i));
        }
        return f.put(12, (byte) 0x88).put(13, (byte) 0xB5);
    }

    private static long send(SwitchPort port, ByteBuffer frame) {
        return port.fromGuest(frame, 0, frame.capacity());
    }

    /** Who got a frame since the last call: port names, and U for the uplink. */
    private String receivers() {
        StringBuilder names = new StringBuilder();
        for (SwitchPort port : List.of(a, b, c)) {
            int at;
            while ((at = port.toGuest().peek()) >= 0) {
                port.toGuest().remove(at);
                names.append(port.name());
            }
        }
        names.append("U".repeat(uplink.sent.size()));
        uplink.sent.clear();
        return names.toString();
    }

    private String fromUplink(ByteBuffer frame) {
        uplink.arriving.add(frame);
        sw.run(8);
        return receivers();
    }

    @Test
    void unicastGoesToTheLocalPortOrElseToTheUplink() {
        assertEquals(0, send(a, frame(B, A, 60)));
        assertEquals("b", receivers());
        assertEquals(1, send(a, frame(STRANGER, A, 60)));
        assertEquals("U", receivers());
        assertEquals(0, send(a, frame(A, A, 60)));
        assertEquals("", receivers(), "nothing goes back to its source");
    }

    @Test
    void groupFramesGoToAllOthersAndTheUplink() {
        assertTrue(send(b, frame(MacAddress.BROADCAST, B, 60)) > 0);
        assertEquals("acU", receivers());
        send(b, frame(GROUP, B, 60));
        assertEquals("U", receivers());
        a.filter(filter(false, false, Set.of(GROUP)));
        c.filter(filter(true, false, Set.of()));
        send(b, frame(GROUP, B, 60));
        assertEquals("acU", receivers());
    }

    @Test
    void uplinkFramesStayLocal() {
        assertEquals("b", fromUplink(frame(B, STRANGER, 60)));
        assertEquals("", fromUplink(frame(STRANGER, A, 60)));
        assertEquals("abc", fromUplink(frame(MacAddress.BROADCAST, STRANGER, 60)));
        a.filter(filter(false, false, Set.of(GROUP)));
        assertEquals("a", fromUplink(frame(GROUP, STRANGER, 60)));
    }

    @Test
    void promiscuousPortSeesEverythingButItsOwn() {
        c.filter(filter(false, true, Set.of()));
        assertEquals("bc", fromUplink(frame(B, STRANGER, 60)));
        assertEquals("c", fromUplink(frame(STRANGER, A, 60)));
        send(a, frame(B, A, 60));
        assertEquals("bc", receivers());
        send(a, frame(STRANGER, A, 60));
        assertEquals("cU", receivers());
        send(c, frame(B, C, 60));
        assertEquals("b", receivers());
    }

    @Test
    void closedFilterLetsNothingIn() {
        b.filter(PortFilter.CLOSED);
        assertEquals(0, send(a, frame(B, A, 60)), "delivered to nobody, and not to the uplink");
        assertEquals("", receivers());
        assertEquals("ac", fromUplink(frame(MacAddress.BROADCAST, STRANGER, 60)));
    }

    @Test
    void vlanTableIsTestedPerPort() {
        b.filter(new PortFilter(true, true, false, false, Set.of(), Set.of(100)));
        assertEquals("", fromUplink(frame(B, STRANGER, 60)), "untagged needs VLAN 0");
        ByteBuffer tagged = frame(B, STRANGER, 64).put(12, (byte) 0x81).put(13, (byte) 0);
        assertEquals("b", fromUplink(tagged.put(14, (byte) 0xE0).put(15, (byte) 100)), "PCP and DEI do not matter");
        assertEquals("", fromUplink(tagged.put(15, (byte) 101)));
        b.filter(new PortFilter(true, true, false, false, Set.of(), Set.of(0)));
        assertEquals("b", fromUplink(frame(B, STRANGER, 60)));
        assertEquals("b", fromUplink(tagged.put(14, (byte) 0x60).put(15, (byte) 0)), "priority-tagged counts as 0");
        b.filter(new PortFilter(false, false, false, true, Set.of(), Set.of()));
        assertEquals("b", fromUplink(tagged.put(15, (byte) 101)), "promiscuous sees all VLANs of its policy");
        assertEquals("", fromUplink(tagged.put(15, (byte) 102)), "and no other");
    }

    @Test
    void fullQueueHoldsTheFrameBackFromEverybody() {
        ByteBuffer big = frame(B, A, 9000);
        int queued = 0;
        while (queued < 1000 && send(a, big) == 0) {
            queued++;
        }
        assertTrue(queued > 100 && queued < 1000);
        assertEquals(-1, send(a, frame(MacAddress.BROADCAST, A, 9000)));
        assertTrue(c.toGuest().isEmpty());
        assertEquals(0, uplink.sent.size());
        uplink.arriving.add(frame(MacAddress.BROADCAST, STRANGER, 9000));
        assertEquals(0, sw.run(8));
        assertEquals(1, uplink.arriving.size(), "the uplink keeps it");
        assertFalse(sw.drainUplink());
        assertTrue(a.toGuest().isEmpty() && c.toGuest().isEmpty());
        b.toGuest().remove(b.toGuest().peek());
        assertTrue(sw.drainUplink());
        assertEquals("a" + "b".repeat(queued) + "c", receivers());
    }

    @Test
    void senderIsNotHeldBackByItsOwnQueue() {
        b.filter(filter(false, true, Set.of()));
        for (int i = 0; i < 1000; i++) {
            send(a, frame(B, A, 9000));
        }
        assertEquals(-1, send(a, frame(B, A, 9000)));
        assertTrue(send(b, frame(MacAddress.BROADCAST, B, 9000)) > 0);
        assertFalse(a.toGuest().isEmpty());
    }

    @Test
    void fullUplinkHoldsTheFrameBackFromEverybody() {
        uplink.room = 0;
        assertEquals(-1, send(a, frame(MacAddress.BROADCAST, A, 60)));
        assertEquals(-1, send(a, frame(STRANGER, A, 60)));
        assertEquals("", receivers());
        assertEquals(0, send(a, frame(B, A, 60)), "local traffic goes on");
        assertEquals("b", receivers());
    }

    @Test
    void detachedPortIsReachedByTheUplinkAndKeepsItsQueue() {
        fromUplinkKept(frame(B, STRANGER, 60));
        b.detach();
        assertFalse(b.isAttached());
        assertEquals(Set.of(A, C), uplink.addresses);
        assertEquals(1, send(a, frame(B, A, 60)));
        sw.run(8);
        assertEquals(-1, send(b, frame(A, B, 60)));
        uplink.arriving.add(frame(B, STRANGER, 60));
        uplink.arriving.add(frame(MacAddress.BROADCAST, STRANGER, 60));
        sw.run(8);
        assertEquals("abcU", receivers(), "b has only what was queued before");
        b.attach();
        b.attach();
        assertEquals(Set.of(A, B, C), uplink.addresses);
        assertEquals("b", fromUplink(frame(B, STRANGER, 60)));
    }

    private void fromUplinkKept(ByteBuffer frame) {
        uplink.arriving.add(frame);
        sw.run(8);
    }

    @Test
    void newAddressMovesEntryAndUplinkFilter() {
        b.mac(STRANGER);
        assertEquals(Set.of(A, STRANGER, C), uplink.addresses);
        send(a, frame(STRANGER, A, 60));
        assertEquals("b", receivers());
        send(a, frame(B, A, 60));
        assertEquals("U", receivers());
        b.detach();
        b.mac(B);
        assertEquals(Set.of(A, C), uplink.addresses);
        b.attach();
        assertEquals(Set.of(A, B, C), uplink.addresses);
    }

    @Test
    void addressIsGivenOnce() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> sw.addPort("d", A)).getMessage()
                .contains("port a has"));
        assertThrows(IllegalArgumentException.class, () -> b.mac(C));
        assertEquals(B, b.mac());
        sw.removePort(a);
        assertEquals(Set.of(B, C), uplink.addresses);
        sw.addPort("d", A);
    }

    @Test
    void uplinkLearnsTheAddressesAndForgetsThemWhenItGoes() {
        FakeUplink other = new FakeUplink();
        sw.uplink(other);
        assertEquals(Set.of(), uplink.addresses);
        assertEquals(Set.of(A, B, C), other.addresses);
        sw.uplink(null);
        assertEquals(Long.MAX_VALUE, a.completed());
        assertEquals(0, send(a, frame(STRANGER, A, 60)), "without uplink there is nobody to get it");
    }

    @Test
    void devicesRunBetweenPollAndFlush() {
        List<String> order = new ArrayList<>();
        uplink.order = order;
        sw.addDevice(budget -> {
            order.add("device " + budget);
            return 3;
        });
        assertEquals(3, sw.run(16));
        assertEquals(List.of("poll", "device 16", "flush"), order);
    }

    @Test
    void tapSeesBothDirections() {
        List<String> seen = new ArrayList<>();
        b.tap((nanos, outbound, buffer, offset, length) -> seen.add(nanos + (outbound ? " out " : " in ") + length));
        send(a, frame(B, A, 60));
        send(b, frame(A, B, 61));
        send(a, frame(C, A, 62));
        assertEquals(List.of("42 in 60", "42 out 61"), seen);
    }

    @Test
    void bytesArriveUnchanged() {
        ByteBuffer f = frame(B, A, 100);
        for (int i = 14; i < 100; i++) {
            f.put(i, (byte) i);
        }
        send(a, f);
        int at = b.toGuest().peek();
        byte[] got = new byte[100];
        byte[] sent = new byte[100];
        b.toGuest().buffer().get(at, got);
        f.get(0, sent);
        assertArrayEquals(sent, got);
    }

    private static long sendWhole(SwitchPort port, ByteBuffer packet) {
        return port.fromGuest(packet, 0, packet.capacity(), 1, 2);
    }

    @Test
    void packetsToBeCutPassWholeToTheUplinkOnly() {
        assertEquals(SwitchPort.UNABLE, sendWhole(a, frame(STRANGER, A, 4000)), "the NIC cuts nothing");
        uplink.segmentedBytes = 4000;
        assertEquals(1, sendWhole(a, frame(STRANGER, A, 4000)));
        assertEquals("U", receivers());
        assertEquals(SwitchPort.UNABLE, sendWhole(a, frame(STRANGER, A, 4001)));
        assertEquals(SwitchPort.UNABLE, sendWhole(a, frame(B, A, 4000)));
        assertEquals(SwitchPort.UNABLE, sendWhole(a, frame(GROUP, A, 4000)));
        uplink.room = 0;
        assertEquals(-1, sendWhole(a, frame(STRANGER, A, 4000)), "it waits like a frame");
        a.detach();
        assertEquals(-1, sendWhole(a, frame(STRANGER, A, 4000)));
        assertEquals("", receivers());
    }

    @Test
    void packetsToBeCutAreCutFirstWhereFramesAreLookedAt() {
        uplink.segmentedBytes = 4000;
        a.tap((nanos, outbound, buffer, offset, length) -> { });
        assertEquals(SwitchPort.UNABLE, sendWhole(a, frame(STRANGER, A, 4000)), "a capture shows frames");
        assertEquals(1, sendWhole(c, frame(STRANGER, C, 4000)));
        b.filter(filter(false, true, Set.of()));
        assertEquals(SwitchPort.UNABLE, sendWhole(c, frame(STRANGER, C, 4000)), "a promiscuous port gets frames");
        SwitchPort tagged = sw.addPort("d", MacAddress.parse("02:00:00:00:00:04"), new VlanPolicy(7, Set.of()));
        b.filter(OPEN);
        assertEquals(SwitchPort.UNABLE, sendWhole(tagged, frame(STRANGER, tagged.mac(), 4000)), "frames get a tag");
    }

    @Test
    void whatTheNicFoundOutGoesWithTheFrame() {
        uplink.results = 0x1234;
        uplink.arriving.add(frame(B, STRANGER, 60));
        sw.run(8);
        assertEquals(0x1234, b.toGuest().meta(b.toGuest().peek()));
        send(a, frame(C, A, 60));
        assertEquals(0, c.toGuest().meta(c.toGuest().peek()), "nothing is known of a guest's frame");
    }

    /** An uplink with a queue each way. */
    private static final class FakeUplink implements Uplink {
        final List<byte[]> sent = new ArrayList<>();
        final Deque<ByteBuffer> arriving = new ArrayDeque<>();
        final Set<MacAddress> addresses = new TreeSet<>();
        List<String> order = new ArrayList<>();
        int room = 1000;
        int segmentedBytes;
        int results;
        long ticket;

        @Override
        public int results() {
            return results;
        }

        @Override
        public int segmentedBytes() {
            return segmentedBytes;
        }

        @Override
        public long transmitSegmented(ByteBuffer source, int offset, int length, int flags, long offload) {
            return transmit(source, offset, length);
        }

        @Override
        public long transmit(ByteBuffer source, int offset, int length) {
            if (room == 0) {
                return 0;
            }
            room--;
            sent.add(new byte[length]);
            return ++ticket;
        }

        @Override
        public long completed() {
            return ticket;
        }

        @Override
        public int poll(Receiver receiver, int budget) {
            order.add("poll");
            int n = 0;
            while (n < budget && !arriving.isEmpty()
                    && receiver.receive(arriving.peek(), 0, arriving.peek().capacity())) {
                arriving.remove();
                n++;
            }
            return n;
        }

        @Override
        public void flush() {
            order.add("flush");
        }

        @Override
        public void addAddress(MacAddress mac) {
            addresses.add(mac);
        }

        @Override
        public void removeAddress(MacAddress mac) {
            addresses.remove(mac);
        }

        @Override
        public void addVlan(int vlan) {}

        @Override
        public void removeVlan(int vlan) {}
    }
}
