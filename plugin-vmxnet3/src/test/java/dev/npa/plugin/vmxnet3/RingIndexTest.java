package dev.npa.plugin.vmxnet3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A position is compared with a count of steps that never wraps. */
class RingIndexTest {

    @Property
    void slotAndGenerationFollowFromTheStepsTaken(@ForAll @IntRange(min = 1, max = 128) int multiple,
            @ForAll @IntRange(max = 100_000) int steps) {
        RingIndex index = new RingIndex(32 * multiple);
        int position = at(index, steps);
        assertEquals(steps % index.size(), index.slot(position));
        assertEquals(steps / index.size() % 2 == 0 ? 1 : 0, index.generation(position));
    }

    @Property
    void distanceUndoesAdvance(@ForAll @IntRange(min = 1, max = 128) int multiple,
            @ForAll @IntRange(max = 100_000) int steps, @ForAll @IntRange(max = 8191) int further) {
        RingIndex index = new RingIndex(32 * multiple);
        int count = further % (2 * index.size());
        int from = at(index, steps);
        assertEquals(count, index.distance(from, index.advance(from, count)));
    }

    @Property
    void stepsToASlotLeadToIt(@ForAll @IntRange(min = 1, max = 128) int multiple,
            @ForAll @IntRange(max = 100_000) int steps, @ForAll @IntRange(max = 4095) int wanted) {
        RingIndex index = new RingIndex(32 * multiple);
        int slot = wanted % index.size();
        int from = at(index, steps);
        int count = index.stepsToSlot(from, slot);
        assertEquals(true, count >= 0 && count < index.size());
        assertEquals(slot, index.slot(index.advance(from, count)));
    }

    private static int at(RingIndex index, int steps) {
        int position = 0;
        int left = steps;
        while (left > 0) {
            int step = Math.min(left, index.size());
            position = index.advance(position, step);
            left -= step;
        }
        return position;
    }
}
