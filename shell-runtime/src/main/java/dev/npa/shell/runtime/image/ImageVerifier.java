package dev.npa.shell.runtime.image;

import dev.npa.plugin.PluginImage;
import dev.npa.shell.runtime.control.Refusal;
import dev.npa.shell.runtime.image.ManifestHeader.Clause;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/** Judges an image by its bytes and its manifest. Nothing of it runs. */
public final class ImageVerifier {

    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final Set<String> LICENCES = Set.of("GPL-2.0", "GPL-2.0-only", "GPL-2.0-or-later");
    private static final Set<String> API = Set.of("dev.npa.hw", "dev.npa.shell", "dev.npa.plugin");
    private static final List<String> FORBIDDEN_HEADERS = List.of("Bundle-NativeCode", "Bundle-ClassPath",
            "Bundle-Activator", "Fragment-Host", "Require-Bundle", "DynamicImport-Package");

    private final Map<String, Version> here;

    /**
     * Makes a verifier.
     *
     * @param here versions of the API packages in this guest, by package name
     */
    public ImageVerifier(Map<String, Version> here) {
        this.here = Map.copyOf(here);
    }

    /**
     * Verifies an image.
     *
     * @param image the bytes that will be loaded
     * @param sha256 digest that the hypervisor announced
     * @param vendor PCI vendor id of the device to drive
     * @param device PCI device id of the device to drive
     * @throws Refusal for the first rule that the image breaks
     */
    public ImageDescription verify(byte[] image, byte[] sha256, int vendor, int device) throws Refusal {
        checkDigest(image, sha256);
        Map<String, byte[]> entries = entries(image);
        Attributes manifest = manifest(entries.get(MANIFEST));
        try {
            checkLicence(manifest.getValue("Bundle-License"));
            Clause capability = capability(manifest.getValue("Provide-Capability"), vendor, device);
            checkImports(manifest.getValue("Import-Package"));
            checkContent(manifest, entries.keySet());
            String factory = capability.attribute("factory");
            if (!entries.containsKey(factory.replace('.', '/') + ".class")) {
                throw new Refusal(Refusal.IMAGE, "The plugin image names '" + factory
                        + "' as its factory in Provide-Capability, but has no such class.");
            }
            String version = manifest.getValue("Bundle-Version");
            return new ImageDescription(capability.attribute(PluginImage.NAMESPACE),
                    Version.parseVersion(version).toString(), factory);
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.IMAGE, "The plugin image's manifest is malformed: " + e.getMessage() + ".");
        }
    }

    /** SHA-256 of an image. */
    static byte[] digest(byte[] image) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(image);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void checkDigest(byte[] image, byte[] wanted) throws Refusal {
        byte[] actual = digest(image);
        if (!MessageDigest.isEqual(actual, wanted)) {
            HexFormat hex = HexFormat.of();
            throw new Refusal(Refusal.DIGEST, "The plugin image in guest memory has SHA-256 " + hex.formatHex(actual)
                    + ", but the request announced " + hex.formatHex(wanted) + "; inject the announced image.");
        }
    }

    private static Map<String, byte[]> entries(byte[] image) throws Refusal {
        try {
            return ImageJar.read(image);
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.IMAGE, "The plugin image is not a jar that can be trusted: " + e.getMessage()
                    + ".");
        }
    }

    private static Attributes manifest(byte[] bytes) throws Refusal {
        if (bytes == null) {
            throw new Refusal(Refusal.IMAGE, "The plugin image has no " + MANIFEST + "; it is no OSGi bundle.");
        }
        Attributes main;
        try {
            main = new Manifest(new ByteArrayInputStream(bytes)).getMainAttributes();
        } catch (IOException e) {
            throw new Refusal(Refusal.IMAGE, "The plugin image's manifest cannot be read: " + e.getMessage() + ".");
        }
        if (main.getValue("Bundle-SymbolicName") == null || !"2".equals(main.getValue("Bundle-ManifestVersion"))) {
            throw new Refusal(Refusal.IMAGE, "The plugin image is no OSGi bundle: Bundle-SymbolicName or "
                    + "Bundle-ManifestVersion: 2 is missing in its manifest.");
        }
        return main;
    }

    private static void checkLicence(String header) throws Refusal {
        List<Clause> licences = ManifestHeader.parse(header).clauses();
        // Several clauses mean that each of them applies to a part.
        if (licences.isEmpty() || !licences.stream().allMatch(c -> LICENCES.containsAll(c.paths()))) {
            throw new Refusal(Refusal.LICENCE, "The plugin image's Bundle-License is "
                    + (header == null ? "missing" : "'" + header.strip() + "'") + "; one of " + new TreeSet<>(LICENCES)
                    + " is needed.");
        }
    }

    private static Clause capability(String header, int vendor, int device) throws Refusal {
        List<Clause> clauses = ManifestHeader.parse(header).clauses().stream()
                .filter(c -> c.paths().contains(PluginImage.NAMESPACE)).toList();
        if (clauses.size() != 1) {
            throw new Refusal(Refusal.IMAGE, "The plugin image declares " + clauses.size() + " capabilities "
                    + PluginImage.NAMESPACE + " in Provide-Capability; exactly one is needed, annotate one factory "
                    + "with @PluginImage.");
        }
        Clause clause = clauses.get(0);
        if (clause.attribute("factory").isEmpty() || clause.attribute(PluginImage.NAMESPACE).isEmpty()) {
            throw new Refusal(Refusal.IMAGE, "The plugin image's capability " + PluginImage.NAMESPACE
                    + " lacks the attribute 'factory' or the plugin's name.");
        }
        String wanted = String.format("%04x:%04x", vendor, device);
        List<String> devices = ManifestHeader.split(clause.attribute("devices"), ',').stream().map(String::strip)
                .toList();
        if (devices.stream().noneMatch(wanted::equalsIgnoreCase)) {
            throw new Refusal(Refusal.IMAGE, "The plugin image drives " + devices + ", but the device is " + wanted
                    + ".");
        }
        return clause;
    }

    private void checkImports(String header) throws Refusal {
        for (Clause clause : ManifestHeader.parse(header).clauses()) {
            for (String name : clause.paths()) {
                if (name.startsWith("java.")) {
                    continue;
                }
                if (!API.contains(name)) {
                    throw new Refusal(Refusal.IMAGE, "The plugin image imports package " + name + "; only "
                            + new TreeSet<>(API) + " and java.* are allowed.");
                }
                checkRange(name, clause);
            }
        }
    }

    private void checkRange(String name, Clause clause) throws Refusal {
        String text = clause.attribute("version").isEmpty() ? "0.0.0" : clause.attribute("version");
        Version version = here.get(name);
        if (version == null || !new VersionRange(text).includes(version)) {
            throw new Refusal(Refusal.API_VERSION, "The plugin image needs package " + name + " " + text
                    + ", but this guest's shell has " + (version == null ? "none" : version)
                    + "; inject an image that was built for it.");
        }
    }

    private static void checkContent(Attributes manifest, Set<String> names) throws Refusal {
        for (String header : FORBIDDEN_HEADERS) {
            if (manifest.getValue(header) != null) {
                throw new Refusal(Refusal.IMAGE, "The plugin image has the header " + header
                        + ", which is not allowed in an image.");
            }
        }
        for (String name : names) {
            String lower = name.toLowerCase(java.util.Locale.ROOT);
            if (lower.matches(".*\\.(so(\\.[0-9.]+)?|dll|dylib|jnilib|o|a|exe)")) {
                throw new Refusal(Refusal.IMAGE, "The plugin image contains native code, '" + name
                        + "'; only classes and data are allowed.");
            }
            if (lower.endsWith(".jar")) {
                throw new Refusal(Refusal.IMAGE, "The plugin image contains another jar, '" + name
                        + "'; put its classes into the image itself.");
            }
            if (name.endsWith(".class") && isApi(name)) {
                throw new Refusal(Refusal.IMAGE, "The plugin image carries '" + name
                        + "', a class of the Shell API; import its package instead.");
            }
        }
    }

    private static boolean isApi(String name) {
        int slash = name.lastIndexOf('/');
        String directory = slash < 0 ? "" : name.substring(0, slash + 1);
        // Vendors' plugins live below dev.npa.plugin; the package itself is the API's.
        return directory.equals("dev/npa/plugin/") || directory.startsWith("dev/npa/hw/")
                || directory.startsWith("dev/npa/shell/") || directory.startsWith("dev/npa/pf/")
                || directory.startsWith("META-INF/versions/") || directory.startsWith("java/");
    }
}
