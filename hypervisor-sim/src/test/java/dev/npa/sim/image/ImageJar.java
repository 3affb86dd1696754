package dev.npa.sim.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Makes jars for tests: a good plugin image whose headers and entries can be changed one by one. */
public final class ImageJar {

    private final Map<String, String> headers = new LinkedHashMap<>();
    private final Map<String, byte[]> entries = new LinkedHashMap<>();

    private ImageJar() {
        header("Manifest-Version", "1.0");
        header("Bundle-ManifestVersion", "2");
        header("Bundle-SymbolicName", "dev.example.plugin");
        header("Bundle-Version", "1.0.0");
        header("Bundle-License", "GPL-2.0-only;link=\"https://example.org/a,b\"");
        header("Import-Package", "dev.npa.hw;version=\"[1.0,2)\",dev.npa.plugin;version=\"[1.0,2)\","
                + "dev.npa.shell;version=\"[1.0,2)\"");
        capability("example", "8086:10ed,8086:1515");
        entry("dev/", "");
        entry("dev/example/Factory.class", "not run");
    }

    /** A jar that is not refused. */
    public static ImageJar good() {
        return new ImageJar();
    }

    /** Sets a manifest header; null removes it. */
    public ImageJar header(String name, String value) {
        if (value == null) {
            headers.remove(name);
        } else {
            headers.put(name, value);
        }
        return this;
    }

    public ImageJar version(String version) {
        return header("Bundle-Version", version);
    }

    public ImageJar capability(String name, String devices) {
        return header("Provide-Capability", "npa.plugin;npa.plugin=\"" + name + "\";devices:List<String>=\"" + devices
                + "\";factory=\"dev.example.Factory\"");
    }

    public ImageJar entry(String name, String content) {
        entries.put(name, content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public ImageJar without(String entry) {
        entries.remove(entry);
        return this;
    }

    public byte[] bytes() {
        StringBuilder manifest = new StringBuilder();
        headers.forEach((k, v) -> manifest.append(fold(k + ": " + v)));
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("META-INF/MANIFEST.MF", manifest.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        all.putAll(entries);
        return zip(all);
    }

    static byte[] zip(Map<String, byte[]> entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> e : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(e.getKey()));
                zip.write(e.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static String fold(String line) {
        StringBuilder out = new StringBuilder();
        String rest = line;
        while (rest.length() > 70) {
            out.append(rest, 0, 70).append("\r\n ");
            rest = rest.substring(70);
        }
        return out.append(rest).append("\r\n").toString();
    }
}
