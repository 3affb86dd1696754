package dev.npa.plugin.vmxnet3.control;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.PciIdentity;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.PluginException;

/** How driver and device get to know each other before the first activation. */
final class Handshake {

    /** Newest device revision that this driver knows: 2 adds the LRO completion. */
    private static final int NEWEST_REVISION = 2;
    private static final int UPT_VERSION_1 = 1;
    /** 1.0.0.0, one byte a component. */
    private static final int DRIVER_VERSION = 0x0100_0000;
    /** 64 bits, type unknown. */
    private static final int GOS_64_BIT = 2;
    /** The device adapts its interrupt rate. */
    private static final byte MODERATION_ADAPTIVE = 8;
    /** What a removed PCI device answers. */
    private static final int GONE = 0xFFFFFFFF;

    private Handshake() {}

    /**
     * Chooses the newest revision that both know.
     *
     * @param device named when it cannot be driven
     * @return device revision in force, 1 or 2
     * @throws PluginException if the device does not answer or offers nothing that this driver knows
     */
    static int negotiate(RegisterWindow vd, PciIdentity device) {
        int offered = vd.read32(Vmxnet3Registers.VRRS); // §6
        int upt = vd.read32(Vmxnet3Registers.UVRS);
        int common = offered & (1 << NEWEST_REVISION) - 1;
        if (offered == GONE || common == 0 || (upt & UPT_VERSION_1) == 0) {
            throw new PluginException("3.04", "vmxnet3 " + device + " offers revisions 0x"
                    + Integer.toHexString(offered) + " and UPT versions 0x" + Integer.toHexString(upt)
                    + "; this driver needs one of revisions 1.." + NEWEST_REVISION + " and UPT 1");
        }
        int chosen = Integer.highestOneBit(common);
        vd.write32(Vmxnet3Registers.VRRS, chosen);
        vd.write32(Vmxnet3Registers.UVRS, UPT_VERSION_1);
        return Integer.numberOfTrailingZeros(chosen) + 1;
    }

    /** Writes what the device is told about its driver; all of it stays the same for the life of the shared area. */
    static void introduce(DmaMemory shared, long queueTable, int vectors, int eventVector, boolean autoMask) {
        shared.putInt(DriverShared.MAGIC, DriverShared.MAGIC_VALUE);
        shared.putInt(DriverShared.SIZE_FIELD, DriverShared.SIZE);
        shared.putInt(DriverShared.DRIVER_VERSION, DRIVER_VERSION);
        shared.putInt(DriverShared.DRIVER_GOS, GOS_64_BIT);
        shared.putInt(DriverShared.VMXNET3_REV_SPT, 1); // §6: 1, whatever revision was chosen
        shared.putInt(DriverShared.UPT_VER_SPT, 1);
        shared.putLong(DriverShared.QUEUE_DESC_PA, queueTable);
        // A device without vectors still wants a valid vector index in every queue descriptor.
        shared.putByte(DriverShared.AUTO_MASK, (byte) (autoMask ? 1 : 0));
        shared.putByte(DriverShared.NUM_INTRS, (byte) Math.max(1, vectors));
        shared.putByte(DriverShared.EVENT_INTR_IDX, (byte) eventVector);
        for (int i = 0; i < Math.max(1, vectors); i++) {
            shared.putByte(DriverShared.MOD_LEVELS + i, MODERATION_ADAPTIVE);
        }
    }
}
