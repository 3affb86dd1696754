package dev.npa.sim.host;

import dev.npa.hw.Machine;
import dev.npa.sim.guest.GuestFramework;
import dev.npa.sim.guest.GuestSoftware;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A guest that boots a nested framework from bundles. */
final class FelixGuest implements GuestSystem {

    private static final Logger LOG = LoggerFactory.getLogger(FelixGuest.class);

    private final Machine machine;
    private final Map<String, ?> parameters;
    private final GuestSoftware software;
    private final Path storage;
    private volatile GuestFramework framework;

    private FelixGuest(Machine machine, Map<String, ?> parameters, GuestSoftware software, Path storage) {
        this.machine = machine;
        this.parameters = parameters;
        this.software = software;
        this.storage = storage;
    }

    /** Guests that boot from the jars of these parts, which are read at the first boot and then kept. */
    static Factory factory(SimulationParts parts) {
        return (machine, parameters) -> new FelixGuest(machine, parameters, parts.depot().software(parts.guestBundles()),
                parts.storage());
    }

    @Override
    public void boot() {
        framework = GuestFramework.boot(machine.name(), machine, parameters, software, storage);
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
