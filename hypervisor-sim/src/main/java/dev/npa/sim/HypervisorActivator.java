package dev.npa.sim;

import dev.npa.sim.cli.Installation;
import dev.npa.sim.cli.Npa;
import dev.npa.sim.nic.NicModelFactory;
import dev.npa.sim.nic.broadcom.BroadcomModelFactory;
import dev.npa.sim.nic.niantic.NianticModelFactory;
import java.io.PrintWriter;
import java.util.Hashtable;
import java.util.function.ToIntFunction;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * Starts the hypervisor bundle: offers the command line to the launcher and the built-in NIC models. Services of a
 * stopped bundle go by themselves; simulations belong to the command that runs them.
 */
public final class HypervisorActivator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        Installation installation = new Installation(context);
        Hashtable<String, Object> cli = new Hashtable<>();
        cli.put("npa.role", "cli");
        ToIntFunction<String[]> command = args -> Npa.execute(installation, args, new PrintWriter(System.out, true),
                new PrintWriter(System.err, true));
        context.registerService(ToIntFunction.class, command, cli);
        context.registerService(NicModelFactory.class, new NianticModelFactory(), null);
        context.registerService(NicModelFactory.class, new BroadcomModelFactory(), null);
    }

    @Override
    public void stop(BundleContext context) {
        // Nothing is held here.
    }
}
