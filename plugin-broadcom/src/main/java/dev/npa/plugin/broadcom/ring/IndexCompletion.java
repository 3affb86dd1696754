package dev.npa.plugin.broadcom.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.broadcom.regs.Cqe;
import dev.npa.plugin.broadcom.regs.PageChain;

/**
 * Compares with the device's position in the status block. The position may rest on a page link, which stands for the
 * element behind it. §6.1. One that cannot be is as if nothing had come.
 */
public final class IndexCompletion implements RxCompletion {

    @Override
    public int frontier(DmaMemory rcq, StatusBlock block, int from, int most) {
        int index = block.rxIndex();
        int resting = (index & 63) == 63 ? index + 1 : index;
        int distance = resting - from & 0xFFFF;
        int at = from;
        if (distance < rcq.length() >>> Cqe.SHIFT) {
            for (int n = 0; n < most && at - from < distance; n++) {
                at = PageChain.nextCqe(at);
            }
        }
        return at;
    }
}
