package dev.npa.plugin.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Ring arithmetic for sizes that are multiples of 8. */
class RingIndexPropertyTest {

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
