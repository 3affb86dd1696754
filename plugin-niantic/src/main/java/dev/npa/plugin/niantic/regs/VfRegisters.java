package dev.npa.plugin.niantic.regs;

/** Registers of an 82599 virtual function, offsets in BAR 0. Fact sheet §2, §3, §4. */
public final class VfRegisters {

    /** Control. */
    public static final int VFCTRL = 0x0000;
    /** VFCTRL: software reset. */
    public static final int VFCTRL_RST = 1 << 26;
    /** Causes, one bit a vector; read clears. */
    public static final int VTEICR = 0x0100;
    /** Set cause. */
    public static final int VTEICS = 0x0104;
    /** Mask set; reads the mask, 1 = enabled. */
    public static final int VTEIMS = 0x0108;
    /** Mask clear. */
    public static final int VTEIMC = 0x010C;
    /** Auto clear of the cause when the message is sent. */
    public static final int VTEIAC = 0x0110;
    /** Auto mask when the message is sent. */
    public static final int VTEIAM = 0x0114;
    /** Queue causes to vectors; register n serves queues 2n and 2n+1. */
    public static final int VTIVAR = 0x0120;
    /** Mailbox cause to vector. */
    public static final int VTIVAR_MISC = 0x0140;
    /** VTIVAR: the byte is valid. */
    public static final int IVAR_VALID = 0x80;
    /** Mailbox control. */
    public static final int VFMAILBOX = 0x02FC;
    /** VFMAILBOX: reset of the PF in progress. */
    public static final int RSTI = 1 << 6;
    /** VFMAILBOX: reset of the PF done; read clears. */
    public static final int RSTD = 1 << 7;
    /** Header types and number of RSS queues. */
    public static final int VFPSRTYPE = 0x0300;
    /** VFPSRTYPE: log2 of the RSS queues, first bit. */
    public static final int RQPL_SHIFT = 29;
    /** Interrupt throttle of vector 0; vector 1 follows. */
    public static final int VTEITR = 0x0820;
    /** VTEITR: leave the running counter alone. */
    public static final int CNT_WDIS = 1 << 31;
    /** Receive queue 0, see {@link QueueRegisters}. */
    public static final int RX_BASE = 0x1000;
    /** Transmit queue 0, see {@link QueueRegisters}. */
    public static final int TX_BASE = 0x2000;
    /** Good frames received, 32 bits, wraps. */
    public static final int VFGPRC = 0x101C;
    /** Octets received with FCS, 36 bits: low word here, high word in the next register; read low first. */
    public static final int VFGORC = 0x1020;
    /** Multicast frames received, 32 bits, wraps. */
    public static final int VFMPRC = 0x1034;
    /** Frames sent, 32 bits, wraps. */
    public static final int VFGPTC = 0x201C;
    /** Octets sent with FCS, 36 bits, as {@link #VFGORC}. */
    public static final int VFGOTC = 0x2020;
    /** Bits of all three vectors. */
    public static final int ALL_VECTORS = 7;

    private VfRegisters() {}

    /** First register of receive queue {@code q}. */
    public static int rx(int q) {
        return RX_BASE + QueueRegisters.STRIDE * q;
    }

    /** First register of transmit queue {@code q}. */
    public static int tx(int q) {
        return TX_BASE + QueueRegisters.STRIDE * q;
    }

    /** Throttle register of a queue vector (0 or 1). */
    public static int vteitr(int vector) {
        return VTEITR + 4 * vector;
    }
}
