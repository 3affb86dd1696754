package dev.npa.plugin.broadcom.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
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

/** The plugin image as it is shipped. */
class BundleIT {

    private static final String P = "dev/npa/plugin/broadcom/";

    private static JarFile image() throws IOException {
        return new JarFile(Path.of(System.getProperty("basedir", "."), "target", "plugin-broadcom-1.0.0.jar").toFile());
    }

    @Test
    void theImageSaysWhatItIs() throws IOException {
        try (JarFile jar = image()) {
            Attributes manifest = jar.getManifest().getMainAttributes();
            assertEquals("dev.npa.plugin.broadcom", manifest.getValue("Bundle-SymbolicName"));
            assertEquals("1.0.0", manifest.getValue("Bundle-Version"));
            assertEquals("GPL-2.0-only", manifest.getValue("Bundle-License"));
            assertNotNull(manifest.getValue("Bundle-Vendor"));
            assertEquals("npa.plugin;devices:List<String>=\"14e4:166f\";"
                    + "factory=\"dev.npa.plugin.broadcom.BroadcomFactory\";npa.plugin=broadcom",
                    manifest.getValue("Provide-Capability"));
            assertEquals("dev.npa.hw;version=\"[1.0,2)\",dev.npa.plugin;version=\"[1.0,2)\","
                    + "dev.npa.shell;version=\"[1.0,2)\"", manifest.getValue("Import-Package"));
            for (String none : new String[] {"Export-Package", "Bundle-Activator", "DynamicImport-Package"}) {
                assertNull(manifest.getValue(none), none);
            }
            byte[] licence = jar.getInputStream(jar.getEntry("META-INF/LICENSE")).readAllBytes();
            assertTrue(new String(licence, StandardCharsets.UTF_8).contains("GNU GENERAL PUBLIC LICENSE"));
        }
    }

    @Test
    void theImageCarriesOnlyWhatItNeeds() throws IOException {
        try (JarFile jar = image()) {
            Set<String> packages = jar.stream().map(JarEntry::getName).filter(n -> n.endsWith(".class"))
                    .map(n -> n.substring(0, n.lastIndexOf('/') + 1)).collect(Collectors.toCollection(TreeSet::new));
            assertEquals(Set.of(P, P + "channel/", P + "device/", P + "ring/", P + "regs/", P + "scratch/",
                    "dev/npa/plugin/support/"),
                    packages);
        }
    }

    @Test
    void theImageUsesNeitherThreadsNorInputOutputNorReflection() throws IOException {
        try (JarFile jar = image()) {
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
