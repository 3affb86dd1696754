package dev.npa.sim.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.QueueCounter;
import dev.npa.sim.guest.inside.Image;
import dev.npa.sim.machine.GuestMachine;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** Plugin images in a guest: from its memory, side by side, and gone without a trace. */
@Timeout(120)
class GuestImageTest {

    private static final byte[] API = GuestBundles.shellApi();
    private static final byte[] IMAGE = GuestBundles.image("1.0.0", "[1.0,2)");

    private final GuestMachine machine = GuestBundles.machine("vm1");
    private GuestFramework guest;

    @TempDir
    Path storage;

    @BeforeEach
    void boot() {
        guest = GuestFramework.boot("vm1", machine, new GuestSoftware(GuestBundles.guest(API)), storage);
    }

    @AfterEach
    void stop() {
        guest.stop();
    }

    private Bundle install(Object location) throws BundleException {
        return guest.context().installBundle(location.toString());
    }

    private static int answer(Bundle image) throws ReflectiveOperationException {
        return (int) image.loadClass(Image.class.getName()).getMethod("answer").invoke(null);
    }

    private String refusal(Object location) {
        Throwable t = assertThrows(BundleException.class, () -> install(location));
        while (t.getCause() != null) {
            t = t.getCause();
        }
        return t.getMessage();
    }

    @Test
    void imageInMemoryIsInstalledAndRuns() throws Exception {
        Bundle image = install(GuestBundles.inject(machine, 0, IMAGE));
        image.start();
        assertEquals("test.image", image.getSymbolicName());
        assertEquals("1.0.0", image.getVersion().toString());
        assertEquals("1.0.0", image.getHeaders().get("Bundle-Version"));
        assertEquals(QueueCounter.values().length, answer(image));
        assertTrue(image.getEntry("META-INF/MANIFEST.MF") != null && image.getResource("absent") == null);
    }

    @Test
    void imageWithAnotherDigestIsRefused() {
        ImageLocation right = GuestBundles.inject(machine, 0, IMAGE);
        machine.memory().putByte(right.address() + 500, (byte) (IMAGE[500] + 1));
        String text = refusal(right);
        assertTrue(text.startsWith("image refused: the bytes in memory have SHA-256 ")
                && text.endsWith(" instead of " + right.sha256()), text);
        assertTrue(guest.imageBundles().isEmpty());
    }

    @Test
    void imageOutsideTheMemoryIsRefused() {
        ImageLocation right = GuestBundles.inject(machine, 0, IMAGE);
        String text = refusal(new ImageLocation(0, 4 << 20, 4096, right.sha256()));
        assertEquals("image refused: 4096 bytes at 0x400000 are not in the guest's memory", text);
    }

    @Test
    void memoryThatIsNoBundleIsRefused() {
        assertEquals("image refused: not a jar: there is no zip end record at its very end",
                refusal(GuestBundles.inject(machine, 0, new byte[100])));
    }

    @Test
    void locationOfAnotherFormIsRefused() {
        assertTrue(refusal("npa-image:0:10:20:abc").contains("is not an image location such as"));
        assertTrue(refusal("file:/etc/passwd").contains("a guest installs nothing but plugin images"));
        assertTrue(refusal("https://localhost/x.jar").contains("a guest installs nothing but plugin images"));
    }

    @Test
    void whatIsWrittenToTheMemoryAfterwardsDoesNotMatter() throws Exception {
        ImageLocation where = GuestBundles.inject(machine, 0, IMAGE);
        Bundle image = install(where);
        machine.memory().fill(where.address(), where.length(), (byte) 0xCC);
        image.start();
        assertEquals(QueueCounter.values().length, answer(image));
    }

    @Test
    void sameImageRunsInBothSlotsAtTheSameTime() throws Exception {
        Bundle first = install(GuestBundles.inject(machine, 0, IMAGE));
        Bundle second = install(GuestBundles.inject(machine, 1, IMAGE));
        first.start();
        second.start();
        assertEquals(first.getSymbolicName(), second.getSymbolicName());
        assertEquals(first.getVersion(), second.getVersion());
        assertNotSame(first.loadClass(Image.class.getName()), second.loadClass(Image.class.getName()));
        first.uninstall();
        assertEquals(QueueCounter.values().length, answer(second), "the other one goes on");
    }

    @Test
    void classLoaderIsCollectedAfterUninstall() throws Exception {
        for (int i = 0; i < 3; i++) {
            Bundle image = install(GuestBundles.inject(machine, i % 2, GuestBundles.image("1.0." + i, "[1.0,2)")));
            image.start();
            assertEquals(QueueCounter.values().length, answer(image));
            assertEquals(i, guest.unloadedImages());
            image.uninstall();
        }
        assertEquals(3, guest.imageBundles().size());
        assertEquals("1.0.2", guest.imageBundles().get(2).version());
        assertEquals(3, guest.unloadedImages());
        assertEquals(3, guest.collectedClassLoaders());
        assertNull(guest.imageBundles().get(0).classLoader().get());
    }

    @Test
    void classLoaderThatIsHeldIsNotCountedAsCollected() throws Exception {
        Bundle image = install(GuestBundles.inject(machine, 0, IMAGE));
        image.start();
        Class<?> held = image.loadClass(Image.class.getName());
        image.uninstall();
        assertEquals(1, guest.unloadedImages());
        assertEquals(0, guest.collectedClassLoaders());
        assertEquals(Image.class.getName(), held.getName());
    }

    @Test
    void observationOutlivesTheGuest() throws Exception {
        Bundle image = install(GuestBundles.inject(machine, 0, IMAGE));
        image.start();
        image.uninstall();
        guest.stop();
        assertEquals(1, guest.collectedClassLoaders());
    }
}
