package dev.npa.plugin.broadcom.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.support.QueueCounts;
import dev.npa.shell.PacketBuffers;
import dev.npa.shell.PacketBurst;
import java.util.Arrays;

/**
 * The ring of further receive buffers (SGEs) for what does not fit into a packet's first. The device takes them in
 * order, packets give them back in any order, so a unit of slots is filled anew once all of it is back. §5.2, §5.5
 */
final class SgeRing extends BufferRing {

    /** Slots by which the producer that the device sees advances. §5.5 */
    static final int UNIT = 64;

    /** A bit for each slot that has a buffer, a word for each unit. */
    private final long[] held;

    SgeRing(DmaMemory ring, int target, PacketBuffers buffers, QueueCounts counts) {
        super(ring, target, 0, buffers, counts);
        held = new long[mask + 1 >>> 6];
    }

    @Override
    int vacant(int slot) {
        int inUnit = slot & UNIT - 1;
        return inUnit == 0 && held[slot >>> 6] != 0 ? 0 : Math.min(UNIT - inUnit, super.vacant(slot));
    }

    @Override
    void posted(int slot, int count) {
        super.posted(slot, count);
        held[slot >>> 6] |= count == 0 ? 0 : -1L >>> UNIT - count << slot;
    }

    /** The producer for the device: whole units only. */
    int published() {
        return producer & -UNIT & 0xFFFF;
    }

    /**
     * Moves the buffer of a slot that a completion names into a burst.
     *
     * @return false if the device cannot have used the slot: it does not exist, is empty, or was not published
     */
    boolean take(PacketBurst into, int slot, int bytes) {
        boolean unpublished = (slot - (producer & -UNIT) & mask) < (producer & UNIT - 1);
        if (slot > mask || (held[slot >>> 6] >>> slot & 1) == 0 || unpublished) {
            return false;
        }
        held[slot >>> 6] &= ~(1L << slot);
        present--;
        into.add(slots.address(slot), slots.handle(slot), bytes, 0);
        return true;
    }

    /** Gives all buffers back. */
    void end() {
        for (int slot = 0; slot <= mask; slot++) {
            if ((held[slot >>> 6] >>> slot & 1) != 0) {
                slots.recycle(slot);
            }
        }
        Arrays.fill(held, 0);
        present = 0;
        slots.giveSpares();
    }
}
