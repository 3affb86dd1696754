package dev.npa.sim.host;

import dev.npa.hw.Machine;
import dev.npa.sim.guest.GuestFramework;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A guest that boots a nested framework from bundles. */
final class FelixGuest implements GuestSystem {

    private static final Logger LOG = LoggerFactory.getLogger(FelixGuest.class);

    private final Machine machine;
    private final Map<String, ?> parameters;
    private final Map<String, byte[]> bundles;
    private final Path storage;
    private volatile GuestFramework framework;

    private FelixGuest(Machine machine, Map<String, ?> parameters, Map<String, byte[]> bundles, Path storage) {
        this.machine = machine;
        this.parameters = parameters;
        this.bundles = bundles;
        this.storage = storage;
    }

    /** Guests that boot from these jars, which are read at the first boot and then kept. */
    static Factory factory(List<Path> jars, Path storage) {
        Map<String, byte[]> bundles = new LinkedHashMap<>();
        return (machine, parameters) -> {
            synchronized (bundles) {
                if (bundles.isEmpty()) {
                    read(jars, bundles);
                }
            }
            return new FelixGuest(machine, parameters, bundles, storage);
        };
    }

    private static void read(List<Path> jars, Map<String, byte[]> bundles) {
        if (jars.isEmpty()) {
            throw new IllegalStateException("there are no bundles to boot a guest from");
        }
        for (Path jar : jars) {
            try {
                bundles.put(jar.getFileName().toString(), Files.readAllBytes(jar));
            } catch (IOException e) {
                bundles.clear();
                throw new IllegalStateException("the guest bundle " + jar + " cannot be read: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public void boot() {
        framework = GuestFramework.boot(machine.name(), machine, parameters, bundles, storage);
    }

    @Override
    public void stop() {
        GuestFramework f = framework;
        if (f == null) {
            return;
        }
        try {
            f.stop();
        } catch (IllegalStateException e) {
            LOG.error("{}: {}", machine.name(), e.getMessage(), e);
        }
    }

    @Override
    public Map<String, Long> statistics() {
        GuestFramework f = framework;
        return f == null ? Map.of() : f.statistics();
    }

    @Override
    public int unloaded() {
        GuestFramework f = framework;
        return f == null ? 0 : f.unloadedImages();
    }

    @Override
    public int classLoadersCollected() {
        GuestFramework f = framework;
        return f == null ? 0 : f.collectedClassLoaders();
    }
}
