package dev.npa.plugin.broadcom.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.broadcom.regs.Cqe;
import dev.npa.plugin.broadcom.regs.PageChain;

/**
 * Looks at the marker of each completion, which the driver seeds with ones and the device overwrites with 0 last. Sees a
 * completion as soon as it is there, without a look at the status block. §5.3
 */
public final class MarkerCompletion implements RxCompletion {

    @Override
    public int frontier(DmaMemory rcq, StatusBlock block, int from, int most) {
        int bytes = rcq.length() - 1;
        int at = from;
        for (int n = 0; n < most && rcq.getInt((at << Cqe.SHIFT & bytes) + Cqe.MARKER) == 0; n++) {
            at = PageChain.nextCqe(at);
        }
        return at;
    }
}
