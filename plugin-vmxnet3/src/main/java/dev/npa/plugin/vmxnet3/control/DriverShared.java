package dev.npa.plugin.vmxnet3.control;

/**
 * Layout of DriverShared, the area that driver and device share (fact sheet §7). The device reads it on Set commands
 * only and writes nothing but {@link #ECR}.
 *
 * <pre>
 *  0x000 magic, size           0x050 intrConf       0x288 rssConf        0x2B8 ecr
 *  0x008 misc                  0x078 rxFilterConf   0x298 pmConf         0x2C0 cmdInfo
 *                                                   0x2A8 pluginConf     0x2E0 end
 * </pre>
 */
public final class DriverShared {

    /** Bytes of the area. */
    public static final int SIZE = 0x2E0;
    /** Alignment of the area; the device wants 8, a page keeps it from straddling two. */
    public static final int ALIGNMENT = 4096;
    /** Value of {@link #MAGIC}. */
    public static final int MAGIC_VALUE = 0xBABEFEE1;

    public static final int MAGIC = 0x000;
    public static final int SIZE_FIELD = 0x004;

    // misc
    public static final int DRIVER_VERSION = 0x008;
    /** Guest operating system: bits 0..1 word size (2 = 64 bits), bits 2..5 type (0 = unknown). */
    public static final int DRIVER_GOS = 0x00C;
    public static final int VMXNET3_REV_SPT = 0x010;
    public static final int UPT_VER_SPT = 0x014;
    /** u64, bits {@code UPT_...}. */
    public static final int UPT_FEATURES = 0x018;
    public static final int QUEUE_DESC_PA = 0x028;
    public static final int QUEUE_DESC_LEN = 0x034;
    public static final int MTU = 0x038;
    /** u16, most buffers of a received packet. */
    public static final int MAX_NUM_RX_SG = 0x03C;
    public static final int NUM_TX_QUEUES = 0x03E;
    public static final int NUM_RX_QUEUES = 0x03F;

    // intrConf
    public static final int AUTO_MASK = 0x050;
    public static final int NUM_INTRS = 0x051;
    public static final int EVENT_INTR_IDX = 0x052;
    /** One byte a vector. */
    public static final int MOD_LEVELS = 0x053;
    /** Bit 0 disables all interrupts. */
    public static final int INTR_CTRL = 0x06C;

    // rxFilterConf
    public static final int RX_MODE = 0x078;
    /** u16, bytes of the multicast table. */
    public static final int MF_TABLE_LEN = 0x07C;
    public static final int MF_TABLE_PA = 0x080;
    /** 128 u32 words: VLAN v is bit v &amp; 31 of word v &gt;&gt; 5. */
    public static final int VF_TABLE = 0x088;
    public static final int VF_TABLE_WORDS = 128;

    // Descriptors of variable-length areas: version u32, length u32, address u64.
    public static final int RSS_CONF = 0x288;
    public static final int PLUGIN_CONF = 0x2A8;
    static final int CONF_VERSION = 0;
    static final int CONF_LENGTH = 4;
    static final int CONF_ADDRESS = 8;

    /** Event word, set by the device; see {@link Vmxnet3Event}. */
    public static final int ECR = 0x2B8;
    /** Arguments of a command, 16 bytes. */
    public static final int CMD_INFO = 0x2C0;

    public static final int UPT_RXCSUM = 1;
    public static final int UPT_RSS = 1 << 1;
    public static final int UPT_RXVLAN = 1 << 2;
    public static final int UPT_LRO = 1 << 3;

    public static final int RX_MODE_UNICAST = 1;
    /** Multicast by the table. */
    public static final int RX_MODE_MULTICAST = 1 << 1;
    public static final int RX_MODE_BROADCAST = 1 << 2;
    public static final int RX_MODE_ALL_MULTI = 1 << 3;
    public static final int RX_MODE_PROMISCUOUS = 1 << 4;

    /** Interrupt vectors of a device of revision 1 to 5. */
    public static final int MAX_VECTORS = 25;

    private DriverShared() {}
}
