package dev.npa.shell.runtime.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.shell.runtime.docs.DocTable;
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
        registers.put("VERSION", WorkloadChannel.VERSION);
        registers.put("SLOTS", WorkloadChannel.SLOTS);
        registers.put("SLOT_BYTES", WorkloadChannel.SLOT_BYTES);
        registers.put("AREA_LO", WorkloadChannel.AREA_LO);
        registers.put("AREA_HI", WorkloadChannel.AREA_HI);
        registers.put("CONTROL", WorkloadChannel.CONTROL);
        registers.put("VECTOR", WorkloadChannel.VECTOR);
        registers.put("DOORBELL", WorkloadChannel.DOORBELL);
        registers.put("ID", WorkloadChannel.ID);
        registers.put("MAX_RECORD", WorkloadChannel.MAX_RECORD);
        assertEquals(documented.numbers(1, 0), registers);
        String id = "0x" + Integer.toHexString(WorkloadChannel.NPAC).toUpperCase(java.util.Locale.ROOT);
        assertTrue(documented.cell(1, "ID", 3).startsWith(id));
    }

    @Test
    void recordsHaveTheFieldsOfTheDocumentation() {
        Map<String, Integer> documented = DocTable.read(PAGE, "offset", "size", "field").numbers(2, 0);
        documented.remove("");
        assertEquals(Map.of("length", WorkloadChannel.LENGTH, "flags", WorkloadChannel.FLAGS, "offload",
                WorkloadChannel.OFFLOAD, "lro", WorkloadChannel.LRO, "queue", WorkloadChannel.QUEUE), documented);
    }

    @Test
    void countersAndSlotsLieWhereTheDocumentationSays() {
        DocTable documented = DocTable.read(PAGE, "offset", "size", "name");
        Map<String, Integer> offsets = new HashMap<>();
        offsets.put("sendTail", WorkloadChannel.SEND_TAIL);
        offsets.put("sendHead", WorkloadChannel.SEND_HEAD);
        offsets.put("receiveTail", WorkloadChannel.RECEIVE_TAIL);
        offsets.put("receiveHead", WorkloadChannel.RECEIVE_HEAD);
        offsets.put("send slots", WorkloadChannel.AREA_HEADER);
        assertEquals(documented.numbers(2, 0), offsets);
        assertTrue(DocTable.text(PAGE).contains("header of " + WorkloadChannel.HEADER + " bytes, then the frame"));
    }
}
