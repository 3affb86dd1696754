package dev.npa.sim.scenario;

import java.util.List;

/** A scenario that cannot be used. Carries every problem found, each with its line. */
public final class ScenarioException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public ScenarioException(String source, List<String> problems) {
        super(source + ": " + String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence each, starting with {@code line N:} where a line is to blame. */
    public List<String> problems() {
        return problems;
    }
}
