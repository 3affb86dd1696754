package dev.npa.sim.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.host.Lab;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The measurement does what it measures; how fast is not judged here. */
class SeededSpeedIT {

    private static final SeededSpeed.Settings FEW = new SeededSpeed.Settings(500, 300, 3);

    @TempDir
    private Path storage;

    @ParameterizedTest
    @EnumSource
    void framesGoEveryWayAndAreCounted(SeededSpeed.Way way) {
        SeededSpeed.Result result = SeededSpeed.measure(way, FEW, Lab.images(), Lab.parts(storage));
        assertEquals(way, result.way());
        // A round may carry a few frames more than were asked for.
        assertTrue(result.frames() >= 300 && result.frames() < 600, result.toString());
        assertEquals(result.frames() * 1e9 / result.cpuNanos(), result.framesPerSecond(), 1e-6);
        assertTrue(result.lowest() > 0 && result.lowest() <= result.median()
                && result.median() <= result.framesPerSecond(), result.toString());
    }
}
