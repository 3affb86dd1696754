package dev.npa.sim.host;

import dev.npa.pf.PfDriverFactory;
import dev.npa.sim.nic.NicModelFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a simulation is made of. In the product models and PF drivers are OSGi services of the host framework.
 *
 * @param guestBundles jars that every guest boots from: the Shell API and the shell
 * @param nicModels NIC models there are
 * @param pfDrivers PF drivers there are, asked whenever a NIC is added
 * @param storage where to make the guests' scratch directories, which go with the guests; null for memory, or
 *     the directory for temporary files
 * @param memory directory in which each VM's memory is mapped from a file {@code HOST-VM.mem}, so that another process
 *     can share it; null for memory of this process only
 * @param depot what all simulations of these parts have read; the host's own
 */
public record SimulationParts(
        List<Path> guestBundles,
        List<NicModelFactory> nicModels,
        Supplier<List<PfDriverFactory>> pfDrivers,
        Path storage,
        Path memory,
        Depot depot) {

    /** Guests' memory is of this process only. */
    public SimulationParts(List<Path> guestBundles, List<NicModelFactory> nicModels,
            Supplier<List<PfDriverFactory>> pfDrivers, Path storage) {
        this(guestBundles, nicModels, pfDrivers, storage, null, new Depot());
    }

    public SimulationParts {
        guestBundles = List.copyOf(guestBundles);
        nicModels = List.copyOf(nicModels);
    }

    /** The same with guests' memory in files of a directory. */
    public SimulationParts withMemory(Path directory) {
        return new SimulationParts(guestBundles, nicModels, pfDrivers, storage, directory, depot);
    }
}
