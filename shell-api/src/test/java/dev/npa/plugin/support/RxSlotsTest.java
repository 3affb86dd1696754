package dev.npa.plugin.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.shell.PacketBurst;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RxSlotsTest {

    private static final int SIZE = 16;

    private final FakeShell shell = new FakeShell();
    private final QueueCounts counts = new QueueCounts();
    private final RxSlots slots = new RxSlots(shell, SIZE, counts);

    private void assertHolds(int slot) {
        assertTrue(shell.out.contains(slots.handle(slot)));
        assertEquals(FakeShell.address(slots.handle(slot)), slots.address(slot));
    }

    @Test
    void slotsAreFilledWhereTheyWereWanted() {
        assertEquals(4, slots.fill(12, 4));
        for (int slot = 12; slot < 16; slot++) {
            assertHolds(slot);
        }
        assertEquals(4, shell.out.size());
        slots.give(12, 4);
        assertTrue(shell.out.isEmpty());
    }

    @Test
    void aShortPoolFillsTheFirstSlots() {
        shell.allowance = 3;
        assertEquals(3, slots.fill(2, 5));
        assertHolds(4);
        assertEquals(0, slots.fill(5, 2));
    }

    @Test
    void sparesAreUsedBeforeThePoolIsAsked() {
        slots.fill(0, 4);
        int first = slots.handle(1);
        int second = slots.handle(2);
        slots.recycle(1);
        slots.recycle(2);
        shell.allowance = 1;
        assertEquals(3, slots.fill(8, 5), "two spares and one of the pool");
        assertTrue(slots.handle(8) == second && slots.handle(9) == first);
        for (int slot = 8; slot < 11; slot++) {
            assertHolds(slot);
        }
    }

    @Test
    void onlySlotsThatBecameEmptySinceTheLastRefillCountAsShort() {
        slots.missing(3);
        slots.missing(3);
        slots.missing(5);
        slots.missing(4);
        slots.missing(5);
        assertEquals(3 + 2 + 1, counts.noBuffer);
        slots.missing(0);
        slots.missing(2);
        assertEquals(8, counts.noBuffer);
    }

    @Test
    void aDroppedPacketsBuffersLeaveTheBurstAndBecomeSpares() {
        slots.fill(0, 3);
        PacketBurst burst = new PacketBurst(4);
        for (int slot = 0; slot < 3; slot++) {
            burst.add(slots.address(slot), slots.handle(slot), 60, 0);
        }
        slots.recycle(burst, 1);
        assertEquals(1, burst.size());
        shell.allowance = 0;
        assertEquals(2, slots.fill(0, 3));
        assertFalse(slots.handle(0) == burst.handle(0) || slots.handle(1) == burst.handle(0));
    }

    @Test
    void sparesGoBackToThePoolOnce() {
        slots.fill(0, 5);
        slots.recycle(3);
        slots.give(0, 3);
        slots.give(4, 1);
        assertEquals(1, shell.out.size());
        slots.giveSpares();
        slots.giveSpares();
        assertTrue(shell.out.isEmpty());
    }

    /** A ring that fills, drops and delivers at random never has a buffer twice, and gives back all it has. */
    @Property(tries = 200)
    void noBufferIsLostOrDoubled(@ForAll long seed) {
        Random random = new Random(seed);
        FakeShell pool = new FakeShell();
        RxSlots ring = new RxSlots(pool, SIZE, new QueueCounts());
        int fill = 0;
        int next = 0;
        int owned = 0;
        for (int step = 0; step < 300; step++) {
            pool.allowance = random.nextInt(8);
            int wanted = Math.min(random.nextInt(SIZE - owned + 1), SIZE - fill);
            int got = ring.fill(fill, wanted);
            fill = (fill + got) % SIZE;
            owned += got;
            for (int done = random.nextInt(owned + 1); done > 0; done--) {
                if (random.nextBoolean()) {
                    ring.recycle(next);
                } else {
                    pool.give(new int[] {ring.handle(next)}, 0, 1); // delivered; throws if it is not out
                }
                next = (next + 1) % SIZE;
                owned--;
            }
        }
        for (; owned > 0; owned--) {
            ring.give(next, 1);
            next = (next + 1) % SIZE;
        }
        ring.giveSpares();
        assertTrue(pool.out.isEmpty(), "seed " + seed);
    }
}
