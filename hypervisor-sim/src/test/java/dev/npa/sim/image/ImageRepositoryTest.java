package dev.npa.sim.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.PciIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageRepositoryTest {

    private static final PciIdentity VF = new PciIdentity(0x8086, 0x10ED, 0, 0, 1);

    @TempDir
    Path directory;
    private ImageRepository repository;

    @BeforeEach
    void create() {
        repository = new ImageRepository(directory);
    }

    private void put(String file, ImageJar jar) throws IOException {
        Files.write(directory.resolve(file), jar.bytes());
    }

    @Test
    void newestThatFitsIsPicked() throws IOException {
        put("a.jar", ImageJar.good().version("1.9.0"));
        put("b.jar", ImageJar.good().version("1.10.0"));
        put("c.jar", ImageJar.good().version("2.0.0")
                .header("Import-Package", "dev.npa.plugin;version=\"[2.0,3)\""));
        put("d.jar", ImageJar.good().version("3.0.0").header("Bundle-License", "MIT"));
        assertEquals("example 1.10.0", repository.pick(VF, 1, 0, null, null).image().toString());
        assertEquals("example 2.0.0", repository.pick(VF, 2, 0, null, null).image().toString());
        assertEquals("example 1.9.0", repository.pick(VF, 1, 0, "example", "1.9.0").image().toString());
    }

    @Test
    void refusalSaysWhatWasWantedAndWhatThereIs() throws IOException {
        assertTrue(repository.pick(VF, 1, 0, null, null).reason().contains("no images"));
        put("a.jar", ImageJar.good().version("1.0.0"));
        assertEquals("there is no image 'other' for 8086:10ed; the repository has [example 1.0.0]",
                repository.pick(VF, 1, 0, "other", null).reason());
        assertTrue(repository.pick(VF, 1, 0, "example", "1.5").reason().contains("in version 1.5"));
        assertEquals("no plugin image fits: example 1.0.0 needs dev.npa.plugin [1.0.0,2.0.0); this guest's shell has "
                + "2.3.0", repository.pick(VF, 2, 3, null, null).reason());
        ImageRepository.Choice other = repository.pick(new PciIdentity(0x14E4, 0x16AF, 0, 0, 0), 1, 0, null, null);
        assertNull(other.image());
        assertTrue(other.reason().contains("14e4:16af") && other.reason().contains("8086:10ed"), other.reason());
    }

    @Test
    void badJarDoesNotBreakTheOthers() throws IOException {
        Files.writeString(directory.resolve("0.jar"), "rubbish");
        Files.createDirectory(directory.resolve("dir.jar"));
        put("a.jar", ImageJar.good());
        assertEquals(3, repository.images().size());
        assertNotNull(repository.pick(VF, 1, 0, null, null).image());
        assertEquals(2, repository.images().stream().filter(i -> !i.isUsable()).count());
    }

    @Test
    void jarsComeAndGoAtRunTimeAndAreReadOnce() throws IOException {
        put("a.jar", ImageJar.good());
        StoredImage first = repository.images().get(0);
        assertSame(first, repository.images().get(0));
        put("b.jar", ImageJar.good().version("1.1.0"));
        assertEquals("example 1.1.0", repository.pick(VF, 1, 0, null, null).image().toString());
        Files.delete(directory.resolve("b.jar"));
        assertEquals("example 1.0.0", repository.pick(VF, 1, 0, null, null).image().toString());
    }

    @Test
    void directoryThatIsMissingIsEmpty() {
        assertEquals(0, new ImageRepository(directory.resolve("none")).images().size());
    }
}
