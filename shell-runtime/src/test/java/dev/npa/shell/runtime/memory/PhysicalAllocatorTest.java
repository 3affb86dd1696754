package dev.npa.shell.runtime.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.ShellException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PhysicalAllocatorTest {

    private static final long BASE = 1L << 32;

    private final PhysicalMemory memory = PhysicalMemory.allocate(BASE, 1 << 20);
    private final PhysicalAllocator allocator = new PhysicalAllocator(memory);

    @Test
    void memoryIsZeroedAlsoWhenItWasUsedBefore() {
        long first = allocator.allocate(100, 64);
        memory.putLong(first + 96 - 8, -1);
        allocator.free(first);
        assertEquals(first, allocator.allocate(100, 64));
        assertEquals(0, memory.getLong(first + 96 - 8));
    }

    @Test
    void memoryThatNobodyReadsBeforeWritingStaysAsItIs() {
        long first = allocator.allocate(100, 64);
        memory.putLong(first + 8, 42);
        allocator.free(first);
        assertEquals(first, allocator.allocateAsIs(100, 64));
        assertEquals(42, memory.getLong(first + 8));
        assertTrue(allocator.allocate(100, 64) != first, "it is taken");
    }

    @Test
    void freedNeighboursBecomeOneRange() {
        long all = allocator.freeBytes();
        long a = allocator.allocate(64, 64);
        long b = allocator.allocate(64, 64);
        long c = allocator.allocate(64, 64);
        allocator.free(a);
        allocator.free(c);
        allocator.free(b);
        assertEquals(all, allocator.freeBytes());
        assertTrue(allocator.allocate((int) all, 64) > 0, "the whole memory in one piece");
    }

    @Test
    void exhaustionAndDoubleFreeSayWhat() {
        String text = assertThrows(ShellException.class, () -> allocator.allocate(2 << 20, 64)).getMessage();
        assertTrue(text.contains("2097152"), text);
        long a = allocator.allocate(64, 64);
        allocator.free(a);
        assertThrows(ShellException.class, () -> allocator.free(a));
    }

    @Property(tries = 100)
    void allocationsAreAlignedAndNeverOverlap(@ForAll long seed) {
        Random random = new Random(seed);
        PhysicalAllocator fresh = new PhysicalAllocator(memory);
        long all = fresh.freeBytes();
        List<long[]> live = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            if (!live.isEmpty() && random.nextInt(3) == 0) {
                fresh.free(live.remove(random.nextInt(live.size()))[0]);
                continue;
            }
            int bytes = 1 + random.nextInt(5000);
            int alignment = 1 << random.nextInt(14);
            long at = fresh.allocate(bytes, alignment);
            assertEquals(0, at % alignment);
            assertEquals(0, at % 64);
            assertTrue(at >= BASE + PhysicalAllocator.RESERVED && at + bytes <= BASE + memory.size());
            for (long[] other : live) {
                assertTrue(at + bytes <= other[0] || other[0] + other[1] <= at, "overlap, seed " + seed);
            }
            live.add(new long[] {at, bytes});
        }
        live.forEach(a -> fresh.free(a[0]));
        assertEquals(all, fresh.freeBytes());
    }
}
