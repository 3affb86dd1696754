package dev.npa.sim.host;

import dev.npa.sim.guest.GuestSoftware;
import dev.npa.sim.image.ImageRepository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What simulations of the same parts read from the disk once: the bundles that guests boot from, and a repository for
 * each directory of images. Nothing of a simulation is in it. Thread-safe.
 */
final class Depot {

    private final Map<Path, ImageRepository> repositories = new ConcurrentHashMap<>();
    private final Map<List<Path>, GuestSoftware> software = new ConcurrentHashMap<>();

    ImageRepository images(Path directory) {
        return repositories.computeIfAbsent(directory.toAbsolutePath().normalize(), d -> new ImageRepository(directory));
    }

    /** Bundles of guests, read at the first call. */
    GuestSoftware software(List<Path> jars) {
        return software.computeIfAbsent(jars, Depot::read);
    }

    private static GuestSoftware read(List<Path> jars) {
        if (jars.isEmpty()) {
            throw new IllegalStateException("there are no bundles to boot a guest from");
        }
        Map<String, byte[]> bundles = new LinkedHashMap<>();
        for (Path jar : jars) {
            try {
                bundles.put(jar.getFileName().toString(), Files.readAllBytes(jar));
            } catch (IOException e) {
                throw new IllegalStateException("the guest bundle " + jar + " cannot be read: " + e.getMessage(), e);
            }
        }
        return new GuestSoftware(bundles);
    }
}
