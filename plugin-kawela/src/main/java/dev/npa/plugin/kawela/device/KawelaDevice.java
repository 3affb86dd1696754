package dev.npa.plugin.kawela.device;

import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.intel.device.VfChip;
import dev.npa.plugin.intel.ring.Limits;
import dev.npa.plugin.kawela.regs.KawelaQueues;
import dev.npa.plugin.kawela.regs.PfNote;

/** Which device the image drives and what it can do. */
public final class KawelaDevice {

    /** Name of the image. */
    public static final String NAME = "kawela";
    /** PCI identity of the 82576's virtual function. Fact sheet §1. */
    public static final String VF_82576 = "8086:10ca";

    private static final int VENDOR = 0x8086;
    private static final int DEVICE = 0x10CA;

    /** §6 */
    private static final int MAX_MTU = 9216;
    /** §1 */
    private static final int QUEUES = 2;
    /** One of the three vectors is for the mailbox, which is not used. §1 */
    private static final int VECTORS = 2;

    /** What the image drives. */
    public static final VfChip CHIP = new VfChip("82576 VF", 0,
            Limits.capabilities(QUEUES, MAX_MTU, VECTORS), VfRegisters.CONTROL, VfRegisters.RX,
            VfRegisters.TX, VfRegisters.STRIDE, KawelaQueues.CHIP, VfRegisters.COUNTERS,
            (registers, enabled) -> !PfNote.hidesTags(note(registers)));

    private KawelaDevice() {}

    private static int note(RegisterWindow registers) {
        return registers.read32(VfRegisters.VMBMEM + Integer.BYTES * PfNote.WORD);
    }

    /** Whether the image drives this device. */
    public static boolean supports(PciIdentity device) {
        return device.vendor() == VENDOR && device.device() == DEVICE;
    }

    /**
     * Refuses a device that the image does not drive.
     *
     * @throws PluginException of rule 1.07
     */
    public static void check(PciIdentity device) {
        if (!supports(device)) {
            throw new PluginException("1.07", "device " + device + " is not driven by the kawela plugin; it drives "
                    + VF_82576);
        }
    }
}
