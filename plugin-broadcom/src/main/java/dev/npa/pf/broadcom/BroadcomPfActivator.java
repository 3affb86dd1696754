package dev.npa.pf.broadcom;

import dev.npa.pf.PfDriverFactory;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Registers the factory; the framework withdraws it when the bundle stops. */
public final class BroadcomPfActivator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        context.registerService(PfDriverFactory.class, new BroadcomPfFactory(), null);
    }

    @Override
    public void stop(BundleContext context) {
        // Drivers in use belong to the hypervisor, which stops them when the service goes.
    }
}
