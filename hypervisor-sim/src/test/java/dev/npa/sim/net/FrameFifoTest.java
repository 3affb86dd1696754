package dev.npa.sim.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FrameFifoTest {

    private final ByteBuffer source = ByteBuffer.allocateDirect(16 * 1024);

    private record Sent(int length, byte first, long nanos, int meta) {
    }

    @Property(tries = 100)
    void framesLeaveInOrderAndWhole(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9700) int largest) {
        Random random = new Random(seed);
        FrameFifo fifo = new FrameFifo(32 * 1024);
        ArrayDeque<Sent> model = new ArrayDeque<>();
        long in = 0;
        for (int step = 0; step < 500; step++) {
            if (random.nextInt(5) < 3) {
                Sent s = new Sent(1 + random.nextInt(largest), (byte) step, random.nextLong(), random.nextInt());
                for (int i = 0; i < s.length; i++) {
                    source.put(i, (byte) (s.first + i));
                }
                boolean room = fifo.hasRoom(s.length);
                boolean taken;
                if (random.nextBoolean()) {
                    taken = fifo.offer(source, 0, s.length, s.nanos, s.meta);
                } else {
                    int at = fifo.reserve(s.length);
                    taken = at >= 0;
                    if (taken) {
                        fifo.buffer().put(at, source, 0, s.length);
                        fifo.publish(at, s.length, s.nanos, s.meta);
                    }
                }
                assertEquals(room, taken);
                if (taken) {
                    model.add(s);
                    in++;
                } else {
                    assertTrue(fifo.used() > 32 * 1024 - 2 * (largest + 32), "refused with much room");
                }
            } else {
                int at = fifo.peek();
                assertEquals(model.isEmpty(), at < 0);
                if (at >= 0) {
                    check(fifo, at, model.poll());
                }
            }
            assertEquals(in - model.size(), fifo.framesOut());
        }
        while (!model.isEmpty()) {
            check(fifo, fifo.peek(), model.poll());
        }
        assertEquals(-1, fifo.peek());
        assertTrue(fifo.isEmpty());
        assertEquals(0, fifo.used());
        assertEquals(in, fifo.framesIn());
    }

    private static void check(FrameFifo fifo, int at, Sent s) {
        assertEquals(s.length, fifo.length(at));
        assertEquals(s.nanos, fifo.nanos(at));
        assertEquals(s.meta, fifo.meta(at));
        for (int i = 0; i < s.length; i++) {
            assertEquals((byte) (s.first + i), fifo.buffer().get(at + i));
        }
        fifo.remove(at);
    }

    @Test
    void reservedFrameMayBecomeShorter() {
        FrameFifo fifo = new FrameFifo(32 * 1024);
        int at = fifo.reserve(9000);
        fifo.publish(at, 60, 1, 2);
        assertEquals(60, fifo.length(fifo.peek()));
        assertEquals(FrameFifo.OVERHEAD + 64, fifo.used());
    }

    @Test
    void capacityMustBeAPowerOfTwo() {
        assertThrows(IllegalArgumentException.class, () -> new FrameFifo(40_000));
        assertThrows(IllegalArgumentException.class, () -> new FrameFifo(16 * 1024));
        assertFalse(new FrameFifo(32 * 1024).hasRoom(32 * 1024));
    }
}
