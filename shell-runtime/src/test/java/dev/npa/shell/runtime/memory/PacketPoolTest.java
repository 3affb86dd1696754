package dev.npa.shell.runtime.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.PhysicalMemory;
import dev.npa.shell.PacketBurst;
import java.util.BitSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PacketPoolTest {

    private static final long BASE = 1L << 32;

    private final PhysicalAllocator allocator = new PhysicalAllocator(PhysicalMemory.allocate(BASE, 1 << 20));
    private final PacketPool pool = new PacketPool(allocator, 16);

    @Test
    void buffersLieAStrideApartAboveTheReservedMemory() {
        int first = pool.take(PacketPool.STACK);
        int second = pool.take(PacketPool.STACK);
        assertTrue(pool.address(first) >= BASE + PhysicalAllocator.RESERVED);
        assertEquals(2112, pool.address(second) - pool.address(first));
    }

    /** Everything that a plugin may say of a buffer, and whether it is believed. */
    @Test
    void aPluginsBufferIsAcceptedOnlyInItsOwnNameAndBounds() {
        int own = PacketPool.ownerOf(3);
        long[] addresses = new long[2];
        int[] handles = new int[2];
        pool.take(own, addresses, handles, 0, 2);
        int h = handles[0];
        long at = addresses[0];
        assertEquals(pool.address(h), at);
        assertFalse(pool.accept(h, at, 60, PacketPool.ownerOf(4)), "another plugin's");
        assertFalse(pool.accept(h, at + 1, 2048, own), "a device may write 2048 bytes");
        assertFalse(pool.accept(h, at - 1, 1, own));
        assertFalse(pool.accept(h, at, -1, own));
        assertFalse(pool.accept(h, at + 2047, Integer.MAX_VALUE, own));
        assertFalse(pool.accept(h, addresses[1], 60, own), "the other's place");
        assertFalse(pool.accept(-1, at, 60, own));
        assertFalse(pool.accept(16, at, 60, own));
        assertFalse(pool.accept(h, at + (1L << 32), 60, own));
        assertFalse(pool.accept(h, at + Long.MIN_VALUE, 60, own));
        assertTrue(pool.accept(h, at + 1, 2047, own));
        assertEquals(PacketPool.STACK, pool.owner(h));
        assertFalse(pool.accept(h, at, 60, own), "indicated twice");
        assertTrue(pool.free(h, PacketPool.STACK));
        assertFalse(pool.accept(h, at, 60, own), "free");
    }

    @Test
    void aBurstIsFreedUpToTheFirstBufferThatIsNotTheStacks() {
        PacketBurst burst = new PacketBurst(4);
        for (int i = 0; i < 4; i++) {
            burst.add(0, pool.take(i == 2 ? PacketPool.ownerOf(1) : PacketPool.STACK), 60, 0);
        }
        assertEquals(2, pool.free(burst, 0, 4));
        assertEquals(14, pool.available());
        assertEquals(4, pool.free(burst, 3, 4));
        assertEquals(0, pool.free(burst, 0, 1), "freed twice");
        assertEquals(15, pool.available());
        burst.clear();
        burst.add(0, -1, 60, 0);
        assertEquals(0, pool.free(burst, 0, 1));
    }

    @Test
    void onlyTheOwnerPassesOrFreesABuffer() {
        int seventh = PacketPool.ownerOf(7);
        int handle = pool.take(PacketPool.STACK);
        assertFalse(pool.free(handle, seventh));
        assertTrue(pool.pass(handle, PacketPool.STACK, seventh));
        assertFalse(pool.pass(handle, PacketPool.STACK, PacketPool.ownerOf(8)));
        assertFalse(pool.free(handle, PacketPool.ownerOf(8)));
        assertTrue(pool.free(handle, seventh));
        assertFalse(pool.free(handle, seventh), "freed twice");
        assertFalse(pool.free(handle, PacketPool.FREE), "freed in nobody's name");
        assertEquals(16, pool.available());
    }

    @Test
    void handlesOfNoBufferAreNobodys() {
        assertEquals(-1, pool.owner(-1));
        assertEquals(-1, pool.owner(16));
        assertFalse(pool.free(16, PacketPool.STACK));
        assertFalse(pool.pass(-1, PacketPool.STACK, PacketPool.ownerOf(1)));
    }

    @Test
    void buffersOfADeadInstanceAreReclaimedWithACount() {
        for (int i = 0; i < 3; i++) {
            pool.take(PacketPool.ownerOf(5));
        }
        pool.take(PacketPool.STACK);
        pool.take(PacketPool.ownerOf(6));
        assertEquals(3, pool.reclaim(PacketPool.ownerOf(5)));
        assertEquals(1, pool.held(PacketPool.ownerOf(6)), "the other instance's buffer stays");
        assertEquals(14, pool.available());
    }

    @Test
    void anEmptyPoolGivesNothing() {
        for (int i = 0; i < 16; i++) {
            assertTrue(pool.take(PacketPool.STACK) >= 0);
        }
        assertEquals(-1, pool.take(PacketPool.STACK));
    }

    @Property(tries = 200)
    void noBufferIsHandedOutTwice(@ForAll @Size(max = 60) int[] choices) {
        PacketPool fresh = new PacketPool(new PhysicalAllocator(PhysicalMemory.allocate(0, 1 << 20)), 8);
        BitSet out = new BitSet();
        for (int choice : choices) {
            int handle = Math.floorMod(choice, 8);
            if ((choice & 8) == 0) {
                int taken = fresh.take(PacketPool.STACK);
                assertEquals(out.cardinality() < 8, taken >= 0);
                if (taken >= 0) {
                    assertFalse(out.get(taken), "buffer " + taken);
                    out.set(taken);
                }
            } else {
                assertEquals(out.get(handle), fresh.free(handle, PacketPool.STACK));
                out.clear(handle);
            }
            assertEquals(8 - out.cardinality(), fresh.available());
        }
    }
}
