package dev.npa.sim.cli;

import dev.npa.pf.PfDriverFactory;
import dev.npa.sim.host.SimulationParts;
import dev.npa.sim.nic.NicModelFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/**
 * What is installed: the directory with guest bundles and plugin images, and the services of the host framework.
 */
public final class Installation {

    private final BundleContext context;
    private final Path home;
    private final Path storage;

    public Installation(BundleContext context) {
        this.context = context;
        String property = context.getProperty("npa.home");
        this.home = Path.of(property == null ? "." : property);
        String directory = context.getProperty("npa.storage");
        this.storage = Path.of(directory == null ? System.getProperty("java.io.tmpdir") : directory);
    }

    /** Version of the hypervisor bundle; {@code ?} outside a framework. */
    static String version() {
        Bundle bundle = FrameworkUtil.getBundle(Installation.class);
        return bundle == null ? "?" : bundle.getVersion().toString();
    }

    /** Directory for files of this process; the launcher deletes it. */
    Path storage() {
        return storage;
    }

    BundleContext context() {
        return context;
    }

    /** Directory of the plugin images. */
    Path images() {
        return home.resolve("bundles").resolve("images");
    }

    /** The bundles that every guest boots from: the Shell API and the shell. */
    List<Path> guestBundles() throws CliException {
        Path directory = home.resolve("bundles").resolve("guest");
        try (Stream<Path> jars = Files.list(directory)) {
            return jars.filter(p -> p.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException e) {
            throw new CliException("the guest bundles in " + directory + " cannot be read: " + e.getMessage());
        }
    }

    /** What simulations are made of: the guest bundles, and the NIC models and PF drivers that are services now. */
    SimulationParts parts() throws CliException {
        List<Path> guest = guestBundles();
        if (guest.isEmpty()) {
            throw new CliException("there are no guest bundles in " + home.resolve("bundles").resolve("guest"));
        }
        return new SimulationParts(guest, services(NicModelFactory.class), () -> services(PfDriverFactory.class),
                storage.resolve("guests"));
    }

    /** All services of a type, in the order of the registry. */
    <T> List<T> services(Class<T> type) {
        List<T> services = new ArrayList<>();
        try {
            for (ServiceReference<T> reference : context.getServiceReferences(type, null)) {
                T service = context.getService(reference);
                if (service != null) {
                    services.add(service);
                }
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        return services;
    }
}
