package dev.npa.plugin.intel.donebit;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.intel.regs.AdvancedTxDescriptor;
import dev.npa.plugin.intel.ring.TxCompletion;

/** Reads DD in the descriptor that had RS. 82599 §6.2, §7; 82576 §5.2. */
public final class DescriptorDone implements TxCompletion {

    @Override
    public int extraBytes() {
        return 0;
    }

    @Override
    public long headWriteBack(long extra) {
        return 0;
    }

    @Override
    public boolean isDone(DmaMemory ring, int size, int clean, int descriptor) {
        return (ring.getLong((descriptor << AdvancedTxDescriptor.SHIFT) + 8) & AdvancedTxDescriptor.DD) != 0;
    }
}
