package dev.npa.plugin.intel.donebit;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.intel.regs.AdvancedTxDescriptor;
import dev.npa.plugin.intel.ring.TxCompletion;
import dev.npa.plugin.intel.ring.TxShadow;

/** Reads DD in the last descriptor of each packet. 82599 §6.2, §7; 82576 §5.2. */
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
    public int frontier(DmaMemory ring, TxShadow shadow, int budget, int clean, int size) {
        int frontier = shadow.head();
        int tail = shadow.tail();
        for (int packets = 0; packets < budget && frontier != tail; packets++) {
            int last = shadow.lastOf(frontier);
            int descriptor = shadow.descriptor(last);
            if (descriptor >= 0 && !isDone(ring, descriptor)) {
                break;
            }
            frontier = last + 1;
        }
        DmaMemory.acquireFence(); // one for all DD bits seen: the buffers are not reused before the device is done
        return frontier;
    }

    private static boolean isDone(DmaMemory ring, int descriptor) {
        return (ring.getLong((descriptor << AdvancedTxDescriptor.SHIFT) + 8) & AdvancedTxDescriptor.DD) != 0;
    }
}
