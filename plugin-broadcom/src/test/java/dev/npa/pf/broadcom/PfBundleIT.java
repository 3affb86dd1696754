package dev.npa.pf.broadcom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The PF driver's bundle as it is shipped. */
class PfBundleIT {

    private static JarFile open() throws IOException {
        return new JarFile(Path.of(System.getProperty("basedir", "."), "target", "plugin-broadcom-1.0.0-pf.jar")
                .toFile());
    }

    @Test
    void bundleHasAnActivatorAndImportsTheApiAlone() throws IOException {
        try (JarFile jar = open()) {
            Attributes manifest = jar.getManifest().getMainAttributes();
            assertEquals("dev.npa.pf.broadcom", manifest.getValue("Bundle-SymbolicName"));
            assertEquals("dev.npa.pf.broadcom.BroadcomPfActivator", manifest.getValue("Bundle-Activator"));
            assertEquals("GPL-2.0-only", manifest.getValue("Bundle-License"));
            assertEquals("dev.npa.hw;version=\"[1.0,2)\",dev.npa.pf;version=\"[1.0,2)\","
                    + "dev.npa.plugin;version=\"[1.0,2)\",dev.npa.shell;version=\"[1.0,2)\","
                    + "org.osgi.framework;version=\"[1.10,2)\"", manifest.getValue("Import-Package"));
            assertNull(manifest.getValue("Export-Package"));
            assertNull(manifest.getValue("Provide-Capability"));
            assertNotNull(jar.getEntry("META-INF/LICENSE"));
        }
    }

    @Test
    void bundleCarriesItsPackagesAndTheImagesRings() throws IOException {
        try (JarFile jar = open()) {
            Set<String> packages = jar.stream().map(JarEntry::getName).filter(n -> n.endsWith(".class"))
                    .map(n -> n.substring(0, n.lastIndexOf('/'))).collect(Collectors.toCollection(TreeSet::new));
            assertEquals(Set.of("dev/npa/pf/broadcom", "dev/npa/pf/broadcom/channel", "dev/npa/pf/broadcom/hsi",
                    "dev/npa/plugin/broadcom/regs", "dev/npa/plugin/broadcom/ring", "dev/npa/plugin/support"),
                    packages);
        }
    }
}
