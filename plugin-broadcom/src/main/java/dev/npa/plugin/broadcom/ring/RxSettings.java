package dev.npa.plugin.broadcom.ring;

import dev.npa.plugin.broadcom.regs.Cqe;
import dev.npa.plugin.broadcom.regs.PageChain;

/**
 * Shape of a receive ring.
 *
 * @param size receive buffers, 16..3968; one less is posted
 * @param bufferBytes bytes of each buffer, of receive descriptors and SGEs alike
 * @param maxSges most SGEs of a packet, 0..8; with 0 there is no SGE ring
 * @param aggregate whether the device merges segments (TPA)
 * @param resultMask result flags (PacketFlags) that are reported
 */
public record RxSettings(int size, int bufferBytes, int maxSges, boolean aggregate, int resultMask) {

    /** The least number of completions with TPA. §3 */
    private static final int MIN_COMPLETIONS = 75;
    /**
     * Completions that 64 pages hold besides the page that is kept free; drivers in the field use no more. A large ring
     * with TPA may run short of them before it runs short of buffers.
     */
    public static final int MAX_COMPLETIONS = 3968;
    /** Most bytes by which a frame can lie behind its buffer's address: cache line and padding. §5.1 */
    private static final int MAX_PLACEMENT = 63 + 2;
    private static final int MAX_SGES_POSTED = 2048;

    /** SGEs for frames of at most {@code maxFrame} bytes; all that a completion can name when segments are merged. */
    public static int sges(int maxFrame, int bufferBytes, boolean aggregate) {
        int beyond = Math.max(0, maxFrame - (bufferBytes - MAX_PLACEMENT));
        return aggregate ? Cqe.SGL_SIZE : (beyond + bufferBytes - 1) / bufferBytes;
    }

    /** Bytes of the window of receive descriptors. */
    public int bdBytes() {
        return PageChain.RX_BD.pages(size, 1) * PageChain.PAGE;
    }

    /** Bytes of the completion queue: a page more than needed, and two pages at least, whose addresses are told. */
    public int rcqBytes() {
        int completions = Math.max(MIN_COMPLETIONS, Math.min(MAX_COMPLETIONS, aggregate ? 2 * size : size));
        return PageChain.RCQ.pages(completions + PageChain.RCQ.perPage(), 2) * PageChain.PAGE;
    }

    /** Bytes of the SGE ring; 0 = none. */
    public int sgeBytes() {
        return maxSges == 0 ? 0 : PageChain.RX_BD.pages(sgesPosted() + 2 * SgeRing.UNIT, 1) * PageChain.PAGE;
    }

    /** SGEs that are kept posted: enough for a ring of frames, a multiple of the unit of their producer. */
    int sgesPosted() {
        int frames = aggregate ? size : size * maxSges;
        int units = (Math.min(MAX_SGES_POSTED, frames) + SgeRing.UNIT - 1) / SgeRing.UNIT;
        return Math.max(2, units) * SgeRing.UNIT;
    }
}
