package dev.npa.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.npa.sim.scenario.Scenario.Step;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Scenarios with fewer frames. */
class ShortenedTest {

    private static final String TEXT = """
            name: t
            hosts: [{name: h, nics: [{name: n, model: "82599"}], vms: [{name: a}]}]
            traffic: [{name: f, between: [a, "wire:n"]}]
            timeline:
              - power-on: a
              - run: {frames: 2000}
              - run: {frames: 150}
              - run: {frames: 20}
              - run: 5ms
              - repeat: {times: 3, steps: [{run: {frames: 5000}}]}
              - check: {vm: a, receiveQueues: 4, exactly: {tx_lost: 0}, atLeast: {tx_packets: 805, rx_packets: 3}, atMost: {rx_x: 9}}
            expect: {lost: 0, framesSent: 100, framesReceived: 100, switchovers: 2}
            """;

    @Test
    void frameCountsAreDividedAndFewStayAsTheyAre() throws ScenarioException {
        List<Step> steps = Shortened.of(ScenarioParser.parse("t", TEXT), 10).timeline();
        assertEquals(List.of(200L, 100L, 20L), steps.subList(1, 4).stream().map(Step::frames).toList());
        assertEquals(5_000_000, steps.get(4).nanos());
        assertEquals(-1, steps.get(4).frames());
        assertEquals(3, steps.get(5).times());
        assertEquals(500, steps.get(5).steps().get(0).frames());
    }

    @Test
    void whatDependsOnTheNumberOfFramesIsExpectedNoMoreAndTheRestStays() throws ScenarioException {
        Scenario shorter = Shortened.of(ScenarioParser.parse("t", TEXT), 10);
        assertEquals(Map.of("lost", 0L, "switchovers", 2L), shorter.expect());
        Scenario.Check check = shorter.timeline().get(6).check();
        assertEquals(-1, check.receiveQueues());
        assertEquals(Map.of("tx_lost", 0L), check.exactly());
        assertEquals(Map.of("tx_packets", 80L, "rx_packets", 1L), check.atLeast());
        assertEquals(Map.of("rx_x", 9L), check.atMost());
    }

    @Test
    void oneChangesNothingAndLessIsRefused() throws ScenarioException {
        Scenario scenario = ScenarioParser.parse("t", TEXT);
        assertSame(scenario, Shortened.of(scenario, 1));
        assertThrows(IllegalArgumentException.class, () -> Shortened.of(scenario, 0));
    }
}
