package dev.npa.plugin.niantic.regs;

import dev.npa.plugin.intel.regs.AdvancedTxDescriptor;
import dev.npa.plugin.intel.regs.ChipQueues;
import dev.npa.plugin.intel.regs.RxFormat;

/** What the queues of an 82599 have of their own, those of a VF and those of the PF. */
public final class NianticQueues {

    /** CE, LE, PE, OSE, RXE. §6.5 */
    private static final long FRAME_ERRORS = 1L << 24 | 1L << 25 | 1L << 27 | 1L << 28 | 1L << 29;
    /** TCPE; IPE is bit 31. §6.5 */
    private static final int TCPE = 30;
    /** L4CS. §6.5 */
    private static final long L4CS = 1L << 5;

    /**
     * TXDCTL: PTHRESH 32, HTHRESH 1, WTHRESH 0. With WTHRESH 0 a descriptor with RS is reported at once, and head
     * write-back demands it. §7
     */
    private static final int TXDCTL = 32 | 1 << 8;
    /** RXDCTL.VME. */
    private static final int VME = 1 << 30;
    /** Longest frame that the MAC ever receives. §1 */
    private static final int LONGEST_FRAME = 15872;

    /**
     * SRRCTL, DCA_RXCTRL, DCA_TXCTRL and RSCCTL by offset (§2), then the values above. CC is in
     * every data descriptor: the switch demands it, with a valid context (§6.2). UDP without a checksum is flagged wrong, so a wrong UDP checksum says nothing (§14).
     */
    public static final ChipQueues CHIP = new ChipQueues(0x14, 0x0C, 0x0C, 0x2C, 0, TXDCTL, VME,
            AdvancedTxDescriptor.BASE | AdvancedTxDescriptor.CC, true, LONGEST_FRAME,
            new RxFormat(FRAME_ERRORS, TCPE, L4CS, false, false));

    private NianticQueues() {}
}
