package dev.npa.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.net.VlanPolicy;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VlanParserTest {

    private static final String GOOD = """
            name: t
            hosts:
              - name: h
                nics:
                  - {name: nic0, model: "82599"}
                vms:
                  - {name: tags, vlans: [10, 20]}
                  - {name: ported, vlan: 100}
                  - {name: plain}
            traffic:
              - {name: a, between: [tags, "wire:nic0"], vlan: 20}
              - {name: b, between: [ported, "wire:nic0"]}
              - {name: c, between: [plain, "wire:nic0"], sizes: [100, 200]}
            timeline:
              - power-on: all
            """;

    @Test
    void readsPoliciesAndTags() throws ScenarioException {
        Scenario scenario = ScenarioParser.parse("t", GOOD);
        assertEquals(List.of(new VlanPolicy(0, Set.of(10, 20)), new VlanPolicy(100, Set.of()), VlanPolicy.UNTAGGED),
                scenario.hosts().get(0).vms().stream().map(Scenario.VmSpec::vlans).toList());
        assertEquals(List.of(20, 100, 0), scenario.traffic().stream().map(Scenario.TrafficSpec::vlan).toList(),
                "the port VLAN is the default");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [10, 20]             | [10, 0]                  | line 7: VLAN id is 0; it must be in 1..4094
            [10, 20]             | [10, 4095]               | line 7: VLAN id is 4095; it must be in 1..4094
            [10, 20]             | [10, x]                  | line 7: VLAN id is 'x'
            [10, 20]             | [20, 10, 20]             | line 7: VLAN id 20 stands twice in the vlans of VM 'tags'
            [10, 20]             | 20                       | line 7: vlans must be a list
            vlan: 100            | vlan: 4095               | line 8: vlan is 4095
            vlan: 100            | vlan: 100, vlans: [20]   | line 8: VM 'ported' has both 'vlan'
            vlan: 20             | vlan: 30                 | line 11: traffic 'a' is in VLAN 30, which VM 'tags' may
            vlan: 20             | vlan: 5000               | line 11: vlan is 5000
            [plain, "wire:nic0"] | [plain, ported]          | line 13: traffic 'c' is in VLAN 100, which VM 'plain'
            sizes: [100, 200]    | vlan: 10                 | line 13: traffic 'c' is in VLAN 10, which VM 'plain'
            vlan: 20             | vlan: 20, pcap: sample   | line 11: traffic 'a' replays a capture
            name: b,             | name: b, pcap: sample,   | line 12: traffic 'b' replays a capture
            name: b,             | name: b, vlan: 10,       | line 12: traffic 'b' is in VLAN 10, but VM 'ported' has
            """)
    void everyMistakeIsToldWithItsLine(String good, String bad, String message) {
        assertTrue(GOOD.contains(good), "the test's own text");
        ScenarioException e =
                assertThrows(ScenarioException.class, () -> ScenarioParser.parse("t", GOOD.replace(good, bad)));
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}
