package dev.npa.plugin.intel.regs;

/**
 * Registers of one queue, offsets from the queue's first register, as far as all chips of the family agree; the rest is
 * in {@link ChipQueues}. The layout is the same in the PF's window and in a VF's. 82599 §2, §6.6; 82576 §2.
 */
public final class QueueRegisters {

    /** Ring base, low and high, both kinds of queue. */
    public static final int BAL = 0x00;
    public static final int BAH = 0x04;
    /** Ring length in bytes. */
    public static final int LEN = 0x08;
    /** Head. */
    public static final int HEAD = 0x10;
    /** Tail. */
    public static final int TAIL = 0x18;
    /** RXDCTL or TXDCTL. */
    public static final int DCTL = 0x28;
    /** Transmit: head write-back address, bit 0 enables. */
    public static final int TDWBAL = 0x38;
    public static final int TDWBAH = 0x3C;

    /** RXDCTL, TXDCTL: queue enable. */
    public static final int ENABLE = 1 << 25;
    /** TDWBAL: head write-back on. */
    public static final int TDWBAL_ENABLE = 1;
    /** SRRCTL: advanced one-buffer descriptors. */
    public static final int SRRCTL_ADVANCED_ONE_BUFFER = 1 << 25;
    /** SRRCTL: unit of BSIZEPACKET in bytes. */
    public static final int BSIZEPACKET_UNIT = 1024;
    /** SRRCTL: largest BSIZEPACKET. */
    public static final int BSIZEPACKET_MAX = 16;
    /** DCA_TXCTRL: relaxed ordering of descriptor and data reads, strict ordering of write-backs. */
    public static final int TX_RELAXED_READS = 1 << 9 | 1 << 13;
    /**
     * DCA_RXCTRL: relaxed ordering of descriptor reads only; data writes keep their order, so that a payload is never
     * overtaken by its descriptor.
     */
    public static final int RX_RELAXED_READS = 1 << 9;

    private QueueRegisters() {}
}
