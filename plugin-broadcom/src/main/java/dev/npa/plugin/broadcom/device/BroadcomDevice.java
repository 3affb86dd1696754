package dev.npa.plugin.broadcom.device;

import dev.npa.hw.PciIdentity;
import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginCapabilities;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.broadcom.ring.RxSettings;
import dev.npa.plugin.broadcom.ring.TxLimits;
import java.util.EnumSet;

/** Which device the image drives and what it can do. */
public final class BroadcomDevice {

    /** Name of the image. */
    public static final String NAME = "broadcom";
    /** PCI identity of the 57712's virtual function. §1 */
    public static final String VF_57712 = "14e4:166f";
    /** BAR with the registers. §2 */
    static final int BAR = 0;

    private static final int VENDOR = 0x14E4;
    private static final int DEVICE = 0x166F;

    /** Most queue pairs of a VF, with a vector each; the PF driver may grant less. §1 */
    private static final int PAIRS = 16;
    /** Smallest ring that the firmware's thresholds are meant for. §3 */
    private static final int MIN_RING = 128;
    /** Largest ring whose completions fit 64 pages. §3 */
    private static final int MAX_RING = RxSettings.MAX_COMPLETIONS;
    /** §1 */
    private static final int MAX_MTU = 9600;

    static final PluginCapabilities CAPABILITIES = new PluginCapabilities(EnumSet.allOf(Feature.class), PAIRS, PAIRS,
            MIN_RING, MAX_RING, 1, TxLimits.MAX_SEGMENTS, TxLimits.MAX_TSO_BYTES, TxLimits.MAX_HEADER_BYTES,
            TxLimits.MIN_FRAME, MAX_MTU, PAIRS);

    private BroadcomDevice() {}

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
            throw new PluginException("1.07", "device " + device + " is not driven by the broadcom plugin; it drives "
                    + VF_57712);
        }
    }
}
