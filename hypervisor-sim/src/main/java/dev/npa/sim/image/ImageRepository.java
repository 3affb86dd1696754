package dev.npa.sim.image;

import dev.npa.hw.PciIdentity;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.osgi.framework.Version;

/**
 * The plugin images of a host: the jars of a directory. Jars may be added, replaced and removed at any time; each is
 * read and verified once. Thread-safe.
 */
public final class ImageRepository {

    private record Cached(long size, FileTime modified, StoredImage image) {}

    /**
     * An answer of {@link #pick}.
     *
     * @param image the image; null if none fits
     * @param reason one sentence why none does; empty otherwise
     */
    public record Choice(StoredImage image, String reason) {}

    private final Path directory;
    private Map<String, Cached> cache = new TreeMap<>();

    public ImageRepository(Path directory) {
        this.directory = directory;
    }

    /** All jars, the refused ones included, in the order of their file names. */
    public synchronized List<StoredImage> images() {
        Map<String, Cached> fresh = new TreeMap<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "*.jar")) {
                for (Path jar : jars) {
                    fresh.put(jar.getFileName().toString(), load(jar));
                }
            } catch (IOException e) {
                throw new IllegalStateException("the image directory " + directory + " cannot be read: "
                        + e.getMessage(), e);
            }
        }
        cache = fresh;
        return fresh.values().stream().map(Cached::image).toList();
    }

    /**
     * Chooses the newest usable image that drives a device and fits a guest.
     *
     * @param device identity of the VF
     * @param apiMajor version of the guest's plugin API
     * @param apiMinor its minor version
     * @param name plugin name, or null for any
     * @param version exact version, or null for the newest
     */
    public Choice pick(PciIdentity device, int apiMajor, int apiMinor, String name, String version) {
        List<StoredImage> named = new ArrayList<>();
        List<StoredImage> all = images();
        for (StoredImage image : all) {
            if ((name == null || name.equals(image.name())) && (version == null || matches(version, image))) {
                named.add(image);
            }
        }
        named.sort(Comparator.comparing(StoredImage::version).reversed().thenComparing(StoredImage::file));
        String misfit = "";
        for (StoredImage image : named) {
            String why = !image.isUsable() ? image.refusal()
                    : !image.drives(device) ? image + " drives " + String.join(", ", image.devices())
                    + " and the virtual function is " + device
                    : image.misfit(apiMajor, apiMinor);
            if (why.isEmpty()) {
                return new Choice(image, "");
            }
            misfit = misfit.isEmpty() ? why : misfit;
        }
        if (!misfit.isEmpty()) {
            return new Choice(null, "no plugin image fits: " + misfit);
        }
        String wanted = (name == null ? "plugin image" : "image '" + name + "'")
                + (version == null ? "" : " in version " + version);
        return new Choice(null, "there is no " + wanted + " for " + device + "; the repository has " + list(all));
    }

    private static String list(List<StoredImage> all) {
        if (all.isEmpty()) {
            return "no images";
        }
        String refusals = all.stream().map(StoredImage::refusal).filter(r -> !r.isEmpty())
                .collect(Collectors.joining("; "));
        return all.stream().filter(StoredImage::isUsable).map(StoredImage::toString).toList()
                + (refusals.isEmpty() ? "" : "; " + refusals);
    }

    private Cached load(Path jar) throws IOException {
        String file = jar.getFileName().toString();
        FileTime modified = Files.getLastModifiedTime(jar);
        long size = Files.size(jar);
        Cached known = cache.get(file);
        if (known != null && known.size == size && known.modified.equals(modified)) {
            return known;
        }
        if (size > ImageVerifier.MAX_IMAGE || !Files.isRegularFile(jar)) {
            return new Cached(size, modified, new StoredImage(file, file, Version.emptyVersion, List.of(), "",
                    new byte[32], Map.of(), new byte[0], file + " is refused: it is no file of at most "
                    + ImageVerifier.MAX_IMAGE + " bytes"));
        }
        return new Cached(size, modified, ImageVerifier.verify(file, Files.readAllBytes(jar)));
    }

    private static boolean matches(String version, StoredImage image) {
        try {
            return Version.parseVersion(version).equals(image.version());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
