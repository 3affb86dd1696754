package dev.npa.plugin.kawela.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The two jars of this module as they are shipped. */
class BundleIT {

    private static final String IMAGE = "plugin-kawela-1.0.0.jar";
    private static final String PF = "plugin-kawela-1.0.0-pf.jar";
    private static final String P = "dev/npa/plugin/kawela/";
    private static final String F = "dev/npa/plugin/intel/";
    private static final String S = "dev/npa/plugin/support/";

    private static JarFile open(String name) throws IOException {
        return new JarFile(Path.of(System.getProperty("basedir", "."), "target", name).toFile());
    }

    private static Attributes manifest(String name) throws IOException {
        try (JarFile jar = open(name)) {
            return jar.getManifest().getMainAttributes();
        }
    }

    private static Set<String> packages(String name) throws IOException {
        try (JarFile jar = open(name)) {
            return jar.stream().map(JarEntry::getName).filter(n -> n.endsWith(".class"))
                    .map(n -> n.substring(0, n.lastIndexOf('/') + 1)).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void theImageSaysWhatItIs() throws IOException {
        Attributes manifest = manifest(IMAGE);
        assertEquals("dev.npa.plugin.kawela", manifest.getValue("Bundle-SymbolicName"));
        assertEquals("1.0.0", manifest.getValue("Bundle-Version"));
        assertEquals("GPL-2.0-only", manifest.getValue("Bundle-License"));
        assertEquals("npa.plugin;devices:List<String>=\"8086:10ca\";"
                + "factory=\"dev.npa.plugin.kawela.KawelaFactory\";npa.plugin=kawela",
                manifest.getValue("Provide-Capability"));
        assertEquals("dev.npa.hw;version=\"[1.0,2)\",dev.npa.plugin;version=\"[1.0,2)\","
                + "dev.npa.shell;version=\"[1.0,2)\"", manifest.getValue("Import-Package"));
        for (String none : new String[] {"Export-Package", "Bundle-Activator", "DynamicImport-Package",
            "Bundle-NativeCode", "Bundle-ClassPath"}) {
            assertNull(manifest.getValue(none), none);
        }
    }

    @Test
    void eachBundleCarriesTheFamilysPackagesThatItNeedsAndNothingOfAnotherChip() throws IOException {
        assertEquals(Set.of(P, P + "device/", P + "regs/", F + "device/", F + "ring/", F + "regs/", F + "donebit/",
                F + "scratch/", S),
                packages(IMAGE));
        assertEquals(Set.of("dev/npa/pf/kawela/", "dev/npa/pf/intel/", P + "regs/", F + "ring/", F + "regs/",
                F + "donebit/", S), packages(PF));
    }

    @Test
    void thePfDriverIsABundleWithAnActivator() throws IOException {
        Attributes manifest = manifest(PF);
        assertEquals("dev.npa.pf.kawela", manifest.getValue("Bundle-SymbolicName"));
        assertEquals("dev.npa.pf.kawela.KawelaPfActivator", manifest.getValue("Bundle-Activator"));
        assertEquals("dev.npa.hw;version=\"[1.0,2)\",dev.npa.pf;version=\"[1.0,2)\",dev.npa.plugin;version=\"[1.0,2)\","
                + "dev.npa.shell;version=\"[1.0,2)\",org.osgi.framework;version=\"[1.10,2)\"",
                manifest.getValue("Import-Package"));
        assertNull(manifest.getValue("Export-Package"));
    }

    @Test
    void theLicenceTextIsInside() throws IOException {
        for (String name : new String[] {IMAGE, PF}) {
            try (JarFile jar = open(name)) {
                byte[] text = jar.getInputStream(jar.getEntry("META-INF/LICENSE")).readAllBytes();
                assertTrue(new String(text, StandardCharsets.UTF_8).contains("GNU GENERAL PUBLIC LICENSE"));
            }
        }
    }

    @Test
    void theImageUsesNeitherThreadsNorInputOutputNorReflection() throws IOException {
        try (JarFile jar = open(IMAGE)) {
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
