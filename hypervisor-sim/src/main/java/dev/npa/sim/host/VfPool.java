package dev.npa.sim.host;

import java.util.BitSet;

/** Which of a NIC's virtual functions are given away. Used under the switch's lock; {@link #free()} by any thread. */
final class VfPool {

    private final int size;
    private final BitSet taken = new BitSet();
    private volatile int free;

    VfPool(int size) {
        this.size = size;
        this.free = size;
    }

    int size() {
        return size;
    }

    int free() {
        return free;
    }

    /** Takes the lowest free one; -1 if there is none. */
    int take() {
        int vf = taken.nextClearBit(0);
        if (vf >= size) {
            return -1;
        }
        taken.set(vf);
        free--;
        return vf;
    }

    void give(int vf) {
        if (!taken.get(vf)) {
            throw new IllegalStateException("virtual function " + vf + " is free already");
        }
        taken.clear(vf);
        free++;
    }
}
