package dev.npa.hw;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhysicalMemoryTest {

    private static final long BASE = 0x1_0000_0000L;
    private static final int SIZE = 8192;

    private final PhysicalMemory memory = PhysicalMemory.allocate(BASE, SIZE);

    @Test
    void bytesAreLittleEndian() {
        memory.putLong(BASE, 0x0807060504030201L);
        for (int i = 0; i < 8; i++) {
            assertEquals(i + 1, memory.getByte(BASE + i));
        }
        assertEquals(0x0201, memory.getShort(BASE));
        assertEquals(0x04030201, memory.getInt(BASE));
        assertEquals(0x04030201, memory.getIntAcquire(BASE));
        assertEquals(0x0807060504030201L, memory.getLongAcquire(BASE));
        memory.putIntRelease(BASE + 8, 0x0D0C0B0A);
        memory.putLongRelease(BASE + 16, 0x0807060504030201L);
        assertEquals(0x0A, memory.getByte(BASE + 8));
        assertEquals(0x08, memory.getByte(BASE + 23));
    }

    @Property
    void accessesStayInside(@ForAll @LongRange(min = -16, max = SIZE + 16) long offset) {
        PhysicalMemory m = PhysicalMemory.allocate(BASE, SIZE);
        for (int width : new int[] {1, 2, 4, 8}) {
            boolean inside = offset >= 0 && offset <= SIZE - width;
            assertEquals(inside, m.contains(BASE + offset, width));
            Runnable read = switch (width) {
                case 1 -> () -> m.getByte(BASE + offset);
                case 2 -> () -> m.getShort(BASE + offset);
                case 4 -> () -> m.getInt(BASE + offset);
                default -> () -> m.getLong(BASE + offset);
            };
            if (inside) {
                read.run();
            } else {
                assertTrue(assertThrows(AccessFault.class, read::run).getMessage().contains("outside the memory"));
            }
        }
    }

    @Test
    void rangesThatOverflowAreOutside() {
        assertFalse(memory.contains(Long.MAX_VALUE - 3, 8));
        assertFalse(memory.contains(BASE, Long.MAX_VALUE));
        assertFalse(memory.contains(BASE, -1));
        assertFalse(memory.contains(0, 4));
        assertThrows(AccessFault.class, () -> memory.window(BASE + 4096, 4097));
        assertThrows(AccessFault.class, () -> memory.copyTo(BASE + SIZE - 1, new byte[2], 0, 2));
    }

    @Test
    void orderedAccessNeedsAlignment() {
        assertTrue(assertThrows(AccessFault.class, () -> memory.getIntAcquire(BASE + 2)).getMessage()
                .contains("not aligned"));
        assertThrows(AccessFault.class, () -> memory.putLongRelease(BASE + 4, 1));
    }

    @Test
    void copiesMoveExactlyTheirBytes() {
        byte[] source = {9, 1, 2, 3, 9};
        memory.copyFrom(BASE + 100, source, 1, 3);
        byte[] target = new byte[5];
        memory.copyTo(BASE + 99, target, 0, 5);
        assertArrayEquals(new byte[] {0, 1, 2, 3, 0}, target);
        ByteBuffer buffer = ByteBuffer.allocateDirect(8).order(ByteOrder.LITTLE_ENDIAN);
        buffer.position(5);
        memory.copyTo(BASE + 100, buffer, 2, 3);
        assertEquals(5, buffer.position());
        assertEquals(3, buffer.get(4));
        memory.copyFrom(BASE + 200, buffer, 2, 3);
        assertEquals(2, memory.getByte(BASE + 201));
        memory.fill(BASE + 100, 2, (byte) 7);
        assertEquals(7, memory.getByte(BASE + 101));
        assertEquals(3, memory.getByte(BASE + 102));
    }

    @Test
    void oddShapesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> PhysicalMemory.allocate(1, SIZE));
        assertThrows(IllegalArgumentException.class, () -> PhysicalMemory.allocate(0, SIZE + 1));
        assertThrows(IllegalArgumentException.class, () -> PhysicalMemory.allocate(0, 0));
        assertThrows(IllegalArgumentException.class, () -> PhysicalMemory.allocate(0, 1L << 31));
    }

    @Test
    void mappedMemoryIsVisibleThroughASecondMapping(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("memory");
        PhysicalMemory one = PhysicalMemory.map(file, BASE, SIZE);
        // Another process may see the same file at another physical address.
        PhysicalMemory two = PhysicalMemory.map(file, 0, SIZE);
        one.putIntRelease(BASE + 4096, 0x1234_5678);
        assertEquals(0x1234_5678, two.getIntAcquire(4096));
        two.window(0, 64).putIntRelease(60, 99);
        assertEquals(99, one.getInt(BASE + 60));
        assertEquals(SIZE, Files.size(file));
        assertEquals(99, PhysicalMemory.map(file, BASE, SIZE).getInt(BASE + 60), "what the file holds stays");
    }
}
