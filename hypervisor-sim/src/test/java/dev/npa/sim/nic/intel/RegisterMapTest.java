package dev.npa.sim.nic.intel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class RegisterMapTest {

    private static String refusal(String... lines) {
        return assertThrows(IllegalArgumentException.class,
                () -> RegisterMap.parse("test.map", List.of(lines), 0x100)).getMessage();
    }

    @Test
    void arrayContinuesAtAnotherOffsetAndAliasSharesItsSlots() {
        RegisterMap map = RegisterMap.parse("test.map", List.of("# comment", "RDT 0x10 0x8*2 DOORBELL",
                "RDT[2] 0x40 8*2 DOORBELL # more", "OLD 0x60 4*2 =RDT[1]", "MEM 0x80 16*2 RW 7 3"), 0x100);
        assertEquals(4, map.get("RDT").count());
        assertEquals(map.slotAt(0x18), map.slotAt(0x60));
        assertEquals(map.slotAt(0x40), map.slotAt(0x64));
        assertEquals("RDT[3]", map.label(map.slotAt(0x48)));
        assertEquals("MEM[1].2", map.label(map.slotAt(0x98)));
        assertEquals(RegisterMap.NONE, map.slotAt(0x8C));
        assertEquals(RegisterMap.NONE, map.slotAt(0x12));
        assertEquals(RegisterMap.NONE, map.slotAt(0x100));
        assertEquals(10, map.size());
    }

    @Test
    void mistakesAreRefusedWithTheirLine() {
        assertTrue(refusal("A 0 4*1 RW", "A 8 4*1 RW").contains("line 2: A is there twice"));
        assertTrue(refusal("A 0 4*4 RW", "B 8 4*1 RW").contains("line 2: B overlaps A at 0x8"));
        assertTrue(refusal("A 0 4*1 RX").contains("line 1: has mode RX"));
        assertTrue(refusal("A 2 4*1 RW").contains("misaligned"));
        assertTrue(refusal("A 0xFC 4*2 RW").contains("outside the window"));
        assertTrue(refusal("A 0 4*2 RW", "A[3] 0x20 4*1 RW").contains("does not continue the array, which has 2"));
        assertTrue(refusal("A 0 4*1 =B").contains("no such elements"));
        assertTrue(refusal("A 0 4*2 RW 0 2").contains("do not fit together"));
        assertTrue(refusal("A zero 4*1 RW").contains("cannot be read"));
        assertTrue(refusal("A 0 4*1").contains("line 1: wants"));
    }
}
