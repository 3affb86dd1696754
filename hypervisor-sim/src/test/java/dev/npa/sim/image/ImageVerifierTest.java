package dev.npa.sim.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.hw.PciIdentity;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

class ImageVerifierTest {

    private static void refused(byte[] jar, String... words) {
        StoredImage image = ImageVerifier.verify("test.jar", jar);
        for (String word : words) {
            assertTrue(image.refusal().contains(word), image.refusal() + " lacks '" + word + "'");
        }
        assertTrue(image.refusal().startsWith("test.jar is refused: "), image.refusal());
    }

    @Test
    void goodImageIsReadCompletely() {
        StoredImage image = ImageVerifier.verify("good.jar", ImageJar.good().bytes());
        assertEquals("", image.refusal());
        assertEquals("example 1.0.0", image.toString());
        assertEquals(new Version(1, 0, 0), image.version());
        assertEquals(List.of("8086:10ed", "8086:1515"), image.devices());
        assertEquals("GPL-2.0-only", image.licence());
        assertTrue(image.drives(new PciIdentity(0x8086, 0x10ED, 0, 0, 1)));
        assertEquals(3, image.imports().size());
        assertEquals(64, image.sha256Hex().length());
    }

    @Test
    void digestIsThatOfTheWholeFile() {
        // SHA-256 of the empty message.
        assertEquals("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                ImageVerifier.verify("empty.jar", new byte[0]).sha256Hex());
    }

    @Test
    void bothWaysOfSayingGplAreAccepted() {
        for (String licence : List.of("GPL-2.0", "GPL-2.0-only", "GPL-2.0-or-later")) {
            assertEquals("", ImageVerifier.verify("a.jar",
                    ImageJar.good().header("Bundle-License", licence).bytes()).refusal());
        }
    }

    @Test
    void fileThatIsNoJarIsRefused() {
        refused("hello".getBytes(StandardCharsets.UTF_8), "not a jar");
        refused(new byte[0], "not a jar");
    }

    @Test
    void truncatedOrExtendedJarIsRefused() {
        byte[] good = ImageJar.good().bytes();
        refused(java.util.Arrays.copyOf(good, good.length - 10), "not a jar");
        refused(java.util.Arrays.copyOf(good, good.length + 1), "not a jar");
        refused(java.util.Arrays.copyOfRange(good, 20, good.length), "ambiguous jar");
    }

    @Test
    void everyFlippedByteIsNoticedOrHarmless() {
        byte[] good = ImageJar.good().bytes();
        for (int i = 0; i < good.length; i++) {
            byte[] bad = good.clone();
            bad[i] ^= 0x41;
            // Must never throw: a bad jar never breaks the others.
            ImageVerifier.verify("flipped.jar", bad);
        }
    }

    @Test
    void concatenatedJarsAreRefused() {
        byte[] first = ImageJar.good().bytes();
        byte[] second = ImageJar.good().version("6.6.6").bytes();
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        refused(both, "ambiguous jar");
    }

    @Test
    void duplicateEntryIsRefused() {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("a/One.class", new byte[3]);
        entries.put("a/Two.class", new byte[5]);
        byte[] jar = ImageJar.zip(entries);
        byte[] text = new String(jar, StandardCharsets.ISO_8859_1).replace("a/Two.class", "a/One.class")
                .getBytes(StandardCharsets.ISO_8859_1);
        refused(text, "a/One.class", "twice");
    }

    @Test
    void entryThatTheTwoDirectoriesNameDifferentlyIsRefused() {
        byte[] jar = ImageJar.zip(Map.of("a/One.class", new byte[3]));
        String text = new String(jar, StandardCharsets.ISO_8859_1);
        byte[] bad = (text.substring(0, text.lastIndexOf("a/One.class")) + "a/Two.class"
                + text.substring(text.lastIndexOf("a/One.class") + 11)).getBytes(StandardCharsets.ISO_8859_1);
        refused(bad, "local header of a/Two.class");
    }

    @Test
    void jarWithoutManifestIsRefused() {
        refused(ImageJar.zip(Map.of("a.txt", new byte[1])), "no META-INF/MANIFEST.MF");
    }

    @Test
    void jarThatIsNoBundleIsRefused() {
        refused(ImageJar.good().header("Bundle-SymbolicName", null).bytes(), "no OSGi bundle");
        refused(ImageJar.good().header("Bundle-ManifestVersion", null).bytes(), "no OSGi bundle");
        refused(ImageJar.good().version("one").bytes(), "Bundle-Version 'one'");
    }

    @Test
    void bundleWithoutExactlyOneCapabilityIsRefused() {
        refused(ImageJar.good().header("Provide-Capability", null).bytes(), "0 capabilities npa.plugin");
        refused(ImageJar.good().header("Provide-Capability",
                "npa.plugin;npa.plugin=a;devices=\"1:2\",npa.plugin;npa.plugin=b").bytes(), "2 capabilities");
        refused(ImageJar.good().capability("x", "8086-10ed").bytes(), "8086-10ed", "not an id");
        refused(ImageJar.good().capability("x", "").bytes(), "no devices");
        refused(ImageJar.good().capability("", "8086:10ed").bytes(), "names no plugin");
    }

    @Test
    void foreignLicenceIsRefusedAndNamed() {
        refused(ImageJar.good().header("Bundle-License", "Apache-2.0;link=\"https://x\"").bytes(), "'Apache-2.0'",
                "GPL-2.0-only");
        refused(ImageJar.good().header("Bundle-License", "GPL-2.0-only,MIT").bytes(), "'MIT'");
        refused(ImageJar.good().header("Bundle-License", null).bytes(), "no licence");
    }

    @Test
    void missingFactoryClassIsRefused() {
        refused(ImageJar.good().without("dev/example/Factory.class").bytes(), "dev.example.Factory", "not in it");
    }

    @Test
    void embeddedApiClassesAreRefused() {
        refused(ImageJar.good().entry("dev/npa/plugin/Plugin.class", "x").bytes(), "dev/npa/plugin/Plugin.class");
        assertEquals("", ImageVerifier.verify("sub.jar",
                ImageJar.good().entry("dev/npa/plugin/mine/Ring.class", "x").bytes()).refusal());
    }

    @Test
    void nativeCodeAndNestedJarsAreRefused() {
        refused(ImageJar.good().entry("lib/x86/libfast.so", "x").bytes(), "libfast.so", "native code");
        refused(ImageJar.good().entry("lib/more.jar", "x").bytes(), "jar in the jar");
        refused(ImageJar.good().header("Bundle-NativeCode", "lib/x.so").bytes(), "Bundle-NativeCode");
    }

    @Test
    void foreignImportsAreRefused() {
        refused(ImageJar.good().header("Import-Package", "dev.npa.plugin,dev.npa.pf").bytes(), "imports dev.npa.pf");
        refused(ImageJar.good().header("Import-Package", "dev.npa.plugin,org.slf4j").bytes(), "imports org.slf4j");
        refused(ImageJar.good().header("Import-Package", "dev.npa.hw").bytes(), "does not import dev.npa.plugin");
        refused(ImageJar.good().header("Import-Package", "dev.npa.plugin;version=\"[x\"").bytes(), "[x");
        refused(ImageJar.good().header("DynamicImport-Package", "*").bytes(), "DynamicImport-Package");
    }

    @Test
    void misfitNamesBothVersions() {
        StoredImage image = ImageVerifier.verify("a.jar",
                ImageJar.good().header("Import-Package", "dev.npa.plugin;version=\"[1.1,2)\"").bytes());
        assertEquals("", image.misfit(1, 1));
        assertEquals("example 1.0.0 needs dev.npa.plugin [1.1.0,2.0.0); this guest's shell has 1.0.0",
                image.misfit(1, 0));
    }
}
