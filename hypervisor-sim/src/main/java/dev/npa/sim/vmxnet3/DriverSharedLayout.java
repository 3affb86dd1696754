package dev.npa.sim.vmxnet3;

/** Offsets in DriverShared, the 720 bytes of guest memory that driver and device talk through; vmxnet3 §7. */
final class DriverSharedLayout {

    static final int LENGTH = 720;
    static final int MAGIC_VALUE = 0xBABE_FEE1;

    static final int MAGIC = 0x000;
    static final int REVISION_SUPPORT = 0x010;
    static final int UPT_VERSION_SUPPORT = 0x014;
    static final int UPT_FEATURES = 0x018;
    static final int QUEUE_DESC_PA = 0x028;
    static final int QUEUE_DESC_LENGTH = 0x034;
    static final int MTU = 0x038;
    /** u16 maxNumRxSG, u8 numTxQueues, u8 numRxQueues. */
    static final int QUEUES = 0x03C;
    /** u8 autoMask, u8 numIntrs, u8 eventIntrIdx, then modLevels. */
    static final int INTERRUPTS = 0x050;
    static final int RX_MODE = 0x078;
    static final int MULTICAST_LENGTH = 0x07C;
    static final int MULTICAST_PA = 0x080;
    static final int VLAN_TABLE = 0x088;
    static final int RSS_CONF = 0x288;
    static final int PLUGIN_CONF = 0x2A8;
    static final int ECR = 0x2B8;
    static final int COMMAND_INFO = 0x2C0;

    static final int PLUGIN_CONF_VERSION = 1;
    static final int PLUGIN_AREA_LENGTH = 4096;

    private DriverSharedLayout() {}
}
