package dev.npa.shell.runtime.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.npa.shell.runtime.control.Refusal;
import dev.npa.shell.runtime.fake.TestFramework;
import dev.npa.shell.runtime.fake.TestImages;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageVerifierTest {

    private final ImageVerifier verifier = new ImageVerifier(TestFramework.API);

    private ImageDescription verify(byte[] image) throws Refusal {
        return verifier.verify(image, ImageVerifier.digest(image), 0x1234, 0x0002);
    }

    private void refused(int result, byte[] image, String... words) {
        Refusal refusal = assertThrows(Refusal.class, () -> verify(image));
        assertEquals(result, refusal.result(), refusal.getMessage());
        for (String word : words) {
            assertTrue(refusal.getMessage().contains(word), refusal.getMessage());
        }
        assertTrue(refusal.getMessage().endsWith("."), refusal.getMessage());
    }

    @Test
    void aGoodImageIsDescribed() throws Refusal {
        assertEquals("test 1.2.3", verify(TestImages.good()).toString());
        assertEquals("dev.npa.testimage.Factories$Good", verify(TestImages.good()).factory());
    }

    @Test
    void aWrongDigestIsRefusedWithBothDigests() {
        byte[] image = TestImages.good();
        byte[] wanted = ImageVerifier.digest(image);
        image[40] ^= 1;
        Refusal refusal = assertThrows(Refusal.class, () -> verifier.verify(image, wanted, 0x1234, 1));
        assertEquals(Refusal.DIGEST, refusal.result());
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] image = TestImages.good();
        for (int length = 0; length < image.length; length += 1 + length / 40) {
            refused(Refusal.IMAGE, Arrays.copyOf(image, length));
        }
    }

    @Test
    void everyFlippedByteIsRefusedOrHarmless() throws Refusal {
        byte[] image = TestImages.good();
        int refused = 0;
        for (int i = 0; i < image.length; i += 7) {
            byte[] damaged = image.clone();
            damaged[i] ^= 0x20;
            try {
                // Times and attributes of entries are not checked, since nobody acts on them.
                assertEquals("test 1.2.3", verify(damaged).toString());
            } catch (Refusal e) {
                refused++;
            }
        }
        assertTrue(refused > image.length / 7 * 8 / 10, refused + " of " + image.length / 7);
    }

    @Test
    void asecondArchiveBehindOrBeforeIsRefused() {
        byte[] good = TestImages.good();
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(good);
        both.writeBytes(TestImages.good());
        refused(Refusal.IMAGE, both.toByteArray(), "not a jar that can be trusted");
        byte[] padded = Arrays.copyOf(good, good.length + 22);
        refused(Refusal.IMAGE, padded, "truncated or has a comment");
    }

    @Test
    void somethingThatIsNoJarOrNoBundleIsRefused() {
        refused(Refusal.IMAGE, "no jar at all, but text that is long enough".getBytes(), "does not begin like a jar");
        refused(Refusal.IMAGE, new TestImages().withoutManifest().build(), "no META-INF/MANIFEST.MF");
        refused(Refusal.IMAGE, new TestImages().header("Bundle-SymbolicName", null).build(), "no OSGi bundle");
    }

    @Test
    void duplicateEntriesAreRefused() {
        byte[] image = new TestImages().entry("data/aa", new byte[] {1}).entry("data/ab", new byte[] {1}).build();
        String text = new String(image, java.nio.charset.StandardCharsets.ISO_8859_1).replace("data/ab", "data/aa");
        refused(Refusal.IMAGE, text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), "'data/aa' stands twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Apache-2.0", "GPL-3.0-only", "GPL-2.0-only,Proprietary", "GPL-2.0-only;Proprietary",
        "https://www.gnu.org/licenses/old-licenses/gpl-2.0.html", "<<EXTERNAL>>"})
    void aForeignLicenceIsRefused(String licence) {
        refused(Refusal.LICENCE, new TestImages().header("Bundle-License", licence).build(), licence, "GPL-2.0-only");
    }

    @Test
    void aMissingLicenceIsRefused() {
        refused(Refusal.LICENCE, new TestImages().header("Bundle-License", null).build(), "missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GPL-2.0", "\"GPL-2.0-or-later\"", "GPL-2.0-only;link=\"https://a.b/c,d;e\""})
    void gplInEverySpellingOfSpdxPasses(String licence) throws Refusal {
        verify(new TestImages().header("Bundle-License", licence).build());
    }

    @Test
    void anImageWithoutCapabilityIsRefused() {
        refused(Refusal.IMAGE, new TestImages().header("Provide-Capability", "foo;bar=1").build(), "0 capabilities");
        refused(Refusal.IMAGE, new TestImages().header("Provide-Capability", null).build(), "@PluginImage");
    }

    @Test
    void anImageForOtherDevicesIsRefusedWithBothIds() {
        byte[] image = TestImages.good();
        Refusal refusal = assertThrows(Refusal.class,
                () -> verifier.verify(image, ImageVerifier.digest(image), 0x8086, 0x10ED));
        assertTrue(refusal.getMessage().contains("8086:10ed") && refusal.getMessage().contains("1234:0001"));
    }

    @Test
    void aFactoryThatIsNotInTheImageIsRefused() {
        refused(Refusal.IMAGE, new TestImages().header("Provide-Capability",
                "npa.plugin;npa.plugin=x;factory=no.Such;devices=\"1234:0002\"").build(), "no.Such");
    }

    @Test
    void anApiRangeThatDoesNotFitNamesBothVersions() {
        refused(Refusal.API_VERSION, new TestImages().header("Import-Package",
                "dev.npa.plugin;version=\"[1.1,2)\",dev.npa.shell;version=\"[1.0,2)\"").build(),
                "dev.npa.plugin [1.1,2)", "has 1.0.0");
        refused(Refusal.API_VERSION, new TestImages().header("Import-Package", "dev.npa.hw;version=2.0").build(),
                "dev.npa.hw 2.0", "has 1.0.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"org.osgi.framework", "dev.npa.pf", "dev.npa.shell.runtime", "sun.misc", "org.slf4j"})
    void foreignImportsAreRefused(String name) {
        refused(Refusal.IMAGE, new TestImages().header("Import-Package", "java.util," + name).build(), name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"lib/libx.so", "lib/libx.so.1.2", "x.DLL", "a/b.dylib", "lib/inner.jar",
        "dev/npa/plugin/Plugin.class", "dev/npa/hw/Own.class", "dev/npa/shell/runtime/Guest.class",
        "dev/npa/pf/X.class", "META-INF/versions/17/dev/npa/hw/X.class"})
    void nativeCodeAndApiClassesInsideAreRefused(String name) {
        refused(Refusal.IMAGE, new TestImages().entry(name, new byte[] {1, 2, 3}).build(), "'" + name + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bundle-NativeCode", "Bundle-Activator", "Fragment-Host", "Require-Bundle",
        "DynamicImport-Package", "Bundle-ClassPath"})
    void headersThatReachFurtherThanTheContractAreRefused(String header) {
        refused(Refusal.IMAGE, new TestImages().header(header, "x").build(), header);
    }

    @Test
    void aMalformedHeaderIsASentence() {
        refused(Refusal.IMAGE, new TestImages().header("Import-Package", "a;b=\"c").build(), "quote");
        refused(Refusal.IMAGE, new TestImages().header("Bundle-Version", "one").build(), "malformed");
    }

    @Test
    void pluginsOfVendorsMayLiveBelowDevNpaPlugin() throws Refusal {
        verify(new TestImages().entry("dev/npa/plugin/niantic/X.class", new byte[] {1}).build());
    }
}
