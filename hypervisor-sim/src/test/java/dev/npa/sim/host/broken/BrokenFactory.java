package dev.npa.sim.host.broken;

import dev.npa.hw.PciIdentity;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginFactory;
import dev.npa.plugin.niantic.NianticFactory;
import dev.npa.shell.Shell;

/** An entry point like the delivered one. Subclasses misbehave at one point. */
abstract class BrokenFactory implements PluginFactory {

    private final PluginFactory real = new NianticFactory();

    @Override
    public boolean supports(PciIdentity device) {
        return real.supports(device);
    }

    @Override
    public Plugin create(Shell shell) {
        return wrap(real.create(shell), shell);
    }

    Plugin wrap(Plugin plugin, Shell shell) {
        return new WrappedPlugin(plugin);
    }

    /** Of the image's own: whoever keeps one keeps the image's class loader. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failure(String where) {
            super("broken on purpose in " + where);
        }
    }
}
