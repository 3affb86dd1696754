package dev.npa.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.traffic.GeneratorSpec.Transport;
import dev.npa.sim.traffic.Offloads;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The fields of traffic that have to do with offloads. */
class OffloadParserTest {

    private static Scenario parse(String traffic) throws ScenarioException {
        return ScenarioParser.parse("t", """
                name: t
                hosts:
                  - name: h
                    nics: [{name: nic0, model: "82599"}]
                    vms: [{name: vm0, vlans: [10]}]
                traffic:
                  - {between: [vm0, "wire:nic0"], %s}
                timeline:
                  - run: 1ms
                """.formatted(traffic));
    }

    private static Scenario.TrafficSpec spec(String traffic) throws ScenarioException {
        return parse(traffic).traffic().get(0);
    }

    @Test
    void everythingCanBeAskedFor() throws ScenarioException {
        Scenario.TrafficSpec spec = spec("offload: [checksum, tso, vlan], mss: 900, sizes: [100, 65000], vlan: 10,"
                + " protocols: [tcp6, udp4], options: true, priority: 5, dropEligible: true");
        assertEquals(new Offloads(true, true, true, 900), spec.offloads());
        assertEquals(List.of(Transport.TCP6, Transport.UDP4), spec.transports());
        assertEquals(65_000, spec.maxSize());
        assertTrue(spec.options());
        assertEquals(11, spec.priority());
    }

    @Test
    void protocolsFollowFromTheOffloads() throws ScenarioException {
        assertEquals(List.of(Transport.UDP4), spec("flows: 1").transports());
        assertEquals(List.of(Transport.TCP4, Transport.TCP6), spec("offload: [tso]").transports());
        assertEquals(List.of(Transport.values()), spec("offload: [checksum]").transports());
        assertEquals(Offloads.NONE, spec("flows: 1").offloads());
        assertFalse(spec("flows: 1").options());
    }

    @Test
    void mistakesAreAllReportedWithTheirLine() {
        List<String> problems = assertThrows(ScenarioException.class, () -> parse(
                "offload: [checksum, lro], mss: 10, protocols: [sctp], priority: 8, sizes: [60, 20000]")).problems();
        assertEquals(5, problems.size(), problems.toString());
        assertTrue(problems.stream().allMatch(p -> p.startsWith("line 7")), problems.toString());
        assertTrue(problems.toString().contains("'lro' is not known"), problems.toString());
        assertTrue(problems.toString().contains("'sctp' is not known"), problems.toString());
    }
}
