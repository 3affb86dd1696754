package dev.npa.plugin.vmxnet3;

import dev.npa.hw.PciIdentity;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.PluginFactory;
import dev.npa.plugin.PluginImage;
import dev.npa.shell.Shell;

/**
 * Entry point when the emulation plugin is used as an image. Its plugins open a control channel of their own, and
 * receive unicast, broadcast, every multicast and every VLAN, since nobody tells them otherwise.
 */
@PluginImage(name = "vmxnet3", devices = "15ad:07b0")
public final class Vmxnet3Factory implements PluginFactory {

    private static final int VENDOR = 0x15AD;
    private static final int DEVICE = 0x07B0;

    @Override
    public boolean supports(PciIdentity device) {
        return device.vendor() == VENDOR && device.device() == DEVICE;
    }

    @Override
    public Plugin create(Shell shell) {
        if (!supports(shell.device())) {
            throw new PluginException("1.06", "device " + shell.device() + " is not a vmxnet3 (15ad:07b0); ask "
                    + "supports() first");
        }
        return new Vmxnet3Plugin(shell);
    }
}
