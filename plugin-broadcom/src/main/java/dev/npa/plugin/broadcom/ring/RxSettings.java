package dev.npa.plugin.broadcom.ring;

import dev.npa.plugin.Feature;
import dev.npa.plugin.PluginConfig;
import dev.npa.plugin.PluginException;
import dev.npa.plugin.broadcom.regs.Cqe;
import dev.npa.plugin.broadcom.regs.PageChain;
import dev.npa.plugin.support.RxResults;

/**
 * Shape of a receive ring.
 *
 * @param size receive buffers, 16..3968; one less is posted
 * @param bufferBytes bytes of each buffer, of receive descriptors and SGEs alike
 * @param maxSges most SGEs of a packet, 0..8; with 0 the SGE ring stays empty
 * @param aggregate whether the device merges segments (TPA)
 * @param resultMask result flags (PacketFlags) that are reported
 */
public record RxSettings(int size, int bufferBytes, int maxSges, boolean aggregate, int resultMask) {

    /** The least number of completions with TPA. §3 */
    private static final int MIN_COMPLETIONS = 75;
    /** Most bytes by which a frame can lie behind its buffer's address: cache line and padding. §5.1 */
    private static final int MAX_PLACEMENT = 63 + 2;
    private static final int MAX_SGES_POSTED = 2048;
    /** Largest buffer whose size a request can tell, in whole cache lines. */
    private static final int MAX_BUFFER = 0xFFC0;
    private static final int MIN_BUFFER = 512;

    /**
     * The shape that a configuration asks for; results of features that are not enabled are not reported.
     *
     * @param bufferSize bytes of the shell's buffers
     * @throws PluginException if frames of the MTU do not fit
     */
    public static RxSettings of(PluginConfig config, int bufferSize) {
        int bytes = Math.min(bufferSize, MAX_BUFFER) & -64;
        if (bytes < MIN_BUFFER) {
            throw new PluginException("1.07", "the shell's receive buffers have " + bufferSize
                    + " bytes; the 57712 plugin needs at least " + MIN_BUFFER);
        }
        boolean scatter = config.has(Feature.RX_SCATTER);
        // A merged packet takes several buffers; without leave to indicate such packets nothing is merged.
        boolean aggregate = scatter && config.has(Feature.LRO);
        int beyond = Math.max(0, config.maxFrame() - (bytes - MAX_PLACEMENT));
        if (beyond > 0 && !scatter) {
            throw new PluginException("1.07", "mtu " + config.mtu() + " needs frames of " + config.maxFrame()
                    + " bytes, a receive buffer takes " + bytes + "; enable RX_SCATTER or use larger buffers");
        }
        int sges = aggregate ? Cqe.SGL_SIZE : (beyond + bytes - 1) / bytes;
        return new RxSettings(config.rxRingSize(), bytes, sges, aggregate, RxResults.shown(config));
    }

    /** Bytes of the window of receive descriptors. */
    int bdBytes() {
        return PageChain.RX_BD.pages(size, 1) * PageChain.PAGE;
    }

    /** Bytes of the completion queue: a page more than needed, and two pages at least, whose addresses are told. */
    int rcqBytes() {
        int completions = Math.max(MIN_COMPLETIONS, Math.min(Limits.MAX_RING, aggregate ? 2 * size : size));
        return PageChain.RCQ.pages(completions + PageChain.RCQ.perPage(), 2) * PageChain.PAGE;
    }

    /** Bytes of the SGE ring. */
    int sgeBytes() {
        return PageChain.RX_BD.pages(sgesPosted() + 2 * SgeRing.UNIT, 1) * PageChain.PAGE;
    }

    /** SGEs that are kept posted: enough for a ring of frames, a multiple of the unit of their producer. */
    int sgesPosted() {
        int frames = Math.min(MAX_SGES_POSTED, aggregate ? size : size * maxSges);
        return maxSges == 0 ? 0 : Math.max(2 * SgeRing.UNIT, frames + SgeRing.UNIT - 1 & -SgeRing.UNIT);
    }
}
