package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class UplinkGateTest {

    private final FakeUplink nic = new FakeUplink(new HashSet<>());
    private final UplinkGate gate = new UplinkGate(nic);
    private final List<String> events = new ArrayList<>();
    private int room = Integer.MAX_VALUE;

    private boolean receive(ByteBuffer buffer, int offset, int length) {
        if (room == 0) {
            return false;
        }
        room--;
        events.add("frame " + buffer.get(offset));
        return true;
    }

    private void arrive(int from, int to) {
        for (int i = from; i < to; i++) {
            nic.received.add(new byte[] {(byte) i, 1, 2, 3});
        }
    }

    @Test
    void framesFromBeforeTheCutComeFirstAndTheActionInBetween() {
        arrive(0, 3);
        assertTrue(gate.drain());
        assertTrue(gate.isHolding());
        gate.whenDelivered(() -> events.add("moved"));
        arrive(3, 5);
        while (gate.poll(this::receive, 2) > 0) {
            // until nothing comes
        }
        assertEquals(List.of("frame 0", "frame 1", "frame 2", "moved", "frame 3", "frame 4"), events);
        assertFalse(gate.isHolding());
    }

    @Test
    void nothingNewerIsTakenWhileTheSwitchHasNoRoom() {
        arrive(0, 2);
        gate.drain();
        gate.whenDelivered(() -> events.add("moved"));
        arrive(2, 3);
        room = 1;
        gate.poll(this::receive, 64);
        gate.poll(this::receive, 64);
        assertEquals(List.of("frame 0"), events);
        assertEquals(1, nic.received.size());
        room = 10;
        gate.poll(this::receive, 64);
        assertEquals(List.of("frame 0", "frame 1", "moved"), events);
    }

    @Test
    void secondCutDoesNotMoveTheFirstActionBehindItsFrames() {
        arrive(0, 1);
        gate.drain();
        gate.whenDelivered(() -> events.add("first"));
        arrive(1, 2);
        gate.drain();
        gate.whenDelivered(() -> events.add("second"));
        gate.poll(this::receive, 64);
        assertEquals(List.of("frame 0", "first", "frame 1", "second"), events);
    }

    @Test
    void actionRunsAtOnceWhenNothingLiesAside() {
        assertTrue(gate.drain());
        gate.whenDelivered(() -> events.add("moved"));
        assertEquals(List.of("moved"), events);
    }

    @Test
    void overflowIsToldAndLosesNothing() {
        for (int i = 0; i < 3000; i++) {
            byte[] frame = new byte[2000];
            frame[0] = (byte) i;
            nic.received.add(frame);
        }
        assertFalse(gate.drain());
        int taken = 0;
        for (int n = gate.poll(this::receive, 64); n > 0; n = gate.poll(this::receive, 64)) {
            taken += n;
        }
        assertEquals(3000, taken);
        for (int i = 0; i < 3000; i++) {
            assertEquals("frame " + (byte) i, events.get(i));
        }
    }

    @Test
    void flushedMeansCompletedUpToTheLastTicket() {
        assertTrue(gate.isFlushed());
        gate.transmit(ByteBuffer.allocate(60), 0, 60);
        gate.transmit(ByteBuffer.allocate(60), 0, 60);
        nic.completed = 1;
        assertFalse(gate.isFlushed());
        nic.completed = 2;
        assertTrue(gate.isFlushed());
    }
}
