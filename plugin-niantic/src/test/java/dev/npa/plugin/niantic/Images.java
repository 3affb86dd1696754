package dev.npa.plugin.niantic;

import dev.npa.plugin.PluginFactory;
import dev.npa.plugin.niantic.v11.NianticFactory11;
import java.util.stream.Stream;

/** The images of this module, for tests that hold for both. */
public final class Images {

    private Images() {}

    public static Stream<PluginFactory> factories() {
        return Stream.of(new NianticFactory(), new NianticFactory11());
    }
}
