package dev.npa.plugin.broadcom;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciIdentity;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.PluginFactory;
import dev.npa.plugin.PluginImage;
import dev.npa.plugin.ScratchDevice;
import dev.npa.plugin.broadcom.device.BroadcomPlugin;
import dev.npa.plugin.broadcom.scratch.BroadcomScratchDevice;
import dev.npa.shell.Shell;

/** Entry point of the image. */
@PluginImage(name = "broadcom", devices = BroadcomFactory.VF_57712)
public final class BroadcomFactory implements PluginFactory {

    /** PCI identity of the 57712's virtual function. §1 */
    static final String VF_57712 = "14e4:166f";
    private static final int VENDOR = 0x14E4;
    private static final int DEVICE = 0x166F;

    @Override
    public boolean supports(PciIdentity device) {
        return device.vendor() == VENDOR && device.device() == DEVICE;
    }

    @Override
    public Plugin create(Shell shell) {
        if (!supports(shell.device())) {
            throw new PluginException("1.07", "device " + shell.device() + " is not driven by the broadcom plugin; it"
                    + " drives " + VF_57712);
        }
        return new BroadcomPlugin(shell);
    }

    @Override
    public ScratchDevice scratchDevice(PciIdentity device, DmaMemory memory) {
        return new BroadcomScratchDevice(memory);
    }
}
