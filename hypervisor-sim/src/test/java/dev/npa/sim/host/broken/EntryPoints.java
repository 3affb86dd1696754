package dev.npa.sim.host.broken;

import dev.npa.hw.PciIdentity;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginConfig;
import dev.npa.shell.Shell;

/** Factories whose plugin never gets as far as traffic, and one that behaves. */
public final class EntryPoints {

    private EntryPoints() {}

    /** Behaves: shows that the wrapping itself breaks nothing. */
    public static final class Behaves extends BrokenFactory {}

    /** No factory at all. */
    public static final class IsNoFactory {}

    public static final class ThrowsInConstructor extends BrokenFactory {
        public ThrowsInConstructor() {
            throw new Failure("the constructor");
        }
    }

    /** Fails before its constructor runs. */
    public static final class FailsInInitialiser extends BrokenFactory {
        private static final int VALUE = Integer.parseInt("broken on purpose in the initialiser");

        @Override
        public boolean supports(PciIdentity device) {
            return VALUE == 0;
        }
    }

    public static final class ThrowsInSupports extends BrokenFactory {
        @Override
        public boolean supports(PciIdentity device) {
            throw new Failure("supports");
        }
    }

    public static final class SupportsNothing extends BrokenFactory {
        @Override
        public boolean supports(PciIdentity device) {
            return false;
        }
    }

    public static final class ThrowsInCreate extends BrokenFactory {
        @Override
        public Plugin create(Shell shell) {
            throw new Failure("create");
        }
    }

    public static final class CreatesNothing extends BrokenFactory {
        @Override
        public Plugin create(Shell shell) {
            return null;
        }
    }

    /** The device is configured and rings exist when it throws; only close frees them. */
    public static final class ThrowsInConfigure extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public void configure(PluginConfig config) {
                    super.configure(config);
                    throw new Failure("configure");
                }
            };
        }
    }

    /** The VF's queues run and hold buffers when it throws. */
    public static final class ThrowsInStart extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public void start() {
                    super.start();
                    throw new Failure("start");
                }
            };
        }
    }

    /** As above, and its close does nothing: the VF's queues still run when the shell frees their memory. */
    public static final class ThrowsInStartAndClose extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public void start() {
                    super.start();
                    throw new Failure("start");
                }

                @Override
                public void close() {
                    throw new Failure("close");
                }
            };
        }
    }
}
