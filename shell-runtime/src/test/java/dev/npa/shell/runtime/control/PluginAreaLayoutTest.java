package dev.npa.shell.runtime.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.shell.runtime.docs.DocTable;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The other side of the border has its own copy of these numbers; the documentation is what both are held against. */
class PluginAreaLayoutTest {

    private static final DocTable AREA = DocTable.read("switch-protocol.md", "offset", "size", "field");

    @Test
    void offsetsAreThoseOfTheDocumentation() {
        Map<String, Integer> offsets = new HashMap<>();
        offsets.put("version", PluginArea.AT_VERSION);
        offsets.put("apiMinor", PluginArea.AT_API_MINOR);
        offsets.put("apiMajor", PluginArea.AT_API_MAJOR);
        offsets.put("slots", PluginArea.AT_SLOTS);
        offsets.put("unloads", PluginArea.AT_UNLOADS);
        offsets.put("reclaimedBuffers", PluginArea.AT_RECLAIMED_BUFFERS);
        offsets.put("reclaimedWindows", PluginArea.AT_RECLAIMED_WINDOWS);
        offsets.put("faults", PluginArea.AT_FAULTS);
        offsets.put("request.sequence", PluginArea.AT_SEQUENCE);
        offsets.put("request.action", PluginArea.AT_ACTION);
        offsets.put("request.slot", PluginArea.AT_SLOT);
        offsets.put("request.pciSlot", PluginArea.AT_PCI_SLOT);
        offsets.put("request.vendor", PluginArea.AT_VENDOR);
        offsets.put("request.device", PluginArea.AT_DEVICE);
        offsets.put("request.imageBytes", PluginArea.AT_IMAGE_BYTES);
        offsets.put("request.imageSha256", PluginArea.AT_SHA256);
        offsets.put("request.vectors", PluginArea.AT_VECTORS);
        offsets.put("request.queues", PluginArea.AT_QUEUES);
        offsets.put("request.flags", PluginArea.AT_FLAGS);
        offsets.put("drained", PluginArea.AT_DRAINED);
        offsets.put("answer.sequence", PluginArea.AT_ANSWER_SEQUENCE);
        offsets.put("answer.result", PluginArea.AT_RESULT);
        offsets.put("answer.imageAddress", PluginArea.AT_IMAGE_ADDRESS);
        offsets.put("answer.imageCapacity", PluginArea.AT_IMAGE_CAPACITY);
        offsets.put("answer.textBytes", PluginArea.AT_TEXT_LENGTH);
        offsets.put("answer.text", PluginArea.AT_TEXT);
        offsets.put("magic", PluginArea.AT_MAGIC);
        offsets.put("state", PluginArea.AT_STATE);
        offsets.put("activeSlot", PluginArea.AT_ACTIVE_SLOT);
        Map<String, Integer> documented = AREA.numbers(2, 0);
        assertEquals(0, documented.get("magic"));
        assertEquals(documented, offsets);
    }

    @Test
    void sizesAndValuesAreThoseOfTheDocumentation() {
        DocTable descriptor = DocTable.read("switch-protocol.md", "offset in DriverShared");
        assertEquals(descriptor.numbers(2, 3).get("pluginConfDesc.confLen"), PluginArea.BYTES);
        assertEquals(AREA.numbers(2, 1).get("answer.text"), PluginArea.TEXT_BYTES);
        String magic = "0x" + Integer.toHexString(PluginArea.MAGIC).toUpperCase(java.util.Locale.ROOT);
        assertTrue(AREA.cell(2, "magic", 4).startsWith(magic));
        assertEquals(PluginArea.PASSTHROUGH + " PASSTHROUGH, " + PluginArea.EMULATE + " EMULATE",
                AREA.cell(2, "request.action", 4));
    }
}
