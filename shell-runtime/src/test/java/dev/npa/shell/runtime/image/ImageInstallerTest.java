package dev.npa.shell.runtime.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.plugin.PluginFactory;
import dev.npa.shell.runtime.control.Refusal;
import dev.npa.shell.runtime.fake.TestFramework;
import dev.npa.shell.runtime.fake.TestImages;
import dev.npa.testimage.Factories;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.wiring.BundleWiring;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImageInstallerTest {

    private final TestFramework framework = new TestFramework();
    private final ImageInstaller installer = framework.installer();

    @AfterAll
    void stop() {
        framework.close();
    }

    private LoadedImage install(int slot, byte[] image) throws Refusal {
        ImageDescription description = new ImageVerifier(TestFramework.API)
                .verify(image, ImageVerifier.digest(image), 0x1234, 1);
        return installer.install(slot, 0x1_0000_2000L, image, description);
    }

    @Test
    void theFactoryComesFromTheImageAndIsAServiceInItsName() throws Refusal, InvalidSyntaxException {
        LoadedImage loaded = install(0, TestImages.good());
        assertNotSame(Factories.Good.class, loaded.factory().getClass(), "the image's own class, not the test's");
        var references = framework.context().getServiceReferences(PluginFactory.class, "(npa.plugin=test)");
        assertEquals(1, references.size());
        assertTrue(references.iterator().next().getBundle().getLocation()
                .startsWith("npa-image:0:100002000:"), "registered by the image's bundle");
        assertEquals("", loaded.unload());
        assertEquals(0, framework.installed());
        assertEquals(0, framework.context().getServiceReferences(PluginFactory.class, null).size());
    }

    @Test
    void theSameImageFitsIntoBothSlots() throws Refusal {
        LoadedImage first = install(0, TestImages.good());
        LoadedImage second = install(1, TestImages.good());
        assertNotSame(first.factory().getClass(), second.factory().getClass());
        first.unload();
        second.unload();
        assertEquals(0, framework.installed());
    }

    @Test
    void aFactoryThatThrowsOrIsNoneLeavesNothingInstalled() {
        Refusal thrown = assertThrows(Refusal.class,
                () -> install(0, TestImages.with(Factories.BadConstructor.class)));
        assertEquals(Refusal.ENTRY_POINT, thrown.result());
        assertTrue(thrown.getMessage().contains("BadConstructor"), thrown.getMessage());
        assertTrue(thrown.getMessage().contains("PluginFailure: constructor"), thrown.getMessage());
        assertNull(thrown.getCause());
        Refusal none = assertThrows(Refusal.class, () -> install(0, TestImages.with(Factories.NoFactory.class)));
        assertEquals(Refusal.IMAGE, none.result());
        assertEquals(0, framework.installed());
    }

    @Test
    void anUnmetRequirementIsNamed() {
        Refusal refusal = assertThrows(Refusal.class, () -> install(0, new TestImages()
                .header("Require-Capability", "some.thing;filter:=\"(a=b)\"").build()));
        assertEquals(Refusal.IMAGE, refusal.result());
        assertTrue(refusal.getMessage().contains("some.thing (a=b)"), refusal.getMessage());
        assertEquals(0, framework.installed());
    }

    @Test
    void theClassLoaderIsCollectedAfterUnload() throws Refusal {
        assertCollected(loadAndUnload(TestImages.good()));
    }

    @Test
    void theClassLoaderIsCollectedAfterAFailedEntryPoint() {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        SynchronousBundleListener listener = event -> {
            if (event.getType() == BundleEvent.STARTED) {
                loaders.add(new WeakReference<>(event.getBundle().adapt(BundleWiring.class).getClassLoader()));
            }
        };
        framework.context().addBundleListener(listener);
        Refusal kept = assertThrows(Refusal.class, () -> install(0, TestImages.with(Factories.BadConstructor.class)));
        framework.context().removeBundleListener(listener);
        assertEquals(1, loaders.size());
        assertCollected(loaders.get(0));
        assertEquals(Refusal.ENTRY_POINT, kept.result(), "reachable until here, and keeps no loader");
    }

    private WeakReference<ClassLoader> loadAndUnload(byte[] image) throws Refusal {
        LoadedImage loaded = install(0, image);
        WeakReference<ClassLoader> loader = new WeakReference<>(loaded.factory().getClass().getClassLoader());
        loaded.unload();
        assertNull(loaded.factory());
        return loader;
    }

    static void assertCollected(WeakReference<?> reference) {
        for (int i = 0; i < 40 && reference.get() != null; i++) {
            System.gc();
            // A little garbage makes collectors that take the call as a hint do something.
            assertEquals(1 << 20, new byte[1 << 20].length);
        }
        assertNull(reference.get(), "the class loader is still reachable");
    }
}
