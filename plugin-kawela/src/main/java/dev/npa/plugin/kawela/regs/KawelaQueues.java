package dev.npa.plugin.kawela.regs;

import dev.npa.plugin.intel.regs.AdvancedTxDescriptor;
import dev.npa.plugin.intel.regs.ChipQueues;
import dev.npa.plugin.intel.regs.RxFormat;

/** What the queues of an 82576 have of their own, those of a VF and those of the PF. */
public final class KawelaQueues {

    /** CE, SE, SEQ, CXE, RXE. §5.4 */
    private static final long FRAME_ERRORS = 1L << 24 | 1L << 25 | 1L << 26 | 1L << 28 | 1L << 31;
    /** TCPE; IPE is bit 30. §5.4 */
    private static final int TCPE = 29;
    /** UDPCS and TCPCS. §5.4 */
    private static final long L4_CHECKED = 1L << 4 | 1L << 5;

    /** With more than 1 a write-back may stall under MSI-X. §12 */
    private static final int WTHRESH_1 = 1 << 16;
    /** PTHRESH 16, HTHRESH 8. §6 */
    private static final int RXDCTL = 16 | 8 << 8 | WTHRESH_1;
    /** PTHRESH 8, HTHRESH 1. §6 */
    private static final int TXDCTL = 8 | 1 << 8 | WTHRESH_1;
    /** What drivers let the port take at most. §1 */
    private static final int LONGEST_FRAME = 16128;

    /**
     * SRRCTL, DCA_RXCTRL and DCA_TXCTRL by offset (§2), no RSC, then the values above. There is no CC, and a context is
     * needed only by packets with an offload (§5). Tags are stripped by pool, not by queue. Status bit 2, IXSM, says
     * that checksums are to be ignored.
     */
    public static final ChipQueues CHIP = new ChipQueues(0x0C, 0x14, 0x14, 0, RXDCTL, TXDCTL, 0,
            AdvancedTxDescriptor.BASE, false, LONGEST_FRAME,
            new RxFormat(FRAME_ERRORS, TCPE, L4_CHECKED, true, true));

    private KawelaQueues() {}
}
