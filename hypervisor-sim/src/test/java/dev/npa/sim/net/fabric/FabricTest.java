package dev.npa.sim.net.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.net.Wire;
import dev.npa.sim.time.Component;
import dev.npa.sim.time.VirtualClock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FabricTest {

    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final long GROUP = 0x0100_5E00_0001L;
    private static final long STEP = 100_000;

    private final VirtualClock clock = new VirtualClock();
    private final Fabric fabric = new Fabric("net", clock);
    private final List<Wire> wires = new ArrayList<>();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(16 * 1024).order(ByteOrder.BIG_ENDIAN);

    private void ports(int... megabits) {
        for (int rate : megabits) {
            Wire wire = new Wire("w" + wires.size(), clock, rate, 500, 64 * 1024);
            wires.add(wire);
            fabric.addPort(wire.name(), wire.peerSide());
        }
    }

    private static long mac(int station) {
        return 0x0200_0000_0000L + station + 1;
    }

    private boolean send(int port, long to, long from, int length, int number) {
        scratch.putShort(0, (short) (to >>> 32)).putInt(2, (int) to);
        scratch.putShort(6, (short) (from >>> 32)).putInt(8, (int) from);
        scratch.putShort(12, (short) 0x88B5).putInt(14, number);
        return wires.get(port).nicSide().send(scratch, 0, length);
    }

    private void settle() {
        for (int i = 0; i < 50; i++) {
            clock.stall(STEP);
            while (fabric.run(8) > 0) {
                // until it has nothing to do
            }
        }
    }

    /** Numbers of the frames that have arrived at a port, in order. */
    private List<Integer> arrived(int port) {
        List<Integer> numbers = new ArrayList<>();
        Wire.End end = wires.get(port).nicSide();
        for (int at = end.peek(); at >= 0; at = end.peek()) {
            numbers.add(Integer.reverseBytes(end.buffer().getInt(at + 14)));
            end.remove(at);
        }
        return numbers;
    }

    private List<List<Integer>> arrived() {
        List<List<Integer>> all = new ArrayList<>();
        for (int i = 0; i < wires.size(); i++) {
            all.add(arrived(i));
        }
        return all;
    }

    @Test
    void unknownUnicastAndGroupFramesAreFloodedToAllOtherPorts() {
        ports(10_000, 10_000, 10_000);
        send(0, mac(1), mac(0), 60, 1);
        send(0, BROADCAST, mac(0), 60, 2);
        send(0, GROUP, mac(0), 60, 3);
        settle();
        assertEquals(List.of(List.of(), List.of(1, 2, 3), List.of(1, 2, 3)), arrived());
        assertEquals(1, fabric.floodedFrames());
        assertEquals(1, fabric.learntAddresses());
    }

    @Test
    void learntAddressGetsItsFramesAloneAndTheLastPlaceWins() {
        ports(10_000, 10_000, 10_000);
        send(1, BROADCAST, mac(1), 60, 1);
        settle();
        arrived();
        send(0, mac(1), mac(0), 60, 2);
        settle();
        assertEquals(List.of(List.of(), List.of(2), List.of()), arrived());
        send(2, mac(0), mac(1), 60, 3);
        settle();
        arrived();
        send(0, mac(1), mac(0), 60, 4);
        settle();
        assertEquals(List.of(List.of(), List.of(), List.of(4)), arrived());
    }

    @Test
    void frameForItsOwnPortIsFiltered() {
        ports(10_000, 10_000);
        send(0, BROADCAST, mac(0), 60, 1);
        settle();
        arrived();
        send(0, mac(0), mac(9), 60, 2);
        settle();
        assertEquals(List.of(List.of(), List.of()), arrived());
    }

    @Test
    void groupAndZeroSourcesAreNotLearnt() {
        ports(10_000, 10_000);
        send(0, BROADCAST, GROUP, 60, 1);
        send(0, BROADCAST, 0, 60, 2);
        settle();
        assertEquals(0, fabric.learntAddresses());
        assertEquals(List.of(1, 2), arrived(1));
    }

    @Test
    void tagsStayAndDoNotSeparate() {
        ports(10_000, 10_000);
        send(0, BROADCAST, mac(0), 60, 0);
        settle();
        arrived();
        scratch.putShort(0, (short) 0x0200).putInt(2, (int) mac(0)).putShort(6, (short) 0x0200).putInt(8, (int) mac(1));
        scratch.putInt(12, 0x8100_0064);
        assertTrue(wires.get(1).nicSide().send(scratch, 0, 64));
        settle();
        Wire.End end = wires.get(0).nicSide();
        int at = end.peek();
        assertEquals(64, end.length(at));
        assertEquals(0x8100_0064, Integer.reverseBytes(end.buffer().getInt(at + 12)));
    }

    @Test
    void stationGetsGroupFramesAndItsOwnUnicastOnly() {
        ports(10_000);
        Wire wire = new Wire("station", clock, 10_000, 500, 64 * 1024);
        wires.add(wire);
        fabric.addStation("station", wire.peerSide(), mac -> mac == mac(5));
        send(0, mac(5), mac(0), 60, 1);
        send(0, mac(6), mac(0), 60, 2);
        send(0, BROADCAST, mac(0), 60, 3);
        settle();
        assertEquals(List.of(1, 3), arrived(1));
    }

    @Test
    void slowOutputKeepsItsRateAndItsNeighboursGoOn() {
        ports(10_000, 1_000, 10_000);
        for (int i = 0; i < 3; i++) {
            send(i, BROADCAST, mac(i), 60, 0);
        }
        settle();
        arrived();
        for (int i = 0; i < 10; i++) {
            assertTrue(send(0, mac(1), mac(0), 1500, i));
        }
        assertTrue(send(2, mac(0), mac(2), 60, 99));
        clock.stall(20_000);
        while (fabric.run(64) > 0) {
            // until it has nothing to do
        }
        clock.stall(20_000);
        // 1524 bytes at 1 Gbit/s take 12.2 us.
        assertEquals(1, arrived(1).size());
        assertEquals(List.of(99), arrived(0));
        settle();
        assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9), arrived(1));
    }

    @Test
    void fullQueuePausesTheSenderAndNothingIsLost() {
        ports(10_000, 10_000);
        send(1, BROADCAST, mac(1), 60, 0);
        settle();
        arrived();
        int sent = 0;
        boolean paused = false;
        while (!paused && sent < 10_000) {
            if (send(0, mac(1), mac(0), 1500, sent)) {
                sent++;
            } else {
                clock.stall(STEP);
                fabric.run(64);
                paused = !send(0, mac(1), mac(0), 1500, sent);
                sent += paused ? 0 : 1;
            }
        }
        assertTrue(paused, "the far end never takes a frame, so that all buffers fill");
        assertTrue(fabric.queuedBytes() > FabricPort.QUEUE_BYTES - 2048, "queued " + fabric.queuedBytes());
        assertEquals(Component.NEVER, fabric.nextEvent(), "only the receiver can go on");
        List<Integer> got = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            clock.stall(STEP);
            got.addAll(arrived(1));
            fabric.run(64);
        }
        assertEquals(sent, got.size());
        for (int i = 0; i < sent; i++) {
            assertEquals(i, got.get(i));
        }
        assertEquals(0, fabric.queuedBytes());
    }

    @Test
    void pulledCableGetsNothingAndStopsNobody() {
        ports(10_000, 10_000, 10_000);
        send(1, BROADCAST, mac(1), 60, 0);
        settle();
        arrived();
        wires.get(1).setUp(false);
        send(0, mac(1), mac(0), 60, 1);
        send(0, BROADCAST, mac(0), 60, 2);
        settle();
        assertEquals(List.of(List.of(), List.of(), List.of(2)), arrived());
        wires.get(1).setUp(true);
        send(0, mac(1), mac(0), 60, 3);
        settle();
        assertEquals(List.of(3), arrived(1));
    }

    @Test
    void nextEventIsTheNextArrival() {
        ports(10_000, 10_000);
        assertEquals(Component.NEVER, fabric.nextEvent());
        send(0, mac(1), mac(0), 60, 1);
        assertEquals(wires.get(0).peerSide().nextArrival(), fabric.nextEvent());
        assertFalse(fabric.nextEvent() <= clock.nanos());
    }

    /** Each pair of ports is a queue: what one sends to the other arrives complete and in order, and nowhere else. */
    @Property(tries = 60)
    void everyPairOfPortsIsAnOrderedLosslessQueue(
            @ForAll @Size(min = 1, max = 400) List<@IntRange(min = 0, max = 4095) Integer> choices,
            @ForAll @IntRange(min = 1, max = 70) int budget) {
        FabricTest world = new FabricTest();
        world.ports(10_000, 1_000, 10_000, 1_000);
        for (int i = 0; i < 4; i++) {
            world.send(i, BROADCAST, mac(i), 60, -1);
        }
        world.settle();
        world.arrived();
        Map<Integer, List<Integer>> sent = new HashMap<>();
        Map<Integer, List<Integer>> got = new HashMap<>();
        int number = 0;
        for (int choice : choices) {
            int from = choice & 3;
            int to = choice >> 2 & 3;
            int length = 60 + (choice >> 4) * 35;
            if (from != to && world.send(from, mac(to), mac(from), length, number << 4 | from << 2 | to)) {
                sent.computeIfAbsent(from << 2 | to, k -> new ArrayList<>()).add(number);
            }
            number++;
            if ((choice & 7) == 0) {
                world.clock.stall(choice * 4L);
                world.fabric.run(budget);
                world.collect(got, choice & 3);
            }
        }
        for (int i = 0; i < 200; i++) {
            world.clock.stall(STEP);
            world.fabric.run(budget);
            for (int port = 0; port < 4; port++) {
                world.collect(got, port);
            }
        }
        assertEquals(sent, got);
        assertEquals(0, world.fabric.floodedFrames());
    }

    private void collect(Map<Integer, List<Integer>> got, int port) {
        for (int value : arrived(port)) {
            assertEquals(port, value & 3, "a frame for another port");
            got.computeIfAbsent(value & 15, k -> new ArrayList<>()).add(value >> 4);
        }
    }

    @Property(tries = 100)
    void tableKnowsTheLastPortOfEachAddressUntilItIsFull(
            @ForAll @Size(max = 200) List<@IntRange(min = 1, max = 60) Integer> addresses) {
        LearningTable table = new LearningTable(32);
        Map<Long, Integer> expected = new HashMap<>();
        int port = 0;
        for (int a : addresses) {
            long mac = a * 0x0100_0001L << 8 | 0x0200_0000_0000L;
            if (expected.containsKey(mac) || expected.size() < 32) {
                expected.put(mac, port);
            }
            table.learn(mac, port++);
        }
        assertEquals(expected.size(), table.size());
        for (int a = 1; a <= 60; a++) {
            long mac = a * 0x0100_0001L << 8 | 0x0200_0000_0000L;
            assertEquals(expected.getOrDefault(mac, LearningTable.UNKNOWN), table.find(mac));
        }
        assertEquals(LearningTable.UNKNOWN, table.find(0));
    }
}
