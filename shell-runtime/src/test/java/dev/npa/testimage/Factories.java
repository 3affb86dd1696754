package dev.npa.testimage;

import dev.npa.hw.PciIdentity;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginFactory;
import dev.npa.shell.Shell;

/** Factories of test images: one that works, and one for each way to fail. */
public final class Factories {

    private Factories() {}

    /** Works. */
    public static class Good implements PluginFactory {
        @Override
        public boolean supports(PciIdentity device) {
            return device.vendor() == 0x1234;
        }

        @Override
        public Plugin create(Shell shell) {
            return new TestPlugin(shell);
        }
    }

    /** Throws in its constructor. */
    public static final class BadConstructor extends Good {
        public BadConstructor() {
            throw new TestPlugin.PluginFailure("constructor");
        }
    }

    /** Throws in supports. */
    public static final class BadSupports extends Good {
        @Override
        public boolean supports(PciIdentity device) {
            throw new TestPlugin.PluginFailure("supports");
        }
    }

    /** Supports nothing. */
    public static final class SupportsNothing extends Good {
        @Override
        public boolean supports(PciIdentity device) {
            return false;
        }
    }

    /** Throws an error in create. */
    public static final class BadCreate extends Good {
        @Override
        public Plugin create(Shell shell) {
            throw new StackOverflowError("create");
        }
    }

    /** Makes a plugin that leaks a DMA window and throws in configure. */
    public static final class BadConfigure extends Good {
        @Override
        public Plugin create(Shell shell) {
            return new TestPlugin(shell) {
                @Override
                public void configure(PluginConfig config) {
                    shell.allocate(4096, 64);
                    throw new PluginFailure("configure");
                }
            };
        }
    }

    /** Makes a plugin that takes buffers and throws in start, and again in close. */
    public static final class BadStart extends Good {
        @Override
        public Plugin create(Shell shell) {
            return new TestPlugin(shell) {
                @Override
                public void start() {
                    super.start();
                    throw new PluginFailure("start");
                }

                @Override
                public void close() {
                    throw new PluginFailure("close");
                }
            };
        }
    }

    /** No factory at all. */
    public static final class NoFactory {}
}
