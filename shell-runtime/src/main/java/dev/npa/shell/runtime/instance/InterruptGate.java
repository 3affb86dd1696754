package dev.npa.shell.runtime.instance;

import dev.npa.plugin.Plugin;
import dev.npa.shell.runtime.netdev.DeviceEvents;
import java.util.Arrays;

/**
 * Interrupts of one carrier and the operating system's queues that poll for them. The operating system's queue q waits
 * for vector {@code (q mod pairs) mod vectors}; a vector is unmasked when polling is over on all queues that wait
 * for it.
 */
final class InterruptGate {

    private final Plugin plugin;
    private final int queues;
    private final int pairs;
    private final int vectors;
    /** Queues, as bits, that are still polled, for each vector. */
    private final int[] polling;
    private final boolean[] masked;

    /**
     * Makes a gate with all vectors masked.
     *
     * @param queues the operating system's queue pairs
     * @param pairs the carrier's
     */
    InterruptGate(Plugin plugin, int queues, int pairs, int vectors) {
        this.plugin = plugin;
        this.queues = queues;
        this.pairs = pairs;
        this.vectors = vectors;
        this.polling = new int[vectors];
        this.masked = new boolean[vectors];
        for (int q = 0; q < queues && vectors > 0; q++) {
            polling[vectorOf(q)] |= 1 << q;
        }
        Arrays.fill(masked, true);
    }

    private int vectorOf(int queue) {
        return queue % pairs % vectors;
    }

    /** A vector fired. */
    void fired(int vector, DeviceEvents events) {
        plugin.onInterrupt(vector);
        // Also when the device did not raise it: one that masks by itself may have done so.
        masked[vector] = true;
        for (int q = 0; q < queues; q++) {
            if (vectorOf(q) == vector) {
                polling[vector] |= 1 << q;
                events.interrupt(q);
            }
        }
    }

    /** Polling of a queue is over. */
    void done(int queue) {
        if (vectors == 0) {
            return;
        }
        int vector = vectorOf(queue);
        polling[vector] &= ~(1 << queue);
        if (polling[vector] == 0 && masked[vector]) {
            masked[vector] = false;
            plugin.enableInterrupt(vector);
        }
    }
}
