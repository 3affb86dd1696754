package dev.npa.plugin;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciIdentity;
import dev.npa.shell.Shell;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The known entry point of a plugin image. The image names its implementation in {@link PluginImage}; the shell creates
 * it with its public no-argument constructor after it has verified the image, and registers it as an OSGi service in
 * the image's name.
 */
@ConsumerType
public interface PluginFactory {

    /**
     * Whether this image drives the device. Decides by identity only and touches nothing.
     *
     * @return true for every identity that the image declares, false for every other
     */
    boolean supports(PciIdentity device);

    /**
     * Creates a plugin for the shell's device in state {@link PluginLifecycle.State#PROBED}. Touches no register and
     * allocates nothing from the shell.
     *
     * @throws PluginException if the device is not supported
     */
    Plugin create(Shell shell);

    /**
     * Creates a scratch device on which a shell can warm a plugin of this image.
     *
     * @param device the device that the plugin is to drive
     * @param memory what the scratch device may read and write, as a DMA engine would: all addresses that the plugin
     *     names lie inside
     * @return null if the image has none; the plugin then gets its traffic cold
     */
    default ScratchDevice scratchDevice(PciIdentity device, DmaMemory memory) {
        return null;
    }
}
