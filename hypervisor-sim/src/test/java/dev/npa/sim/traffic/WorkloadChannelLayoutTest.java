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
        registers.put("MAX_RECORD", ChannelDevice.MAX_RECORD);
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
        offsets.put("sendTail", ChannelRings.SEND_TAIL);
        offsets.put("sendHead", ChannelRings.SEND_HEAD);
        offsets.put("receiveTail", ChannelRings.RECEIVE_TAIL);
        offsets.put("receiveHead", ChannelRings.RECEIVE_HEAD);
        offsets.put("send slots", ChannelRings.AREA_HEADER);
        assertEquals(documented.numbers(2, 0), offsets);
    }

    @Test
    void recordFieldsLieWhereTheDocumentationSays() {
        DocTable documented = DocTable.read(PAGE, "offset", "size", "field");
        Map<String, Integer> fields = new HashMap<>();
        fields.put("length", ChannelRecord.LENGTH);
        fields.put("flags", ChannelRecord.FLAGS);
        fields.put("offload", ChannelRecord.OFFLOAD);
        fields.put("lro", ChannelRecord.LRO);
        fields.put("queue", ChannelRecord.QUEUE);
        fields.put("", ChannelRecord.RESERVED);
        assertEquals(documented.numbers(2, 0), fields);
        assertTrue(DocTable.text(PAGE).contains("with a header of " + ChannelRecord.HEADER + " bytes"));
    }
}
