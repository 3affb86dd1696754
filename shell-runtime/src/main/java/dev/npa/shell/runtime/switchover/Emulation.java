package dev.npa.shell.runtime.switchover;

import dev.npa.shell.runtime.control.NicControl;
import dev.npa.shell.runtime.instance.Census;
import dev.npa.shell.runtime.instance.PluginInstance;
import dev.npa.shell.runtime.instance.ShellImpl;
import dev.npa.shell.runtime.netdev.NetDevice;
import dev.npa.shell.runtime.path.DataPaths;
import dev.npa.shell.runtime.pci.PciDevice;

/** The emulation plugin: made anew each time the emulation takes over, on one control channel that stays. */
final class Emulation {

    private static final String NAME = "vmxnet3";

    private final NicContext context;
    private final NicControl control;
    private final PciDevice device;
    private PluginInstance instance;

    Emulation(NicContext context, NicControl control, PciDevice device) {
        this.context = context;
        this.control = control;
        this.device = device;
    }

    /** The plugin that is up; null if none is. */
    PluginInstance instance() {
        return instance;
    }

    boolean isUp() {
        return instance != null;
    }

    /** Brings a new emulation plugin up. If that fails nothing stays. */
    void bringUp() {
        ShellImpl shell = context.newShell(device, NAME);
        PluginInstance made = new PluginInstance(NAME, -1, shell, control.emulation(shell), DataPaths.shared());
        try {
            made.bringUp(context.settings, NetDevice.MAX_QUEUES, context.ring(context.settings.queues()), context.pool);
        } catch (Throwable t) {
            shutDown(made);
            throw t;
        }
        instance = made;
        control.openFilter();
    }

    /**
     * Gives the emulated rings up. Transmit packets that were still in flight are lost and counted.
     *
     * @return what had to be freed on the plugin's behalf
     */
    Census retire() {
        PluginInstance old = instance;
        instance = null;
        return old == null ? new Census(0, 0, 0) : shutDown(old);
    }

    private Census shutDown(PluginInstance old) {
        try {
            if (old.isUp()) {
                old.stop();
                context.device.collect(old);
            }
            old.close();
        } catch (Throwable t) {
            context.log.warn("closing the emulation plugin failed: " + t);
        }
        context.device.abandon(old);
        return old.shell().close();
    }
}
