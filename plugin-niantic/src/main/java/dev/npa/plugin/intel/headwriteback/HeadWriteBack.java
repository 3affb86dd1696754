package dev.npa.plugin.intel.headwriteback;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.intel.regs.AdvancedTxDescriptor;
import dev.npa.plugin.intel.regs.QueueRegisters;
import dev.npa.plugin.intel.ring.RingIndex;
import dev.npa.plugin.intel.ring.TxCompletion;
import dev.npa.plugin.intel.ring.TxShadow;

/**
 * Reads the device's head once a burst and compares, instead of touching a descriptor a packet. 82599 §2
 * (VFTDWBAL), §7. Demands WTHRESH 0.
 */
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
    public int frontier(DmaMemory ring, TxShadow shadow, int budget, int clean, int size) {
        // Acquire: buffers are not reused before the device, which moved the head, is done with them.
        int head = ring.getIntAcquire(size << AdvancedTxDescriptor.SHIFT);
        int done = Integer.compareUnsigned(head, size) < 0 ? RingIndex.distance(clean, head, size) : 0;
        int frontier = shadow.head();
        int tail = shadow.tail();
        for (int packets = 0; packets < budget && frontier != tail; packets++) {
            int last = shadow.lastOf(frontier);
            int descriptor = shadow.descriptor(last);
            if (descriptor >= 0 && RingIndex.distance(clean, descriptor, size) >= done) {
                break;
            }
            frontier = last + 1;
        }
        return frontier;
    }
}
