package dev.npa.sim.guest.inside;

import dev.npa.hw.Machine;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.slf4j.LoggerFactory;

/** A guest of a few lines: says in its memory that it runs, and when it stopped. */
public final class Probe implements BundleActivator {

    /** Where it says so. */
    public static final long MARK = 64;
    public static final int STARTED = 0x600D;
    public static final int STOPPED = 0x0FF;

    private Machine machine;

    @Override
    public void start(BundleContext context) {
        ServiceReference<Machine> reference = context.getServiceReference(Machine.class);
        machine = context.getService(reference);
        machine.memory().putInt(MARK, STARTED);
        LoggerFactory.getLogger(Probe.class).debug("{} is up", machine.name());
    }

    @Override
    public void stop(BundleContext context) {
        machine.memory().putInt(MARK, STOPPED);
    }
}
