package dev.npa.sim.image;

import dev.npa.sim.jar.JarReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/**
 * Decides whether a jar may be injected into a guest: unambiguous jar, OSGi bundle, one {@code npa.plugin} capability,
 * licence GPL-2.0, nothing but the plugin's own classes, imports of the plugin-side API only. Runs none of it.
 */
public final class ImageVerifier {

    /** Largest jar in bytes. */
    public static final int MAX_IMAGE = 16 << 20;
    /** Package whose version a guest announces. */
    public static final String API_PACKAGE = "dev.npa.plugin";

    private static final String CAPABILITY = "npa.plugin";
    private static final Set<String> IMPORTS = Set.of(API_PACKAGE, "dev.npa.shell", "dev.npa.hw");
    private static final Set<String> API_PACKAGES = Set.of(API_PACKAGE, "dev.npa.shell", "dev.npa.hw", "dev.npa.pf");
    private static final Set<String> LICENCES = Set.of("GPL-2.0", "GPL-2.0-only", "GPL-2.0-or-later");
    private static final Set<String> NATIVE = Set.of("so", "dll", "dylib", "jnilib", "a", "o", "exe");
    private static final List<String> FORBIDDEN_HEADERS = List.of("Bundle-NativeCode", "Require-Bundle",
            "DynamicImport-Package", "Fragment-Host", "Bundle-Activator");
    private static final Pattern DEVICE = Pattern.compile("[0-9a-f]{4}:[0-9a-f]{4}");

    private final String file;
    private final byte[] bytes;
    private String name;
    private Version version = Version.emptyVersion;
    private List<String> devices = List.of();
    private String licence = "";
    private final Map<String, VersionRange> imports = new LinkedHashMap<>();

    private ImageVerifier(String file, byte[] bytes) {
        this.file = file;
        this.bytes = bytes;
        this.name = file;
    }

    /**
     * Verifies a jar.
     *
     * @param file name for the list
     * @param bytes the whole jar; kept, not copied
     * @return the image, with a refusal if it is not to be injected
     */
    public static StoredImage verify(String file, byte[] bytes) {
        ImageVerifier verifier = new ImageVerifier(file, bytes);
        String refusal = "";
        try {
            verifier.check();
        } catch (ImageRefusal e) {
            refusal = file + " is refused: " + e.getMessage();
        }
        return new StoredImage(file, verifier.name, verifier.version, verifier.devices, verifier.licence,
                sha256(bytes), Map.copyOf(verifier.imports), bytes, refusal);
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private void check() throws ImageRefusal {
        if (bytes.length > MAX_IMAGE) {
            throw new ImageRefusal("it has " + bytes.length + " bytes; a plugin image has at most " + MAX_IMAGE);
        }
        Map<String, byte[]> content = unpack();
        Attributes headers = manifest(content);
        identity(headers);
        HeaderClause capability = capability(headers);
        licence(headers);
        headers(headers);
        imports(headers);
        entries(content);
        factory(content, capability);
    }

    private Map<String, byte[]> unpack() throws ImageRefusal {
        try {
            return JarReader.read(bytes);
        } catch (ZipException e) {
            throw new ImageRefusal(e.getMessage());
        }
    }

    private static Attributes manifest(Map<String, byte[]> content) throws ImageRefusal {
        byte[] text = content.get("META-INF/MANIFEST.MF");
        if (text == null) {
            throw new ImageRefusal("it has no META-INF/MANIFEST.MF");
        }
        try {
            return new Manifest(new ByteArrayInputStream(text)).getMainAttributes();
        } catch (IOException e) {
            throw new ImageRefusal("its manifest cannot be read: " + e.getMessage());
        }
    }

    private void identity(Attributes headers) throws ImageRefusal {
        List<HeaderClause> names = HeaderClause.parse(headers.getValue("Bundle-SymbolicName"));
        if (names.isEmpty() || !"2".equals(headers.getValue("Bundle-ManifestVersion"))) {
            throw new ImageRefusal("it is no OSGi bundle; the manifest needs Bundle-ManifestVersion: 2 and a "
                    + "Bundle-SymbolicName");
        }
        String text = headers.getValue("Bundle-Version");
        try {
            version = Version.parseVersion(text);
        } catch (IllegalArgumentException e) {
            throw new ImageRefusal("its Bundle-Version '" + text + "' is not a version such as 1.0.0");
        }
    }

    private HeaderClause capability(Attributes headers) throws ImageRefusal {
        List<HeaderClause> found = new ArrayList<>();
        for (HeaderClause clause : HeaderClause.parse(headers.getValue("Provide-Capability"))) {
            if (clause.path().equals(CAPABILITY)) {
                found.add(clause);
            }
        }
        if (found.size() != 1) {
            throw new ImageRefusal("it has " + found.size() + " capabilities " + CAPABILITY
                    + "; a plugin image has exactly one, from @PluginImage on its factory");
        }
        HeaderClause capability = found.get(0);
        String plugin = capability.attributes().getOrDefault(CAPABILITY, "");
        if (plugin.isBlank()) {
            throw new ImageRefusal("its " + CAPABILITY + " capability names no plugin");
        }
        name = plugin;
        List<String> ids = new ArrayList<>();
        for (String id : HeaderClause.list(capability.attributes().get("devices"))) {
            String lower = id.toLowerCase(Locale.ROOT);
            if (!DEVICE.matcher(lower).matches()) {
                throw new ImageRefusal("device '" + id + "' of its " + CAPABILITY
                        + " capability is not an id such as 8086:10ed");
            }
            ids.add(lower);
        }
        devices = List.copyOf(ids);
        if (ids.isEmpty()) {
            throw new ImageRefusal("its " + CAPABILITY + " capability names no devices");
        }
        return capability;
    }

    private void licence(Attributes headers) throws ImageRefusal {
        List<HeaderClause> clauses = HeaderClause.parse(headers.getValue("Bundle-License"));
        if (clauses.isEmpty()) {
            throw new ImageRefusal("it states no licence; Bundle-License must be one of " + sorted(LICENCES));
        }
        licence = clauses.get(0).path();
        for (HeaderClause clause : clauses) {
            if (!LICENCES.contains(clause.path())) {
                licence = clause.path();
                throw new ImageRefusal("its licence is '" + clause.path() + "'; Bundle-License must be one of "
                        + sorted(LICENCES));
            }
        }
    }

    private static void headers(Attributes headers) throws ImageRefusal {
        for (String header : FORBIDDEN_HEADERS) {
            if (headers.getValue(header) != null) {
                throw new ImageRefusal("its manifest has " + header + ", which a plugin image must not have");
            }
        }
        String classPath = headers.getValue("Bundle-ClassPath");
        if (classPath != null && !classPath.equals(".")) {
            throw new ImageRefusal("its Bundle-ClassPath is '" + classPath + "'; classes must lie in the jar itself");
        }
    }

    private void imports(Attributes headers) throws ImageRefusal {
        for (HeaderClause clause : HeaderClause.parse(headers.getValue("Import-Package"))) {
            for (String wanted : clause.paths()) {
                if (!IMPORTS.contains(wanted) && !wanted.startsWith("java.")) {
                    throw new ImageRefusal("it imports " + wanted + "; a plugin image may import "
                            + sorted(IMPORTS) + " only");
                }
                String range = clause.attributes().getOrDefault("version", "0");
                try {
                    imports.put(wanted, new VersionRange(range));
                } catch (IllegalArgumentException e) {
                    throw new ImageRefusal("version '" + range + "' of its import " + wanted
                            + " is not a range such as [1.0,2)");
                }
            }
        }
        if (!imports.containsKey(API_PACKAGE)) {
            throw new ImageRefusal("it does not import " + API_PACKAGE + ", so it cannot implement a plugin");
        }
    }

    private static void entries(Map<String, byte[]> content) throws ImageRefusal {
        for (String entry : content.keySet()) {
            String suffix = entry.substring(entry.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
            if (NATIVE.contains(suffix)) {
                throw new ImageRefusal("'" + entry + "' looks like native code, which a plugin image must not have");
            }
            if (suffix.equals("jar")) {
                throw new ImageRefusal("'" + entry + "' is a jar in the jar; classes must lie in the image itself");
            }
            int slash = entry.lastIndexOf('/');
            if (entry.endsWith(".class") && slash > 0
                    && API_PACKAGES.contains(entry.substring(0, slash).replace('/', '.'))) {
                throw new ImageRefusal("it embeds '" + entry + "'; API classes come from the shell only");
            }
        }
    }

    private static void factory(Map<String, byte[]> content, HeaderClause capability) throws ImageRefusal {
        String factory = capability.attributes().getOrDefault("factory", "");
        if (factory.isBlank() || content.get(factory.replace('.', '/') + ".class") == null) {
            throw new ImageRefusal("its " + CAPABILITY + " capability names the factory '" + factory
                    + "', which is not in it");
        }
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }
}
