package dev.npa.plugin.intel.ring;

import dev.npa.plugin.intel.regs.AdvancedTxDescriptor;

/**
 * What the two context slots that the device keeps for a queue hold, once it has read all descriptors posted. The
 * device works in order, so earlier packets keep the context that they refer to when its slot is replaced. 82599 §6.3
 */
final class TxContexts {

    /** Answer of {@link #find}: no slot has the context. */
    static final int NONE = -1;

    private static final long SLOT_1 = 1L << AdvancedTxDescriptor.IDX_SHIFT;

    private long slot0Q0;
    private long slot0Q1;
    private long slot1Q0;
    private long slot1Q1;
    private long last;

    /** Forgets both; contexts die with the queue's enable. */
    void clear() {
        slot0Q1 = 0; // q1 of a context is never 0
        slot1Q1 = 0;
        last = SLOT_1;
    }

    /** The slot that holds a context, for use, in place for IDX; {@link #NONE} if none does. */
    long find(long q0, long q1) {
        if (slot0Q0 == q0 && slot0Q1 == q1) {
            last = 0;
            return 0;
        }
        if (slot1Q0 == q0 && slot1Q1 == q1) {
            last = SLOT_1;
            return SLOT_1;
        }
        return NONE;
    }

    /** Puts a context into the slot that was not used last; returns the slot in place for IDX. */
    long replace(long q0, long q1) {
        if (last != 0) {
            slot0Q0 = q0;
            slot0Q1 = q1;
            last = 0;
        } else {
            slot1Q0 = q0;
            slot1Q1 = q1;
            last = SLOT_1;
        }
        return last;
    }
}
