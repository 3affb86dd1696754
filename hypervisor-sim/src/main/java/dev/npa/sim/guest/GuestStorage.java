package dev.npa.sim.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A guest framework's scratch directory: it holds a few bytes a bundle and goes when the guest stops. */
final class GuestStorage {

    private static final Path MEMORY_DISK = Path.of("/dev/shm");

    private GuestStorage() {}

    /**
     * Makes an empty directory.
     *
     * @param parent where; null for a disk in memory if there is one, else the directory for temporary files
     */
    static Path create(Path parent) {
        try {
            if (parent != null) {
                return Files.createTempDirectory(Files.createDirectories(parent), "npa-guest-");
            }
            if (Files.isDirectory(MEMORY_DISK) && Files.isWritable(MEMORY_DISK)) {
                return Files.createTempDirectory(MEMORY_DISK, "npa-guest-");
            }
            return Files.createTempDirectory("npa-guest-");
        } catch (IOException e) {
            throw new UncheckedIOException("no scratch directory for a guest: " + e.getMessage(), e);
        }
    }

    static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("scratch directory " + directory + " of a guest: " + e.getMessage(), e);
        }
    }
}
