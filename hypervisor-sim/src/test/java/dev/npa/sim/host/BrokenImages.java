package dev.npa.sim.host;

import dev.npa.sim.host.broken.EntryPoints;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Images derived from the delivered one, changed at one point each. Their plugin is named {@code broken}. */
final class BrokenImages {

    static final String NAME = "broken";
    static final String FILE = "broken.jar";

    private Manifest manifest;
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    /** Begins with the delivered image in another name. */
    BrokenImages() {
        try (JarFile jar = new JarFile(good().toFile())) {
            manifest = jar.getManifest();
            for (JarEntry entry : jar.stream().toList()) {
                try (InputStream in = jar.getInputStream(entry)) {
                    entries.put(entry.getName(), in.readAllBytes());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        entries.remove(JarFile.MANIFEST_NAME);
        header("Bundle-SymbolicName", "test.broken");
        header("Bundle-Version", "6.6.6");
        factory("dev.npa.plugin.niantic.NianticFactory");
    }

    /** The delivered image. */
    static Path good() {
        return Lab.images().resolve("plugin-niantic.jar");
    }

    /** An image whose entry point is one of the test's factories. */
    static BrokenImages with(Class<?> factory) {
        return new BrokenImages().testClasses().factory(factory.getName());
    }

    private BrokenImages testClasses() {
        String folder = EntryPoints.class.getPackageName().replace('.', '/') + "/";
        try {
            Path classes = Path.of(EntryPoints.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            try (Stream<Path> files = Files.list(classes.resolve(folder))) {
                for (Path file : files.sorted().toList()) {
                    entries.put(folder + file.getFileName(), Files.readAllBytes(file));
                }
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    BrokenImages factory(String factory) {
        return header("Provide-Capability", "npa.plugin;devices:List<String>=\"8086:10ed\";factory=\"" + factory
                + "\";npa.plugin=" + NAME);
    }

    /** Sets a manifest header; null removes it. */
    BrokenImages header(String name, String value) {
        Attributes.Name key = new Attributes.Name(name);
        if (value == null) {
            manifest.getMainAttributes().remove(key);
        } else {
            manifest.getMainAttributes().put(key, value);
        }
        return this;
    }

    /** Replaces a text in a header that has it. */
    BrokenImages replace(String name, String text, String by) {
        String value = manifest.getMainAttributes().getValue(name);
        if (!value.contains(text)) {
            throw new IllegalArgumentException(name + ": " + value + " does not contain " + text);
        }
        return header(name, value.replace(text, by));
    }

    BrokenImages entry(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    BrokenImages withoutManifest() {
        manifest = null;
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            if (manifest != null) {
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                manifest.write(text);
                add(zip, JarFile.MANIFEST_NAME, text.toByteArray());
            }
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                add(zip, entry.getKey(), entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void add(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        new ByteArrayInputStream(content).transferTo(zip);
        zip.closeEntry();
    }
}
