package dev.npa.sim.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The scenarios that ship with the project: resources beside this class, listed in {@code index.txt}. */
public final class BuiltInScenarios {

    private BuiltInScenarios() {}

    /** Their names, in the order in which a newcomer may want to read them. */
    public static List<String> names() {
        return resource("index.txt").lines().filter(line -> !line.isBlank()).toList();
    }

    /**
     * Parses one of them.
     *
     * @throws ScenarioException if there is none of that name
     */
    public static Scenario load(String name) throws ScenarioException {
        if (!names().contains(name)) {
            throw new ScenarioException(name, List.of("there is neither such a file nor a built-in scenario; "
                    + "built in are " + String.join(", ", names())));
        }
        return ScenarioParser.parse(name, resource(name + ".yaml"));
    }

    private static String resource(String name) {
        try (InputStream in = BuiltInScenarios.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
