package dev.npa.shell.runtime.switchover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.shell.runtime.docs.DocTable;
import dev.npa.shell.runtime.control.Refusal;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultCodeTest {

    @Test
    void codesMeanWhatTheDocumentationSays() {
        Map<Integer, String> codes = new HashMap<>();
        codes.put(Refusal.OK, "ok");
        codes.put(Refusal.NO_SUCH_REQUEST, "no such request");
        codes.put(Refusal.MEMORY, "memory not named");
        codes.put(Refusal.DIGEST, "digest wrong");
        codes.put(Refusal.LICENCE, "licence refused");
        codes.put(Refusal.API_VERSION, "API version");
        codes.put(Refusal.IMAGE, "image refused");
        codes.put(Refusal.ENTRY_POINT, "entry point");
        codes.put(Refusal.DEVICE, "device did not");
        codes.put(Refusal.MODE_SWITCH, "mode switch failed");
        codes.put(Refusal.TIME_LIMIT, "time limit");
        codes.put(SwitchoverMachine.NOT_YET, "not yet");
        Map<Integer, String> documented = DocTable.resultCodes();
        codes.forEach((code, words) ->
                assertTrue(documented.get(code).startsWith(words), code + " means " + documented.get(code)));
        assertEquals(documented.keySet(), codes.keySet());
    }
}
