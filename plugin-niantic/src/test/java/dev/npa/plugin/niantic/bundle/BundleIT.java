package dev.npa.plugin.niantic.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The three jars of this module as they are shipped. */
class BundleIT {

    private static final String IMAGE = "plugin-niantic-1.0.0.jar";
    private static final String IMAGE_11 = "plugin-niantic-1.0.0-v1.1.jar";
    private static final String PF = "plugin-niantic-1.0.0-pf.jar";
    private static final String P = "dev/npa/plugin/niantic/";
    private static final String F = "dev/npa/plugin/intel/";
    private static final String S = "dev/npa/plugin/support/";

    private static Path jar(String name) {
        return Path.of(System.getProperty("basedir", "."), "target", name);
    }

    private static Attributes manifest(String name) {
        try (JarFile jar = new JarFile(jar(name).toFile())) {
            return jar.getManifest().getMainAttributes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> packages(String name) throws IOException {
        try (JarFile jar = new JarFile(jar(name).toFile())) {
            return jar.stream().map(JarEntry::getName).filter(n -> n.endsWith(".class"))
                    .map(n -> n.substring(0, n.lastIndexOf('/') + 1)).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @ParameterizedTest
    @CsvSource({IMAGE + ",1.0.0,dev.npa.plugin.niantic.NianticFactory",
        IMAGE_11 + ",1.1.0,dev.npa.plugin.niantic.v11.NianticFactory11"})
    void anImageSaysWhatItIs(String name, String version, String factory) {
        Attributes manifest = manifest(name);
        assertEquals("dev.npa.plugin.niantic", manifest.getValue("Bundle-SymbolicName"));
        assertEquals(version, manifest.getValue("Bundle-Version"));
        assertEquals("GPL-2.0-only", manifest.getValue("Bundle-License"));
        assertEquals("npa.plugin;devices:List<String>=\"8086:10ed\";factory=\"" + factory + "\";npa.plugin=niantic",
                manifest.getValue("Provide-Capability"));
        assertEquals("dev.npa.hw;version=\"[1.0,2)\",dev.npa.plugin;version=\"[1.0,2)\","
                + "dev.npa.shell;version=\"[1.0,2)\"", manifest.getValue("Import-Package"));
        assertEquals("osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=17))\"", manifest.getValue("Require-Capability"));
        for (String none : new String[] {"Export-Package", "Bundle-Activator", "DynamicImport-Package",
            "Bundle-NativeCode", "Bundle-ClassPath"}) {
            assertNull(manifest.getValue(none), none);
        }
    }

    @Test
    void anImageCarriesOnlyWhatItNeeds() throws IOException {
        assertEquals(Set.of(P, P + "device/", P + "regs/", F + "device/", F + "ring/", F + "regs/", F + "donebit/",
                F + "scratch/", S),
                packages(IMAGE));
        assertEquals(Set.of(P + "v11/", P + "device/", P + "regs/", F + "device/", F + "ring/", F + "regs/",
                F + "headwriteback/", F + "scratch/", S), packages(IMAGE_11));
        assertEquals(Set.of("dev/npa/pf/niantic/", "dev/npa/pf/intel/", P + "regs/", F + "ring/", F + "regs/",
                F + "donebit/", S), packages(PF));
    }

    @Test
    void thePfDriverIsABundleWithAnActivator() {
        Attributes manifest = manifest(PF);
        assertEquals("dev.npa.pf.niantic", manifest.getValue("Bundle-SymbolicName"));
        assertEquals("dev.npa.pf.niantic.NianticPfActivator", manifest.getValue("Bundle-Activator"));
        assertEquals("GPL-2.0-only", manifest.getValue("Bundle-License"));
        assertEquals("dev.npa.hw;version=\"[1.0,2)\",dev.npa.pf;version=\"[1.0,2)\",dev.npa.plugin;version=\"[1.0,2)\","
                + "dev.npa.shell;version=\"[1.0,2)\",org.osgi.framework;version=\"[1.10,2)\"",
                manifest.getValue("Import-Package"));
        assertNull(manifest.getValue("Export-Package"));
        assertNull(manifest.getValue("Provide-Capability"));
    }

    @ParameterizedTest
    @ValueSource(strings = {IMAGE, IMAGE_11, PF})
    void theLicenceTextIsInside(String name) throws IOException {
        assertNotNull(manifest(name).getValue("Bundle-Vendor"));
        try (JarFile jar = new JarFile(jar(name).toFile())) {
            byte[] text = jar.getInputStream(jar.getEntry("META-INF/LICENSE")).readAllBytes();
            assertTrue(new String(text, StandardCharsets.UTF_8).contains("GNU GENERAL PUBLIC LICENSE"));
            assertEquals(-1, Files.mismatch(jar(name).resolve("../../../LICENSE").normalize(), write(text)));
        }
    }

    private static Path write(byte[] text) throws IOException {
        Path copy = Files.createTempFile("licence", ".txt");
        copy.toFile().deleteOnExit();
        return Files.write(copy, text);
    }

    @ParameterizedTest
    @ValueSource(strings = {IMAGE, IMAGE_11})
    void anImageUsesNeitherThreadsNorInputOutputNorReflection(String name) throws IOException {
        try (JarFile jar = new JarFile(jar(name).toFile())) {
            for (JarEntry entry : jar.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
                String constants = new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1);
                for (String forbidden : new String[] {"java/lang/Thread", "java/io/", "java/nio/", "java/net/",
                    "java/lang/reflect/", "java/util/concurrent/", "java/lang/System"}) {
                    assertFalse(constants.contains(forbidden), entry.getName() + " uses " + forbidden);
                }
            }
        }
    }
}
