package dev.npa.sim.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.InterruptController;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicIntegerArray;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LocalInterruptsTest {

    @Property
    void behavesAsASetThatIsTakenInAscendingOrder(@ForAll List<@IntRange(min = -1, max = 255) Integer> script) {
        int[] wakes = {0};
        LocalInterrupts interrupts = new LocalInterrupts(() -> wakes[0]++);
        TreeSet<Integer> model = new TreeSet<>();
        int raises = 0;
        for (int step : script) {
            if (step < 0) {
                Integer expected = model.pollFirst();
                assertEquals(expected == null ? -1 : expected, interrupts.take());
            } else {
                interrupts.raise(step);
                model.add(step);
                raises++;
            }
            assertEquals(!model.isEmpty(), interrupts.isPending());
            assertEquals(raises, wakes[0], "every raise wakes");
            assertEquals(raises, interrupts.raised());
        }
    }

    @Test
    void vectorOutsideTheTableIsRefused() {
        LocalInterrupts interrupts = new LocalInterrupts(() -> { });
        assertThrows(IllegalArgumentException.class, () -> interrupts.raise(-1));
        assertThrows(IllegalArgumentException.class, () -> interrupts.raise(InterruptController.VECTORS));
    }

    @Test
    void noVectorIsLostOrTakenTwiceBetweenThreads() throws InterruptedException {
        LocalInterrupts interrupts = new LocalInterrupts(() -> { });
        int rounds = 20_000;
        AtomicIntegerArray taken = new AtomicIntegerArray(InterruptController.VECTORS);
        AtomicIntegerArray outstanding = new AtomicIntegerArray(InterruptController.VECTORS);
        // Each raiser owns a vector of the same word and raises it only when it was taken: none may coalesce.
        int[] vectors = {64, 65, 127};
        Thread[] raisers = new Thread[vectors.length];
        for (int i = 0; i < vectors.length; i++) {
            int v = vectors[i];
            raisers[i] = new Thread(() -> {
                for (int n = 0; n < rounds; n++) {
                    outstanding.set(v, 1);
                    interrupts.raise(v);
                    while (outstanding.get(v) == 1) {
                        Thread.yield();
                    }
                }
            });
            raisers[i].setDaemon(true);
            raisers[i].start();
        }
        long deadline = System.nanoTime() + 60_000_000_000L;
        int total = 0;
        while (total < rounds * vectors.length) {
            int v = interrupts.take();
            if (v < 0) {
                assertTrue(System.nanoTime() < deadline, "a vector was lost");
                Thread.yield();
                continue;
            }
            total++;
            taken.incrementAndGet(v);
            assertEquals(1, outstanding.getAndSet(v, 0), "vector " + v + " was taken without having been raised");
        }
        for (Thread t : raisers) {
            t.join();
        }
        for (int v : vectors) {
            assertEquals(rounds, taken.get(v));
        }
        assertEquals(-1, interrupts.take());
    }
}
