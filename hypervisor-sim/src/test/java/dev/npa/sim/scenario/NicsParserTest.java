package dev.npa.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** NICs, functions and networks in scenarios, and steps that name a NIC. */
class NicsParserTest {

    private static final String GOOD = """
            name: t
            hosts:
              - name: h
                nics:
                  - {name: nic0, model: "82599"}
                  - {name: nic1, model: "57712", functions: 2, network: dmz}
                  - {name: nic2, model: "82576"}
                vms:
                  - {name: vm0, nic: nic1f1}
              - name: i
                nics:
                  - {name: nic3, model: "82599"}
                vms:
                  - {name: vm1}
            timeline:
              - passthrough: {vm: vm0, nic: nic1f1, image: broadcom}
              - swap: {vm: vm0, nic: nic2, image: kawela, version: 1.0.0}
              - passthrough: vm1
            """;

    @Test
    void functionsAreNicsOfTheirOwnAndNetworksHaveNames() throws ScenarioException {
        Scenario scenario = ScenarioParser.parse("t", GOOD);
        List<Scenario.NicSpec> nics = scenario.hosts().get(0).nics();
        assertEquals(List.of("nic1", "nic1f1"), nics.get(1).adapters());
        assertEquals(List.of("nic0"), nics.get(0).adapters());
        assertEquals(List.of("lan", "dmz", "lan"), nics.stream().map(Scenario.NicSpec::network).toList());
        assertEquals("nic1f1", scenario.hosts().get(0).vms().get(0).nic());
    }

    @Test
    void stepsNameTheNic() throws ScenarioException {
        List<Scenario.Step> steps = ScenarioParser.parse("t", GOOD).timeline();
        assertEquals("nic1f1", steps.get(0).nic());
        assertEquals("broadcom", steps.get(0).image());
        assertEquals("nic2", steps.get(1).nic());
        assertNull(steps.get(2).nic());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            functions: 2               | functions: 0             | line 6: functions is 0; it must be in 1..8
            functions: 2               | functions: two           | line 6: functions is 'two'; it must be a whole number
            nic: nic1f1}               | nic: nic1f2}             | line 9: VM 'vm0' uses NIC 'nic1f2'
            nic: nic2, image           | nic: nic3, image         | line 17: swap: the host of VM 'vm0' has no NIC 'nic3'
            nic: nic2, image           | port: nic2, image        | line 17: 'port' is not a field of swap
            nic: nic1f1, image         | nic: [nic1], image       | line 16: nic must be a single value
            name: nic2, model          | name: nic1f1, model      | line 7: NIC 'nic1f1' is declared twice
            network: dmz               | network: [a]             | line 6: network must be a single value
            """)
    void everyMistakeIsToldWithItsLine(String good, String bad, String message) {
        assertTrue(GOOD.contains(good), "the test's own text");
        ScenarioException e =
                assertThrows(ScenarioException.class, () -> ScenarioParser.parse("t", GOOD.replace(good, bad)));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void functionHasNoWireOfItsOwn() {
        String text = GOOD.replace("timeline:", "traffic:\n  - {between: [vm0, \"wire:nic1f1\"]}\ntimeline:");
        ScenarioException e = assertThrows(ScenarioException.class, () -> ScenarioParser.parse("t", text));
        assertTrue(e.getMessage().contains("line 16: 'wire:nic1f1' is neither a VM"), e.getMessage());
    }
}
