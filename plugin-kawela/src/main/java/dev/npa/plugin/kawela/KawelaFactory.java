package dev.npa.plugin.kawela;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciIdentity;
import dev.npa.plugin.Plugin;
import dev.npa.plugin.PluginFactory;
import dev.npa.plugin.PluginImage;
import dev.npa.plugin.ScratchDevice;
import dev.npa.plugin.intel.device.IntelVfPlugin;
import dev.npa.plugin.intel.donebit.DescriptorDone;
import dev.npa.plugin.intel.scratch.IntelScratchDevice;
import dev.npa.plugin.kawela.device.KawelaDevice;
import dev.npa.shell.Shell;

/** Entry point of image 1.0.0. */
@PluginImage(name = KawelaDevice.NAME, devices = KawelaDevice.VF_82576)
public final class KawelaFactory implements PluginFactory {

    @Override
    public boolean supports(PciIdentity device) {
        return KawelaDevice.supports(device);
    }

    @Override
    public Plugin create(Shell shell) {
        KawelaDevice.check(shell.device());
        return new IntelVfPlugin(KawelaDevice.CHIP, shell, DescriptorDone::new);
    }

    @Override
    public ScratchDevice scratchDevice(PciIdentity device, DmaMemory memory) {
        return new IntelScratchDevice(KawelaDevice.CHIP, memory);
    }
}
