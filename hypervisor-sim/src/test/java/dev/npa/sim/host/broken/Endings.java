package dev.npa.sim.host.broken;

import dev.npa.plugin.Plugin;
import dev.npa.shell.Shell;

/** Factories whose plugin carries traffic well and fails to go. */
public final class Endings {

    /** Packet buffers that {@link Leaks} keeps. */
    public static final int LEAKED_BUFFERS = 16;

    private Endings() {}

    /** Keeps packet buffers and a DMA window that it does not need. */
    public static final class Leaks extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public void start() {
                    super.start();
                    shell.allocate(4096, 64);
                    shell.buffers().take(new long[LEAKED_BUFFERS], new int[LEAKED_BUFFERS], 0, LEAKED_BUFFERS);
                }
            };
        }
    }

    /** Leaves the VF's queues running and frees nothing. */
    public static final class NeverStops extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public void stop() {
                    // Nothing: the shell has to cope.
                }

                @Override
                public void close() {
                    // Nothing: the shell has to cope.
                }
            };
        }
    }

    public static final class NeverQuiet extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public boolean quiesce() {
                    super.quiesce();
                    return false;
                }
            };
        }
    }

    public static final class ThrowsInQuiesce extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public boolean quiesce() {
                    throw new Failure("quiesce");
                }
            };
        }
    }

    public static final class ThrowsInStop extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public void stop() {
                    throw new Failure("stop");
                }
            };
        }
    }

    public static final class ThrowsInClose extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public void close() {
                    super.close();
                    throw new Failure("close");
                }
            };
        }
    }

    /** Never completes a transmit, so that the old path cannot be drained. */
    public static final class NeverCompletes extends BrokenFactory {
        @Override
        Plugin wrap(Plugin plugin, Shell shell) {
            return new WrappedPlugin(plugin) {
                @Override
                public int reclaim(int budget) {
                    return sentEnough() ? 0 : super.reclaim(budget);
                }
            };
        }
    }

    /** Ties its class loader to the thread that made it. */
    public static final class KeepsItsClassLoader extends BrokenFactory {
        private static final ThreadLocal<Object> KEPT = new ThreadLocal<>();

        public KeepsItsClassLoader() {
            KEPT.set(this);
        }
    }
}
