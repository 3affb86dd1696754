package dev.npa.sim.guest.inside;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** A guest bundle that fails when it is started. */
public final class Broken implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        throw new IllegalStateException("no root file system");
    }

    @Override
    public void stop(BundleContext context) {
        // Never started.
    }
}
