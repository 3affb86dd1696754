package dev.npa.sim.vmxnet3;

/** Register map and limits of vmxnet3, revisions 1 and 2. Registers are 32 bits on a stride of 8. */
final class Vmxnet3Registers {

    // BAR0, pass-through page; vmxnet3 §3
    static final int BAR0_LENGTH = 0x1000;
    static final int IMR = 0x000;
    static final int TXPROD = 0x600;
    static final int RXPROD = 0x800;
    static final int RXPROD2 = 0xA00;
    static final int STRIDE = 8;

    // BAR1, control registers; vmxnet3 §2
    static final int BAR1_LENGTH = 0x1000;
    static final int VRRS = 0x00;
    static final int UVRS = 0x08;
    static final int DSAL = 0x10;
    static final int DSAH = 0x18;
    static final int CMD = 0x20;
    static final int MACL = 0x28;
    static final int MACH = 0x30;
    static final int ICR = 0x38;
    static final int ECR = 0x40;

    // BAR2, MSI-X; vmxnet3 §1
    static final int BAR2_LENGTH = 0x2000;
    static final int PENDING_BITS = 0x1000;

    // Limits; vmxnet3 §17
    static final int VECTORS = 25;
    static final int MAX_TX_QUEUES = 8;
    static final int MAX_RX_QUEUES = 16;
    static final int RING_SIZE_MULTIPLE = 32;
    static final int RING_ALIGNMENT = 512;
    static final int QUEUE_TABLE_ALIGNMENT = 128;
    static final int MAX_RING = 4096;
    static final int MAX_RX_COMPLETIONS = 8192;
    static final int DESCRIPTOR = 16;
    static final int MAX_TX_BUFFER = 16384;
    static final int MIN_HEAD = 128;
    static final int MAX_CHECKSUM_OFFSET = 1024;
    static final int MAX_TX_DESCRIPTORS = 16;
    static final int MAX_TSO_DESCRIPTORS = 24;
    static final int MIN_MTU = 60;
    static final int MAX_MTU = 9000;

    // Bits of DriverShared.ecr; vmxnet3 §5
    static final int EVENT_RQERR = 1;
    static final int EVENT_TQERR = 1 << 1;

    // Reasons why a queue stopped, status.error; vmxnet3 §5
    static final int ERROR_NO_EOP = 0x8000_0000;
    static final int ERROR_TXD_REUSED = 0x8000_0001;
    static final int ERROR_TOO_MANY_TXD = 0x8000_0002;
    static final int ERROR_TYPE_UNSUPPORTED = 0x8000_0003;
    static final int ERROR_HEAD_TOO_SMALL = 0x8000_0004;
    static final int ERROR_INVALID_DESCRIPTOR = 0x8000_0007;

    // uptFeatures; vmxnet3 §7
    static final int FEATURE_RXCSUM = 1;
    static final int FEATURE_RSS = 1 << 1;
    static final int FEATURE_RXVLAN = 1 << 2;
    static final int FEATURE_LRO = 1 << 3;

    /** VRRS: revisions 1 and 2; vmxnet3 §2, §14. */
    static final int REVISIONS = 0b11;
    /** The revision that brought completions of merged packets. */
    static final int LRO_REVISION = 2;

    private Vmxnet3Registers() {}

    /** The doorbell or mask register that an offset of BAR0 falls into, for texts. */
    static boolean isDoorbell(int offset, int base, int queues) {
        return offset >= base && offset < base + queues * STRIDE && (offset & STRIDE - 1) == 0;
    }
}
