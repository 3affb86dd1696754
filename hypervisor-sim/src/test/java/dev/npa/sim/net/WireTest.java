package dev.npa.sim.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.Clock;
import dev.npa.sim.time.Component;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WireTest {

    private long now = 5_000;
    private final Clock clock = new Clock() {
        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void stall(long nanos) {
            now += nanos;
        }
    };
    private final ByteBuffer frame = ByteBuffer.allocateDirect(10_000);
    private final Wire wire = new Wire("w", clock, 10_000, 500, 64 * 1024);
    private final Wire.End a = wire.nicSide();
    private final Wire.End b = wire.peerSide();

    @Test
    void smallestFrameTakesItsTimeOnTheLineAndIsPadded() {
        for (int i = 0; i < 50; i++) {
            frame.put(i, (byte) 0xEE);
        }
        assertTrue(a.send(frame, 0, 50));
        // 60 + FCS 4 + preamble 8 + gap 12 = 84 bytes at 10 Gb/s: 67.2 ns, then 500 ns of cable.
        assertEquals(5_000 + 67 + 500, b.nextArrival());
        assertEquals(-1, b.peek());
        now = 5_566;
        assertEquals(-1, b.peek());
        now = 5_567;
        int at = b.peek();
        assertEquals(60, b.length(at));
        assertEquals((byte) 0xEE, b.buffer().get(at + 49));
        assertEquals(0, b.buffer().get(at + 50));
        b.remove(at);
        assertEquals(Component.NEVER, b.nextArrival());
    }

    @Property(tries = 50)
    void lineIsNeverFasterThanItsRate(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 60, max = 9000) Integer> l) {
        Wire w = new Wire("w", clock, 1_000, 0, 64 * 1024);
        long begin = now;
        List<Long> arrivals = new ArrayList<>();
        long bits = 0;
        for (int length : l) {
            while (!w.nicSide().send(frame, 0, length)) {
                now += 10_000;
                drain(w, arrivals);
            }
            bits += 8L * (length + 24);
        }
        now += 100_000_000;
        drain(w, arrivals);
        assertEquals(l.size(), arrivals.size());
        for (int i = 1; i < arrivals.size(); i++) {
            assertTrue(arrivals.get(i) - arrivals.get(i - 1) >= 8L * (l.get(i) + 24));
        }
        assertTrue(arrivals.get(arrivals.size() - 1) >= begin + bits);
    }

    private static void drain(Wire w, List<Long> arrivals) {
        for (int at = w.peerSide().peek(); at >= 0; at = w.peerSide().peek()) {
            arrivals.add(w.peerSide().nanos(at));
            w.peerSide().remove(at);
        }
    }

    @Test
    void senderMayBeOneFifoAhead() {
        int sent = 0;
        while (a.send(frame, 0, 1500)) {
            sent++;
        }
        assertEquals(Wire.SEND_AHEAD / 1524 + 1, sent);
        now = a.freeAt() - Wire.SEND_AHEAD * 8_000L / 10_000;
        assertTrue(a.canSend(1500));
        now--;
        assertFalse(a.canSend(1500));
    }

    @Test
    void fullReceiverPausesTheSenderAndNothingIsLost() {
        int sent = 0;
        for (int i = 0; i < 200; i++) {
            sent += a.send(frame, 0, 1500) ? 1 : 0;
            now += 1_300;
        }
        assertTrue(sent >= 42 && sent <= 43, "64 KiB: " + sent);
        int got = 0;
        for (int at = b.peek(); at >= 0; at = b.peek()) {
            b.remove(at);
            got++;
        }
        assertEquals(sent, got);
        assertTrue(a.canSend(1500));
    }

    @Test
    void pulledCableStopsSendingAndKeepsWhatIsOnItsWay() {
        assertTrue(a.send(frame, 0, 60));
        wire.setUp(false);
        assertFalse(a.isUp());
        assertFalse(a.send(frame, 0, 60));
        assertFalse(b.canSend(60));
        now += 1_000;
        assertTrue(b.peek() >= 0);
        wire.setUp(true);
        assertTrue(a.send(frame, 0, 60));
    }

    @Test
    void tapSeesBothDirections() {
        List<String> seen = new ArrayList<>();
        wire.tap((nanos, outbound, buffer, offset, length) -> seen.add(nanos + " " + outbound + " " + length));
        a.send(frame, 0, 20);
        b.send(frame, 0, 100);
        assertEquals(List.of("5000 true 60", "5000 false 100"), seen);
    }
}
