package dev.npa.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.host.Simulation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ScenarioParserTest {

    private static final String GOOD = """
            name: t
            hosts:
              - name: h
                nics:
                  - {name: nic0, model: "82599"}
                vms:
                  - {name: vm0, nic: nic0}
            traffic:
              - {name: f, between: [vm0, "wire:nic0"]}
            timeline:
              - power-on: all
              - run: 5ms
            """;

    static List<String> builtIn() {
        return BuiltInScenarios.names();
    }

    @ParameterizedTest
    @MethodSource("builtIn")
    void everyBuiltInScenarioParsesAndExpectsNoLoss(String name) throws ScenarioException {
        Scenario scenario = BuiltInScenarios.load(name);
        assertEquals(name, scenario.name());
        assertTrue(scenario.description().length() > 20, "describes itself");
        for (String field : List.of("lost", "duplicated", "reordered", "violations")) {
            assertEquals(0L, scenario.expect().get(field), field);
        }
    }

    @Test
    void readsAllFields() throws ScenarioException {
        Scenario scenario = ScenarioParser.parse("t", GOOD.replace("name: t\n", "name: t\nmode: threaded\nseed: 0x10\n"));
        assertEquals(Simulation.Mode.THREADED, scenario.mode());
        assertEquals(16, scenario.seed());
        assertEquals(5_000_000, scenario.timeline().get(1).nanos());
        assertEquals(List.of("vm0"), scenario.timeline().get(0).vms());
        assertEquals("wire:nic0", scenario.traffic().get(0).b().toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            model: "82599"             | modell: "82599"          | line 5: 'modell' is not a field of a NIC
            nic: nic0                  | nic: nic9                | line 7: VM 'vm0' uses NIC 'nic9'
            "wire:nic0"                | "wire:nic7"              | line 9: 'wire:nic7' is neither a VM
            [vm0,                      | ["wire:nic0",            | line 9: traffic 'f' has no VM at either end
            power-on: all              | power-on: vm7            | line 11: power-on: there is no VM 'vm7'
            run: 5ms                   | run: 5                   | line 12: run is '5'; it must be a duration
            run: 5ms                   | run: {frames: many}      | line 12: frames is 'many'; it must be a whole number
            run: 5ms                   | jump: 5ms                | line 12: 'jump' is not a field of a step
            {name: vm0, nic: nic0}     | {name: vm0, mtu: 9001}   | line 7: mtu is 9001; it must be in 68..9000
            {name: vm0, nic: nic0}     | {name: vm0, mac: zz}     | line 7: mac is 'zz'; it must be an Ethernet address
            {name: vm0, nic: nic0}     | {name: vm0, mac: "01:00:00:00:00:01"} | line 7: mac 01:00:00:00:00:01 is a group
            name: t                    | nam: t                   | line 1: 'nam' is not a field of a scenario
            timeline:                  | expect:                  | line 11: expect must be a mapping
            """)
    void everyMistakeIsToldWithItsLine(String good, String bad, String message) {
        assertTrue(GOOD.contains(good), "the test's own text");
        ScenarioException e =
                assertThrows(ScenarioException.class, () -> ScenarioParser.parse("t", GOOD.replace(good, bad)));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void tellsAllMistakesAtOnce() {
        String text = GOOD.replace("run: 5ms", "run: 5").replace("name: f", "name: f, flows: 0");
        ScenarioException e = assertThrows(ScenarioException.class, () -> ScenarioParser.parse("t", text));
        assertEquals(2, e.problems().size(), e.getMessage());
    }

    @Test
    void brokenYamlIsToldWithItsLine() {
        ScenarioException e =
                assertThrows(ScenarioException.class, () -> ScenarioParser.parse("t", "name: t\nhosts: [a\nb: {"));
        assertTrue(e.getMessage().matches("(?s)t: line [0-9]+: not YAML: .*"), e.getMessage());
    }

    @Test
    void emptyAndMissingAndBinaryFilesAreToldInOneSentence(@TempDir Path dir) throws Exception {
        assertThrowsWith("t: line 2: hosts must be a list", () -> ScenarioParser.parse("t", "name: x\nhosts: 7\n"));
        assertThrowsWith("t: the file is empty", () -> ScenarioParser.parse("t", ""));
        Path none = dir.resolve("none.yaml");
        assertThrowsWith(none + ": there is no such file", () -> ScenarioParser.parse(none));
        Path binary = Files.write(dir.resolve("b.yaml"), new byte[] {(byte) 0xD4, (byte) 0xC3, (byte) 0xB2, (byte) 0xA1});
        assertThrowsWith(binary + ": the file is not UTF-8 text", () -> ScenarioParser.parse(binary));
        Path control = Files.write(dir.resolve("c.yaml"), "name: \0".getBytes(StandardCharsets.UTF_8));
        assertThrowsWith("not YAML", () -> ScenarioParser.parse(control));
    }

    private static void assertThrowsWith(String message, org.junit.jupiter.api.function.Executable action) {
        ScenarioException e = assertThrows(ScenarioException.class, action);
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}
