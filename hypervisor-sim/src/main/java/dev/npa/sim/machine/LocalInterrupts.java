package dev.npa.sim.machine;

import dev.npa.hw.InterruptController;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The pending bits of a machine's interrupt controller: raised from any thread, taken by any virtual CPU, without
 * locks. Tells the machine of every raise, so that it can wake CPUs that sleep.
 */
public final class LocalInterrupts implements InterruptController {

    private final AtomicLongArray pending = new AtomicLongArray(VECTORS / Long.SIZE);
    private final AtomicLong raised = new AtomicLong();
    private final Runnable wake;

    /**
     * Makes a controller with nothing pending.
     *
     * @param wake called after every raise on the raising thread; cheap, never blocks
     */
    public LocalInterrupts(Runnable wake) {
        this.wake = wake;
    }

    @Override
    public void raise(int vector) {
        if (vector < 0 || vector >= VECTORS) {
            throw new IllegalArgumentException("interrupt vector " + vector + " is not in 0.." + (VECTORS - 1));
        }
        int word = vector >> 6;
        long bit = 1L << vector;
        pending.accumulateAndGet(word, bit, (a, b) -> a | b);
        // After the bit: a CPU that sees the count sees the vector.
        raised.incrementAndGet();
        wake.run();
    }

    @Override
    public boolean isPending() {
        for (int word = 0; word < pending.length(); word++) {
            if (pending.get(word) != 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int take() {
        for (int word = 0; word < pending.length(); word++) {
            long bits = pending.get(word);
            while (bits != 0) {
                long lowest = Long.lowestOneBit(bits);
                if (pending.compareAndSet(word, bits, bits & ~lowest)) {
                    return word * Long.SIZE + Long.numberOfTrailingZeros(lowest);
                }
                bits = pending.get(word);
            }
        }
        return -1;
    }

    /** Raises ever, those that met a pending bit included. */
    public long raised() {
        return raised.get();
    }
}
