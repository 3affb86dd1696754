package dev.npa.plugin.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PhysicalMemory;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FieldsTest {

    private final DmaMemory memory = PhysicalMemory.allocate(0, 4096).window(0, 64);

    private String bytes(int from, int count) {
        byte[] bytes = new byte[count];
        memory.get(from, bytes, 0, count);
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void rowsAreLittleEndianAndTouchNothingElse() {
        Fields.fill(memory, 0, 32, 0x0101_0101_0101_0101L);
        Fields.bytes(memory, 1, 0xAB, 0x1CD);
        Fields.shorts(memory, 4, 0x1234, 0xFFFE);
        Fields.longs(memory, 16, 0x1_2345_6789L);
        assertEquals("01abcd01" + "3412feff" + "0101010101010101" + "8967452301000000" + "0101010101010101",
                bytes(0, 32));
        assertEquals("0000000000000000", bytes(32, 8));
    }

    @Test
    void readsAreUnsigned() {
        Fields.shorts(memory, 2, 0xFEDC);
        assertEquals(0xFEDC, Fields.u16(memory, 2));
        assertEquals(0xDC, Fields.u8(memory, 2));
        assertEquals(0xFE, Fields.u8(memory, 3));
    }
}
