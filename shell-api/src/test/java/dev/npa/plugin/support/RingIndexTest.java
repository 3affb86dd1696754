package dev.npa.plugin.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A position is compared with a count of steps that never wraps. */
class RingIndexTest {

    @Property
    void positionsAreStepsModuloTheSize(@ForAll @IntRange(min = 2, max = 4096) int size,
            @ForAll @IntRange(max = 1_000_000) int steps, @ForAll @IntRange(max = 4096) int more) {
        int count = Math.min(more, size);
        int at = steps % size;
        assertEquals((steps + 1) % size, RingIndex.next(at, size));
        assertEquals((steps + count) % size, RingIndex.advance(at, count, size));
        assertEquals(count % size, RingIndex.distance(at, RingIndex.advance(at, count, size), size));
    }

    @Property
    void oneDescriptorOfARingIsNeverFree(@ForAll @IntRange(min = 2, max = 4096) int size,
            @ForAll @IntRange(max = 4095) int start, @ForAll @IntRange(max = 4095) int used) {
        int head = start % size;
        int inUse = used % size;
        assertEquals(size - 1 - inUse, RingIndex.free(head, RingIndex.advance(head, inUse, size), size));
    }

    @Property
    void distanceCountsTheStepsOfNext(@ForAll @IntRange(min = 1, max = 512) int eights,
            @ForAll @IntRange(max = 1 << 20) int start, @ForAll @IntRange(max = 1 << 20) int stepsWanted) {
        int size = eights * 8;
        int from = start % size;
        int steps = stepsWanted % size;
        int to = from;
        for (int i = 0; i < steps; i++) {
            to = RingIndex.next(to, size);
        }
        assertEquals(steps, RingIndex.distance(from, to, size));
        assertEquals((from + steps) % size, to);
    }

    @Property
    void oneDescriptorStaysFree(@ForAll @IntRange(min = 1, max = 512) int eights,
            @ForAll @IntRange(max = 1 << 20) int a, @ForAll @IntRange(max = 1 << 20) int b) {
        int size = eights * 8;
        int head = a % size;
        int tail = b % size;
        int free = RingIndex.free(head, tail, size);
        assertEquals(size - 1, free + RingIndex.distance(head, tail, size));
        assertEquals(size - 1, RingIndex.free(head, head, size));
    }
}
