package dev.npa.sim.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.host.Lab;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The measurement of many guests works; what it measures is not judged here. */
class ScaleBenchIT {

    /** What a guest may take beyond its own memory, MiB. */
    private static final double GOAL_MIB = 12;

    @TempDir
    private Path dir;

    @Test
    void guestsBootCarryPacketsAndAreEvacuated() throws Exception {
        List<ScaleBench.Result> results = ScaleBench.run(List.of(1, 4), new ScaleBench.Settings(20, 8, 3), Lab.images(),
                Lab.parts(dir));
        assertEquals(List.of(1, 4), results.stream().map(ScaleBench.Result::guests).toList());
        for (ScaleBench.Result r : results) {
            assertTrue(r.bootMillisLow() > 0 && r.bootMillisLow() <= r.bootMillis(), r.toString());
            assertTrue(r.guestNanosLow() > 0 && r.guestNanosLow() <= r.guestNanos() && r.coldNanosLow() > 0, r.toString());
            assertTrue(r.evacuateMillis() > 0 && r.evacuateMachineMicros() > 0, r.toString());
            // A VF's registers and a queue of 1 MiB to the emulated NIC at least.
            assertTrue(r.directMiB() >= 1, r.toString());
        }
        assertTrue(results.get(1).memoryMiB() < GOAL_MIB, results.get(1).toString());
        try (var files = Files.list(dir)) {
            assertEquals(List.of(), files.toList(), "scratch directories");
        }
    }

    @Test
    void anEmulatedGuestsFramesComeBackToo() {
        try (ScaleWorld world = new ScaleWorld(2, Lab.images(), Lab.parts(dir))) {
            world.boot();
            world.boot();
            world.round(2);
            world.passthrough();
            world.round(2);
            world.evacuate();
            world.round(2);
            assertTrue(world.scheduler().guestNanos() > 0);
        }
    }
}
