package dev.npa.shell.runtime.fake;

import dev.npa.testimage.Factories;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Builds plugin images by hand: a manifest and the classes of {@code dev.npa.testimage}. */
public final class TestImages {

    private static final String[] CLASSES = {"TestPlugin", "TestPlugin$PluginFailure", "TestQueue", "Factories",
        "Factories$Good",
        "Factories$BadConstructor", "Factories$BadSupports", "Factories$SupportsNothing", "Factories$BadCreate",
        "Factories$BadConfigure", "Factories$BadConfigure$1", "Factories$BadStart", "Factories$BadStart$1",
        "Factories$NoFactory"};

    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    public TestImages() {
        headers.put("Manifest-Version", "1.0");
        headers.put("Bundle-ManifestVersion", "2");
        headers.put("Bundle-SymbolicName", "test.image");
        headers.put("Bundle-Version", "1.2.3");
        headers.put("Bundle-License", "GPL-2.0-only;link=\"https://www.gnu.org/licenses/old-licenses/gpl-2.0.html\"");
        headers.put("Import-Package", "dev.npa.hw;version=\"[1.0,2)\",dev.npa.plugin;version=\"[1.0,2)\","
                + "dev.npa.shell;version=\"[1.0,2)\"");
        factory(Factories.Good.class);
        for (String name : CLASSES) {
            entries.put("dev/npa/testimage/" + name + ".class", bytes("/dev/npa/testimage/" + name + ".class"));
        }
    }

    private static byte[] bytes(String resource) {
        try (InputStream in = TestImages.class.getResourceAsStream(resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The image that works. */
    public static byte[] good() {
        return new TestImages().build();
    }

    public static byte[] with(Class<?> factory) {
        return new TestImages().factory(factory).build();
    }

    public TestImages factory(Class<?> factory) {
        return header("Provide-Capability", "npa.plugin;npa.plugin=test;factory=\"" + factory.getName()
                + "\";devices:List<String>=\"1234:0001,1234:0002\"");
    }

    /** Sets a header; null removes it. */
    public TestImages header(String name, String value) {
        if (value == null) {
            headers.remove(name);
        } else {
            headers.put(name, value);
        }
        return this;
    }

    public TestImages entry(String name, byte[] content) {
        entries.put(name, content);
        return this;
    }

    public byte[] build() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            if (!headers.isEmpty()) {
                put(zip, "META-INF/MANIFEST.MF", manifest());
            }
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                put(zip, entry.getKey(), entry.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    public TestImages withoutManifest() {
        headers.clear();
        return this;
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(1_000_000_000_000L);
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private byte[] manifest() {
        StringBuilder text = new StringBuilder();
        headers.forEach((name, value) -> {
            String line = name + ": " + value;
            // A manifest's lines have 72 bytes at most; the next begins with a blank.
            for (int i = 0; i < line.length(); i += 70) {
                text.append(i == 0 ? "" : " ").append(line, i, Math.min(line.length(), i + 70)).append("\r\n");
            }
        });
        return text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }
}
