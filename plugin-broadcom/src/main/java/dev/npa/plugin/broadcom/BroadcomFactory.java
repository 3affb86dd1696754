package dev.npa.plugin.broadcom;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciIdentity;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginFactory;
import dev.npa.plugin.PluginImage;
import dev.npa.plugin.ScratchDevice;
import dev.npa.plugin.broadcom.device.BroadcomDevice;
import dev.npa.plugin.broadcom.device.BroadcomPlugin;
import dev.npa.plugin.broadcom.ring.MarkerCompletion;
import dev.npa.plugin.broadcom.scratch.BroadcomScratchDevice;
import dev.npa.shell.Shell;

/** Entry point of the image. Receive completions are found by their markers. */
@PluginImage(name = BroadcomDevice.NAME, devices = BroadcomDevice.VF_57712)
public final class BroadcomFactory implements PluginFactory {

    @Override
    public boolean supports(PciIdentity device) {
        return BroadcomDevice.supports(device);
    }

    @Override
    public Plugin create(Shell shell) {
        BroadcomDevice.check(shell.device());
        return new BroadcomPlugin(shell, MarkerCompletion::new);
    }

    @Override
    public ScratchDevice scratchDevice(PciIdentity device, DmaMemory memory) {
        return new BroadcomScratchDevice(memory);
    }
}
