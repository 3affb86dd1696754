package dev.npa.shell.runtime;

import dev.npa.hw.Machine;
import dev.npa.plugin.Feature;
import dev.npa.shell.runtime.image.ImageInstaller;
import dev.npa.shell.runtime.netdev.GuestOsFactory;
import dev.npa.shell.runtime.netdev.NetDevice;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for the machine and boots the guest on it. The machine may be registered before or after this bundle starts;
 * when it goes, or the bundle stops, virtual CPU 0 is halted and everything given back.
 *
 * <p>MTU, operating system, queue pairs and features that are not to be used are properties of the machine service, or
 * framework properties of the same names: {@value #MTU} (or 1500), {@value #SYSTEM}, {@value #QUEUES},
 * {@value #WITHOUT}, {@value #WARM_UP}.
 */
public final class Activator implements BundleActivator, ServiceTrackerCustomizer<Machine, Guest> {

    /** Name of the property with the MTU, as a kernel's command line would have it. */
    public static final String MTU = "npa.mtu";
    /** Name of the property with the operating system. */
    public static final String SYSTEM = "npa.os";
    /** Name of the property with the number of queue pairs, 1..8; 0 = as many as memory is good for. */
    public static final String QUEUES = "npa.queues";
    /** Name of the property with the features that no carrier is to use, separated by commas. */
    public static final String WITHOUT = "npa.without";
    /**
     * Name of the property with the number of packets that a plugin handles on its scratch device before it gets
     * traffic: 2,000,000 unless said otherwise, which makes it as fast as it will be; 0 = none.
     */
    public static final String WARM_UP = "npa.warm-up";

    /**
     * Property of the service {@link Supplier} of a {@code Map<String, Long>} with which a guest reports the counters of
     * its network device; its value is the machine's name.
     */
    public static final String STATISTICS = "npa.statistics";

    private static final Logger LOG = LoggerFactory.getLogger(Activator.class);
    private static final int VCPU = 0;

    private final Map<Guest, ServiceRegistration<?>> agents = new ConcurrentHashMap<>();
    private BundleContext context;
    private ServiceTracker<Machine, Guest> tracker;

    @Override
    public void start(BundleContext bundleContext) {
        context = bundleContext;
        tracker = new ServiceTracker<>(bundleContext, Machine.class, this);
        tracker.open();
    }

    @Override
    public void stop(BundleContext bundleContext) {
        tracker.close();
    }

    @Override
    public Guest addingService(ServiceReference<Machine> reference) {
        Machine machine = context.getService(reference);
        if (machine == null) {
            return null;
        }
        try {
            Guest guest = new Guest(machine, options(reference), api(), new ImageInstaller(context));
            machine.execute(VCPU, guest);
            Supplier<Map<String, Long>> agent = guest::counters;
            agents.put(guest, context.registerService(Supplier.class, agent,
                    new Hashtable<>(Map.of(STATISTICS, machine.name()))));
            return guest;
        } catch (RuntimeException e) {
            LOG.error("{}: the guest did not boot", machine.name(), e);
            context.ungetService(reference);
            return null;
        }
    }

    @Override
    public void modifiedService(ServiceReference<Machine> reference, Guest guest) {
        // Properties of a machine are read at boot, as firmware tables are.
    }

    @Override
    public void removedService(ServiceReference<Machine> reference, Guest guest) {
        agents.remove(guest).unregister();
        Machine machine = context.getService(reference);
        if (machine != null) {
            machine.execute(VCPU, null);
            context.ungetService(reference);
        }
        guest.close();
        context.ungetService(reference);
    }

    private GuestOptions options(ServiceReference<Machine> reference) {
        GuestOsFactory system = Systems.first();
        String name = text(reference, SYSTEM);
        if (name != null) {
            system = Systems.named(name.strip());
        }
        return new GuestOptions(system, number(reference, MTU, 68, 9000, 1500),
                number(reference, QUEUES, 0, NetDevice.MAX_QUEUES, 0), without(text(reference, WITHOUT)),
                number(reference, WARM_UP, 0, 100_000_000, 2_000_000));
    }

    private static Set<Feature> without(String text) {
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        if (text != null && !text.isBlank()) {
            for (String name : text.split(",")) {
                features.add(Feature.valueOf(name.strip().toUpperCase(Locale.ROOT)));
            }
        }
        return features;
    }

    private String text(ServiceReference<Machine> reference, String property) {
        Object value = reference.getProperty(property);
        return value != null ? value.toString() : context.getProperty(property);
    }

    private int number(ServiceReference<Machine> reference, String property, int low, int high, int otherwise) {
        String text = text(reference, property);
        if (text == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= low && value <= high) {
                return value;
            }
        } catch (NumberFormatException e) {
            LOG.debug("not a number: {}", text);
        }
        LOG.warn("property {} is '{}', which is not in {}..{}; {} is used", property, text, low, high, otherwise);
        return otherwise;
    }

    /** Versions of the API packages that this bundle is wired to: what it offers to plugins. */
    private Map<String, Version> api() {
        Map<String, Version> versions = new HashMap<>();
        BundleWiring wiring = context.getBundle().adapt(BundleWiring.class);
        for (BundleWire wire : wiring.getRequiredWires("osgi.wiring.package")) {
            BundleCapability offered = wire.getCapability();
            if (offered.getAttributes().get("version") instanceof Version version) {
                versions.put((String) offered.getAttributes().get("osgi.wiring.package"), version);
            }
        }
        return versions;
    }
}
