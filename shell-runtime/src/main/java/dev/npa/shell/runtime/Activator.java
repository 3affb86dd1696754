package dev.npa.shell.runtime;

import dev.npa.hw.Machine;
import dev.npa.shell.runtime.image.ImageInstaller;
import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
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
 * <p>The MTU is the machine service's property {@value #MTU}, or the framework property of this name, or 1500.
 */
public final class Activator implements BundleActivator, ServiceTrackerCustomizer<Machine, Guest> {

    /** Name of the property with the MTU, as a kernel's command line would have it. */
    public static final String MTU = "npa.mtu";

    private static final Logger LOG = LoggerFactory.getLogger(Activator.class);
    private static final int VCPU = 0;

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
            Guest guest = new Guest(machine, mtu(reference), api(), new ImageInstaller(context));
            machine.execute(VCPU, guest);
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
        Machine machine = context.getService(reference);
        if (machine != null) {
            machine.execute(VCPU, null);
            context.ungetService(reference);
        }
        guest.close();
        context.ungetService(reference);
    }

    private int mtu(ServiceReference<Machine> reference) {
        Object value = reference.getProperty(MTU);
        String text = value != null ? value.toString() : context.getProperty(MTU);
        try {
            int mtu = text == null ? 1500 : Integer.parseInt(text.strip());
            if (mtu >= 68 && mtu <= 9000) {
                return mtu;
            }
        } catch (NumberFormatException e) {
            LOG.debug("not a number: {}", text);
        }
        LOG.warn("property {} is '{}', which is no MTU in 68..9000; 1500 is used", MTU, text);
        return 1500;
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
