package dev.npa.sim.guest;

import dev.npa.sim.jar.JarReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Manifest;
import java.util.zip.ZipException;
import org.osgi.framework.connect.ConnectContent;
import org.osgi.framework.connect.ConnectModule;

/** A bundle's content in memory, as a framework reads it. Immutable once made; thread-safe. */
final class BundleContent implements ConnectModule, ConnectContent {

    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    private final Map<String, byte[]> entries;
    private final Map<String, String> headers;

    private BundleContent(Map<String, byte[]> entries, Map<String, String> headers) {
        this.entries = entries;
        this.headers = headers;
    }

    /**
     * Unpacks a bundle.
     *
     * @throws ZipException if it is no jar, or no bundle; one sentence
     */
    static BundleContent of(byte[] jar) throws ZipException {
        Map<String, byte[]> entries = JarReader.read(jar);
        byte[] manifest = entries.get(MANIFEST);
        if (manifest == null) {
            throw new ZipException("not a bundle: it has no " + MANIFEST);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        try {
            new Manifest(new ByteArrayInputStream(manifest)).getMainAttributes()
                    .forEach((name, value) -> headers.put(name.toString(), value.toString()));
        } catch (IOException e) {
            throw new ZipException("not a bundle: " + MANIFEST + ": " + e.getMessage());
        }
        if (!headers.containsKey("Bundle-SymbolicName")) {
            throw new ZipException("not a bundle: its manifest has no Bundle-SymbolicName");
        }
        return new BundleContent(entries, headers);
    }

    @Override
    public ConnectContent getContent() {
        return this;
    }

    @Override
    public Optional<Map<String, String>> getHeaders() {
        return Optional.of(headers);
    }

    @Override
    public Iterable<String> getEntries() {
        return entries.keySet();
    }

    @Override
    public Optional<ConnectEntry> getEntry(String path) {
        byte[] bytes = entries.get(path);
        return bytes == null ? Optional.empty() : Optional.of(new Entry(path, bytes));
    }

    /** None: the framework defines the classes, in a loader of the bundle's own. */
    @Override
    public Optional<ClassLoader> getClassLoader() {
        return Optional.empty();
    }

    @Override
    public void open() {
        // Memory is always open.
    }

    @Override
    public void close() {
        // The framework lets go of this object.
    }

    private static final class Entry implements ConnectEntry {
        private final String name;
        private final byte[] bytes;

        Entry(String name, byte[] bytes) {
            this.name = name;
            this.bytes = bytes;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public long getContentLength() {
            return bytes.length;
        }

        @Override
        public long getLastModified() {
            return 0;
        }

        @Override
        public InputStream getInputStream() {
            return new ByteArrayInputStream(bytes);
        }
    }
}
