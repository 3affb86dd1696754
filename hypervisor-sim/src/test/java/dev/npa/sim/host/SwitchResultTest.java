package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.docs.DocTable;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SwitchResultTest {

    @Test
    void codesMeanWhatTheDocumentationSays() {
        Map<Integer, String> codes = new HashMap<>();
        codes.put(SwitchResult.OK, "ok");
        codes.put(SwitchResult.NO_SUCH_REQUEST, "no such request");
        codes.put(SwitchResult.BAD_IMAGE_MEMORY, "memory not named");
        codes.put(SwitchResult.MODE_SWITCH_FAILED, "mode switch failed");
        codes.put(SwitchResult.NOT_YET, "not yet");
        Map<Integer, String> documented = DocTable.resultCodes();
        codes.forEach((code, words) ->
                assertTrue(documented.get(code).startsWith(words), code + " means " + documented.get(code)));
    }

    @Test
    void everyDocumentedCodeHasATextAboutTheSameThing() {
        Map<Integer, String> documented = DocTable.resultCodes();
        String[] keywords = {"ok", "no such request", "memory", "digest", "licence", "API version", "image", "entry point",
            "device", "mode switch", "time limit", "not yet"};
        assertEquals(keywords.length, documented.size());
        for (int code = 0; code < keywords.length; code++) {
            assertTrue(documented.get(code).contains(keywords[code]), documented.get(code));
            assertTrue(SwitchResult.text(code).contains(keywords[code]), SwitchResult.text(code));
        }
        assertEquals("unknown result 12", SwitchResult.text(keywords.length));
    }
}
