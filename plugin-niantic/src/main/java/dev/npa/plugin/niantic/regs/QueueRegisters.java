package dev.npa.plugin.niantic.regs;

/**
 * Registers of one queue, offsets from the queue's first register. The layout is the same in the PF's window and in a
 * VF's. Fact sheet §2, §6.6.
 */
public final class QueueRegisters {

    /** Bytes from one queue's registers to the next one's. */
    public static final int STRIDE = 0x40;

    /** Ring base, low and high, both kinds of queue. */
    public static final int BAL = 0x00;
    public static final int BAH = 0x04;
    /** Ring length in bytes. */
    public static final int LEN = 0x08;
    /** PCIe attributes (relaxed ordering). */
    public static final int DCA_CTRL = 0x0C;
    /** Head. */
    public static final int HEAD = 0x10;
    /** Receive: buffer sizes and descriptor type. */
    public static final int SRRCTL = 0x14;
    /** Tail. */
    public static final int TAIL = 0x18;
    /** RXDCTL or TXDCTL. */
    public static final int DCTL = 0x28;
    /** Receive: RSC control. */
    public static final int RSCCTL = 0x2C;
    /** Transmit: head write-back address, bit 0 enables. */
    public static final int TDWBAL = 0x38;
    public static final int TDWBAH = 0x3C;

    /** RXDCTL, TXDCTL: queue enable. */
    public static final int ENABLE = 1 << 25;
    /** RXDCTL: strip VLAN tags. */
    public static final int RXDCTL_VME = 1 << 30;
    /**
     * TXDCTL: PTHRESH 32, HTHRESH 1, WTHRESH 0. With WTHRESH 0 a descriptor with RS is reported at once, and head
     * write-back demands it. §7
     */
    public static final int TXDCTL_THRESHOLDS = 32 | 1 << 8;
    /** TDWBAL: head write-back on. */
    public static final int TDWBAL_ENABLE = 1;
    /** SRRCTL: advanced one-buffer descriptors. */
    public static final int SRRCTL_ADVANCED_ONE_BUFFER = 1 << 25;
    /** SRRCTL: drop when the ring is empty instead of holding frames back. */
    public static final int SRRCTL_DROP_EN = 1 << 28;
    /** SRRCTL: unit of BSIZEPACKET in bytes. */
    public static final int BSIZEPACKET_UNIT = 1024;
    /** SRRCTL: largest BSIZEPACKET. */
    public static final int BSIZEPACKET_MAX = 16;
    /** DCA_TXCTRL: relaxed ordering of descriptor and data reads. */
    public static final int TX_RELAXED_READS = 1 << 9 | 1 << 13;
    /**
     * DCA_RXCTRL: relaxed ordering of descriptor reads only; data writes keep their order, so that a payload is never
     * overtaken by its descriptor.
     */
    public static final int RX_RELAXED_READS = 1 << 9;

    private QueueRegisters() {}
}
