package dev.npa.sim.host;

import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.sim.guest.GuestSoftware;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What simulations of the same parts share. */
class DepotTest {

    @TempDir
    private Path dir;

    private final Depot depot = new Depot();

    @Test
    void aDirectoryHasOneRepositoryHoweverItIsNamed() {
        assertSame(depot.images(dir), depot.images(dir.resolve("x/..")));
        assertNotSame(depot.images(dir), depot.images(dir.resolve("x")));
    }

    @Test
    void guestBundlesAreReadOnce() throws Exception {
        Path jar = Files.write(dir.resolve("a.jar"), new byte[] {1});
        GuestSoftware first = depot.software(List.of(jar));
        Files.delete(jar);
        assertSame(first, depot.software(List.of(jar)));
    }

    @Test
    void whatCannotBeReadIsSaidInOneSentenceAndReadWhenItIsThere() throws Exception {
        Path jar = dir.resolve("late.jar");
        String text = assertThrows(IllegalStateException.class, () -> depot.software(List.of(jar))).getMessage();
        assertTrue(text.startsWith("the guest bundle " + jar + " cannot be read: "), text);
        Files.write(jar, new byte[] {1});
        assertSame(depot.software(List.of(jar)), depot.software(List.of(jar)));
        assertThrows(IllegalStateException.class, () -> depot.software(List.of()));
    }

    @Test
    void partsWithOtherMemoryShareTheDepot() {
        SimulationParts parts = new SimulationParts(List.of(), List.of(), List::of, dir);
        assertSame(parts.depot(), parts.withMemory(dir).depot());
    }
}
