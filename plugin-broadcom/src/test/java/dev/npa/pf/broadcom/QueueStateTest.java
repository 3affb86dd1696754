package dev.npa.pf.broadcom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.pf.PfException;
import dev.npa.pf.broadcom.QueueState.Command;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class QueueStateTest {

    @Test
    void tableIsTheSheets() {
        Map<String, String> expected = new TreeMap<>(Map.ofEntries(
                Map.entry("RESET INIT", "INITIALIZED"), Map.entry("INITIALIZED SETUP", "ACTIVE"),
                Map.entry("INITIALIZED FLR", "RESET"), Map.entry("ACTIVE UPDATE", "ACTIVE"),
                Map.entry("ACTIVE UPDATE_TPA", "ACTIVE"), Map.entry("ACTIVE EMPTY", "ACTIVE"),
                Map.entry("ACTIVE DEACTIVATE", "INACTIVE"), Map.entry("ACTIVE HALT", "STOPPED"),
                Map.entry("ACTIVE FLR", "STOPPED"), Map.entry("INACTIVE UPDATE", "INACTIVE"),
                Map.entry("INACTIVE ACTIVATE", "ACTIVE"), Map.entry("INACTIVE HALT", "STOPPED"),
                Map.entry("INACTIVE FLR", "STOPPED"), Map.entry("STOPPED TERMINATE", "TERMINATED"),
                Map.entry("TERMINATED CFC_DEL", "RESET")));
        Map<String, String> table = new TreeMap<>();
        for (QueueState state : QueueState.values()) {
            for (Command command : Command.values()) {
                if (state.allows(command)) {
                    table.put(state + " " + command, state.after(command).name());
                }
            }
        }
        assertEquals(expected, table);
    }

    @Test
    void impossibleCommandIsNamed() {
        PfException e = assertThrows(PfException.class, () -> QueueState.RESET.after(Command.HALT));
        assertTrue(e.getMessage().contains("HALT is not possible for a queue in state RESET"), e.getMessage());
    }
}
