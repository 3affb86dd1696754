package dev.npa.plugin.niantic.device;

import dev.npa.hw.PciIdentity;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.intel.device.VfChip;
import dev.npa.plugin.intel.ring.Limits;
import dev.npa.plugin.niantic.regs.NianticQueues;

/** Which device the images drive and what it can do. */
public final class NianticDevice {

    /** Name of the images. */
    public static final String NAME = "niantic";
    /** PCI identity of the 82599's virtual function. Fact sheet §1. */
    public static final String VF_82599 = "8086:10ed";

    private static final int VENDOR = 0x8086;
    private static final int DEVICE = 0x10ED;

    /**
     * Largest MTU: the embedded switch bears jumbo frames of 9 KiB with SR-IOV (§14, clarification 14), less FCS,
     * Ethernet header and VLAN tag.
     */
    private static final int MAX_MTU = 9216 - 4 - 18;

    /** Queue pairs of a VF with up to 31 VFs; with more it has 2, which the shell is told when it gets the VF. §1 */
    private static final int QUEUES = 4;
    /** Vectors that can be queue causes and have a throttle. §1 */
    private static final int VECTORS = 2;

    /** What the images drive. Queues strip tags themselves; those of a port VLAN are hidden by the device (§11). */
    public static final VfChip CHIP = new VfChip("82599 VF", 0,
            Limits.capabilities(QUEUES, MAX_MTU, VECTORS), VfRegisters.CONTROL, VfRegisters.RX,
            VfRegisters.TX, VfRegisters.STRIDE, NianticQueues.CHIP, VfRegisters.COUNTERS,
            (registers, enabled) -> enabled);

    private NianticDevice() {}

    /** Whether the images drive this device. */
    public static boolean supports(PciIdentity device) {
        return device.vendor() == VENDOR && device.device() == DEVICE;
    }

    /**
     * Refuses a device that the images do not drive.
     *
     * @throws PluginException of rule 1.07
     */
    public static void check(PciIdentity device) {
        if (!supports(device)) {
            throw new PluginException("1.07", "device " + device + " is not driven by the niantic plugin; it drives "
                    + VF_82599);
        }
    }
}
