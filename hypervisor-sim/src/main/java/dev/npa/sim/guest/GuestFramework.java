package dev.npa.sim.guest;

import dev.npa.hw.Machine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.connect.ConnectFrameworkFactory;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleRevision;

/**
 * The nested framework of one guest: booted from bundles, given its machine, stopped and forgotten.
 *
 * <p>Thread-safe. A framework's dispatch thread keeps the JVM alive until the last framework is stopped: whoever boots
 * a guest must {@link #stop} it, in a {@code finally}.
 */
public final class GuestFramework implements AutoCloseable {

    private static final long STOP_MILLIS = 30_000;
    /** Property of the service with which a guest reports its counters: types of the Java runtime only. */
    private static final String STATISTICS = "(npa.statistics=*)";
    /** The same for all guests; to look for it takes as long as to make a framework. */
    private static final ConnectFrameworkFactory FACTORY = factory();

    private final String vm;
    private final Path storage;
    private final ImageWatch watch = new ImageWatch();
    private Framework framework;

    private GuestFramework(String vm, Path storage) {
        this.vm = vm;
        this.storage = storage;
    }

    /**
     * Boots a guest: installs the bundles, registers the machine as the service {@link Machine}, and starts the bundles
     * in their order.
     *
     * @param vm the guest's name, for messages
     * @param machine what the guest runs on
     * @param software bundles to boot from, in the order to start them
     * @param storage where to make the guest's scratch directory; null for memory or the directory for temporary files
     * @throws GuestBootException if a bundle cannot be installed, resolved or started; nothing is left behind
     */
    public static GuestFramework boot(String vm, Machine machine, GuestSoftware software, Path storage) {
        return boot(vm, machine, Map.of(), software, storage);
    }

    /**
     * The same with boot parameters.
     *
     * @param parameters properties of the service {@link Machine}, as a kernel's command line would have them
     */
    public static GuestFramework boot(String vm, Machine machine, Map<String, ?> parameters,
            GuestSoftware software, Path storage) {
        GuestFramework guest = new GuestFramework(vm, GuestStorage.create(storage));
        try {
            guest.start(machine, parameters, software);
            return guest;
        } catch (BundleException e) {
            guest.stop();
            throw new GuestBootException("guest " + vm + " does not boot: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            guest.stop();
            throw e;
        }
    }

    private synchronized void start(Machine machine, Map<String, ?> parameters, GuestSoftware software)
            throws BundleException {
        framework = FACTORY.newFramework(GuestConfiguration.of(storage),
                new GuestConnector(machine.memory(), software));
        framework.init();
        BundleContext context = framework.getBundleContext();
        context.addBundleListener(watch);
        Dictionary<String, Object> properties = new Hashtable<>(parameters);
        properties.put("npa.vm", vm);
        context.registerService(Machine.class, machine, properties);
        List<Bundle> installed = new ArrayList<>();
        for (String location : software.locations()) {
            try {
                installed.add(context.installBundle(location));
            } catch (BundleException e) {
                throw new BundleException(innermost(e), e.getType(), e);
            }
        }
        framework.start();
        for (Bundle bundle : installed) {
            startBundle(bundle);
        }
    }

    private void startBundle(Bundle bundle) throws BundleException {
        if ((bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0) {
            return;
        }
        try {
            bundle.start();
        } catch (BundleException e) {
            String unmet = UnmetRequirements.describe(bundle, framework);
            throw new BundleException("bundle " + bundle.getSymbolicName() + " " + bundle.getVersion()
                    + (unmet.isEmpty() ? " failed to start: " + innermost(e) : " does not resolve: " + unmet),
                    e.getType(), e);
        }
    }

    private static String innermost(Throwable e) {
        Throwable t = e;
        while (t.getCause() != null) {
            t = t.getCause();
        }
        return t instanceof BundleException && t.getMessage() != null ? t.getMessage() : t.toString();
    }

    /**
     * The factory beside the framework's own API classes: those of the class path in a plain JVM, those of the
     * launcher when this class lives in a bundle.
     */
    private static ConnectFrameworkFactory factory() {
        ClassLoader loader = Framework.class.getClassLoader();
        return ServiceLoader.load(ConnectFrameworkFactory.class, loader).findFirst().orElseThrow(
                () -> new IllegalStateException("no OSGi framework with Connect is on the class path of " + loader));
    }

    /** Images that were resolved in this guest, oldest first, also after they were uninstalled. */
    public List<ImageBundle> imageBundles() {
        return watch.images();
    }

    /** How many of {@link #imageBundles()} were uninstalled. */
    public int unloadedImages() {
        return watch.unloaded();
    }

    /**
     * How many class loaders of uninstalled images were collected. Asks the garbage collector until all are, for about
     * half a second of real time at most; an observation, not part of any simulated history.
     */
    public int collectedClassLoaders() {
        return watch.collected();
    }

    /**
     * What the guest's agent reports: counters of its network device by name. Empty while there is no agent, before the
     * shell has come up and when it is gone.
     */
    public synchronized Map<String, Long> statistics() {
        if (!isRunning()) {
            return Map.of();
        }
        BundleContext context = framework.getBundleContext();
        Map<String, Long> counters = new LinkedHashMap<>();
        try {
            for (ServiceReference<?> reference : context.getServiceReferences(Supplier.class, STATISTICS)) {
                if (context.getService(reference) instanceof Supplier<?> agent
                        && agent.get() instanceof Map<?, ?> reported) {
                    reported.forEach((name, value) -> counters.put((String) name, (Long) value));
                }
                context.ungetService(reference);
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        return counters;
    }

    /** Whether the guest is up. */
    public synchronized boolean isRunning() {
        return framework != null && framework.getState() == Bundle.ACTIVE;
    }

    /**
     * Stops the guest's bundles and framework, waits until they have stopped, and deletes what the guest had on disk.
     * Idempotent.
     *
     * @throws IllegalStateException if the guest did not stop within 30 s
     */
    public synchronized void stop() {
        if (framework == null) {
            GuestStorage.delete(storage);
            return;
        }
        try {
            framework.stop();
            FrameworkEvent event = framework.waitForStop(STOP_MILLIS);
            if (event.getType() == FrameworkEvent.WAIT_TIMEDOUT) {
                throw new IllegalStateException("guest " + vm + " did not stop within " + STOP_MILLIS
                        + " ms: one of its bundles does not come to an end");
            }
        } catch (BundleException e) {
            throw new IllegalStateException("guest " + vm + " does not stop: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("guest " + vm + " was not seen to stop: the waiting thread was interrupted",
                    e);
        }
        framework = null;
        GuestStorage.delete(storage);
    }

    @Override
    public void close() {
        stop();
    }

    synchronized BundleContext context() {
        return framework.getBundleContext();
    }

    Path storage() {
        return storage;
    }
}
