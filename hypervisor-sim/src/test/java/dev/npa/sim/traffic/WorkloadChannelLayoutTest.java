package dev.npa.sim.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.docs.DocTable;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The other side of the border has its own copy of these numbers; the documentation is what both are held against. */
class WorkloadChannelLayoutTest {

    private static final String PAGE = "workload-channel.md";

    @Test
    void registersAreThoseOfTheDocumentation() {
        DocTable documented = DocTable.read(PAGE, "BAR0 offset", "name");
        Map<String, Integer> registers = new HashMap<>();
        registers.put("VERSION", ChannelDevice.VERSION);
        registers.put("SLOTS", ChannelDevice.SLOTS);
        registers.put("SLOT_BYTES", ChannelDevice.SLOT_BYTES);
        registers.put("AREA_LO", ChannelDevice.AREA_LO);
        registers.put("AREA_HI", ChannelDevice.AREA_HI);
        registers.put("CONTROL", ChannelDevice.CONTROL);
        registers.put("VECTOR", ChannelDevice.VECTOR);
        registers.put("DOORBELL", ChannelDevice.DOORBELL);
        registers.put("ID", ChannelDevice.ID);
        assertEquals(documented.numbers(1, 0), registers);
        String id = "0x" + Integer.toHexString(ChannelDevice.MAGIC).toUpperCase(java.util.Locale.ROOT);
        assertTrue(documented.cell(1, "ID", 3).startsWith(id));
    }

    @Test
    void countersAndSlotsLieWhereTheDocumentationSays() {
        DocTable documented = DocTable.read(PAGE, "offset", "size", "name");
        Map<String, Integer> offsets = new HashMap<>();
        offsets.put("sendTail", ChannelDevice.SEND_TAIL);
        offsets.put("sendHead", ChannelDevice.SEND_HEAD);
        offsets.put("receiveTail", ChannelDevice.RECEIVE_TAIL);
        offsets.put("receiveHead", ChannelDevice.RECEIVE_HEAD);
        offsets.put("send slots", ChannelDevice.AREA_HEADER);
        assertEquals(documented.numbers(2, 0), offsets);
        // u32 length, u32 flags, u64 reserved.
        assertTrue(DocTable.text(PAGE).contains("u32 length, u32 flags (0), u64 reserved, then the frame"));
        assertEquals(4 + 4 + 8, ChannelDevice.SLOT_HEADER);
    }
}
