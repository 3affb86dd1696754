package dev.npa.plugin.intel.headwriteback;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.intel.regs.AdvancedTxDescriptor;
import dev.npa.plugin.intel.regs.QueueRegisters;
import dev.npa.plugin.intel.ring.TxCompletion;
import dev.npa.plugin.support.RingIndex;

/** Reads the head that the device writes and compares, instead of touching descriptors. 82599 §2 (VFTDWBAL), §7. */
public final class HeadWriteBack implements TxCompletion {

    /** A cache line of its own, so that the device's writes do not disturb the descriptors. */
    private static final int EXTRA = 64;

    @Override
    public int extraBytes() {
        return EXTRA;
    }

    @Override
    public long headWriteBack(long extra) {
        return extra | QueueRegisters.TDWBAL_ENABLE;
    }

    @Override
    public boolean isDone(DmaMemory ring, int size, int clean, int descriptor) {
        int head = ring.getInt(size << AdvancedTxDescriptor.SHIFT);
        return Integer.compareUnsigned(head, size) < 0
                && RingIndex.distance(clean, descriptor, size) < RingIndex.distance(clean, head, size);
    }
}
