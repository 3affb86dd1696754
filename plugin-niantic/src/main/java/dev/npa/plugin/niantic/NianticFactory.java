package dev.npa.plugin.niantic;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciIdentity;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginFactory;
import dev.npa.plugin.PluginImage;
import dev.npa.plugin.ScratchDevice;
import dev.npa.plugin.intel.device.IntelVfPlugin;
import dev.npa.plugin.intel.donebit.DescriptorDone;
import dev.npa.plugin.intel.scratch.IntelScratchDevice;
import dev.npa.plugin.niantic.device.NianticDevice;
import dev.npa.shell.Shell;

/** Entry point of image 1.0.0. */
@PluginImage(name = NianticDevice.NAME, devices = NianticDevice.VF_82599)
public final class NianticFactory implements PluginFactory {

    @Override
    public boolean supports(PciIdentity device) {
        return NianticDevice.supports(device);
    }

    @Override
    public Plugin create(Shell shell) {
        NianticDevice.check(shell.device());
        return new IntelVfPlugin(NianticDevice.CHIP, shell, DescriptorDone::new);
    }

    @Override
    public ScratchDevice scratchDevice(PciIdentity device, DmaMemory memory) {
        return new IntelScratchDevice(NianticDevice.CHIP, memory);
    }
}
