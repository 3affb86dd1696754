package dev.npa.sim.vmxnet3;

/** Offsets in TxQueueDesc and RxQueueDesc, 256 bytes each: first numTx, then numRx; vmxnet3 §8. */
final class QueueDescriptors {

    static final int LENGTH = 256;

    static final int TX_NUM_DEFERRED = 0x00;
    static final int TX_THRESHOLD = 0x04;
    static final int TX_RING_PA = 0x10;
    static final int TX_DATA_RING_PA = 0x18;
    static final int TX_COMP_RING_PA = 0x20;
    static final int TX_RING_SIZE = 0x38;
    static final int TX_COMP_RING_SIZE = 0x40;

    /** u8 in the dword's lowest byte, written by the device. */
    static final int RX_UPDATE_PROD = 0x00;
    static final int RX_RING0_PA = 0x10;
    static final int RX_RING1_PA = 0x18;
    static final int RX_COMP_RING_PA = 0x20;
    static final int RX_RING0_SIZE = 0x38;
    static final int RX_RING1_SIZE = 0x3C;
    static final int RX_COMP_RING_SIZE = 0x40;

    // The rest is the same in both.
    static final int INTR_IDX = 0x48;
    static final int STATUS_STOPPED = 0x50;
    static final int STATUS_ERROR = 0x54;
    static final int STATISTICS = 0x58;

    private QueueDescriptors() {}
}
