package dev.npa.hw;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class DmaMemoryTest {

    private final PhysicalMemory memory = PhysicalMemory.allocate(0x10000, 8192);
    private final DmaMemory window = memory.window(0x10100, 256);

    private static List<Runnable> accesses(DmaMemory w, int offset) {
        byte[] bytes = new byte[4];
        return List.of(() -> w.getByte(offset), () -> w.putByte(offset, (byte) 1), () -> w.getShort(offset),
                () -> w.putShort(offset, (short) 1), () -> w.getInt(offset), () -> w.putInt(offset, 1),
                () -> w.getLong(offset), () -> w.putLong(offset, 1), () -> w.getIntAcquire(offset),
                () -> w.putIntRelease(offset, 1), () -> w.getLongAcquire(offset), () -> w.putLongRelease(offset, 1),
                () -> w.get(offset, bytes, 0, 4), () -> w.put(offset, bytes, 0, 4));
    }

    @Test
    void windowAndMemoryAreTheSameBytes() {
        assertEquals(0x10100, window.address());
        assertEquals(256, window.length());
        window.putInt(8, 0x01020304);
        assertEquals(0x04, memory.getByte(0x10108));
        memory.putLong(0x10110, 42);
        assertEquals(42, window.getLongAcquire(16));
        window.clear();
        assertEquals(0, memory.getLong(0x10110));
    }

    @Test
    void everyAccessThroughARevokedWindowFailsAndChangesNothing() {
        accesses(window, 64).forEach(Runnable::run);
        memory.putLong(0x10140, 7);
        window.revoke();
        window.revoke();
        assertTrue(window.isRevoked());
        for (Runnable access : accesses(window, 64)) {
            String text = assertThrows(AccessFault.class, access::run).getMessage();
            assertEquals("DMA window of 256 bytes at 0x10100 was revoked; its holder must not use it any more "
                    + "(offset 64)", text);
        }
        assertThrows(AccessFault.class, window::clear);
        assertEquals(7, memory.getLong(0x10140));
        assertEquals(256, window.length());
    }

    @Test
    void revocationConcernsOneWindowOnly() {
        DmaMemory other = memory.window(0x10100, 256);
        window.revoke();
        assertFalse(other.isRevoked());
        other.putInt(0, 5);
        assertEquals(5, memory.getInt(0x10100));
    }

    @Test
    void accessesOutsideTheWindowFail() {
        for (int offset : new int[] {-8, 256, 1 << 20, Integer.MIN_VALUE}) {
            for (Runnable access : accesses(window, offset)) {
                assertTrue(assertThrows(AccessFault.class, access::run).getMessage().contains("outside the DMA window"),
                        "offset " + offset);
            }
        }
        assertThrows(AccessFault.class, () -> window.getLong(249));
        assertEquals(0, window.getByte(255));
    }
}
