package dev.npa.sim.scenario;

import dev.npa.sim.scenario.Scenario.Check;
import dev.npa.sim.scenario.Scenario.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes a scenario quicker to run: the same steps with fewer frames between them. */
public final class Shortened {

    /** No step gets fewer frames than this, unless it had fewer: what is checked needs some traffic. */
    static final long FEWEST_FRAMES = 100;

    private Shortened() {}

    /**
     * The scenario with the frame counts of its timeline divided. What counters must have grown by at least is divided
     * too; expected numbers of frames are no longer expected, and so are numbers of queues in use, since few frames need
     * not fill them.
     *
     * @param divisor 1 or more; 1 changes nothing
     */
    public static Scenario of(Scenario s, int divisor) {
        if (divisor < 1) {
            throw new IllegalArgumentException("a scenario cannot be shortened by " + divisor + "; 1 or more is possible");
        }
        if (divisor == 1) {
            return s;
        }
        Map<String, Long> expect = new LinkedHashMap<>(s.expect());
        expect.keySet().removeAll(List.of("framesSent", "framesReceived"));
        return new Scenario(s.name(), s.description(), s.mode(), s.seed(), s.hosts(), s.traffic(),
                steps(s.timeline(), divisor), expect);
    }

    private static List<Step> steps(List<Step> steps, int divisor) {
        List<Step> shorter = new ArrayList<>();
        for (Step s : steps) {
            long frames = s.frames() < 0 ? s.frames()
                    : Math.max(Math.min(s.frames(), FEWEST_FRAMES), s.frames() / divisor);
            shorter.add(new Step(s.line(), s.action(), s.vms(), s.traffic(), s.nic(), s.image(), s.version(), s.nanos(),
                    frames, s.times(), steps(s.steps(), divisor), check(s.check(), divisor)));
        }
        return shorter;
    }

    private static Check check(Check c, int divisor) {
        if (c == null) {
            return null;
        }
        Map<String, Long> atLeast = new LinkedHashMap<>();
        c.atLeast().forEach((name, bound) -> atLeast.put(name, bound == 0 ? 0 : Math.max(1, bound / divisor)));
        return new Check(-1, -1, -1, -1, c.exactly(), atLeast, c.atMost());
    }
}
