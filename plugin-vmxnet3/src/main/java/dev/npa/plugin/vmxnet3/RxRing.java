package dev.npa.plugin.vmxnet3;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.support.RxSlots;

/**
 * A receive command ring. The device owns {@code owned} slots from {@code next} on, each of which has a buffer; the
 * others are empty. Buffers that the device passed over become spares and are posted again first.
 */
final class RxRing {

    private final DmaMemory memory;
    private final int base;
    private final int size;
    private final RxSlots slots;
    private final int firstSlot;
    private int next;
    private int fill;
    private int owned;

    /**
     * Creates an empty ring.
     *
     * @param base offset of the ring in {@code memory}
     * @param slots buffers of all rings of the queue
     * @param firstSlot the ring's first entry there
     */
    RxRing(DmaMemory memory, int base, int size, RxSlots slots, int firstSlot) {
        this.memory = memory;
        this.base = base;
        this.size = size;
        this.slots = slots;
        this.firstSlot = firstSlot;
    }

    int size() {
        return size;
    }

    /** Address of the first descriptor. */
    long ringAddress() {
        return memory.address() + base;
    }

    /**
     * Back to slot 0 and generation 1. Holds no buffers.
     *
     * @param headEvery every so many slots one is a HEAD; 0 = BODY only
     */
    void reset(int bufferBytes, int headEvery) {
        for (int slot = 0; slot < size; slot++) {
            long btype = headEvery != 0 && slot % headEvery == 0 ? RxDescriptor.HEAD : RxDescriptor.BODY;
            memory.putLong(base + (slot << RxDescriptor.SHIFT) + RxDescriptor.WORD, bufferBytes | btype);
        }
        fill = 0;
        next = 0;
    }

    /** Slot that the device fills next, if it passes over none. */
    int next() {
        return next;
    }

    /** Slots that the device owns. */
    int owned() {
        return owned;
    }

    /** Slot that is given to the device next: what RXPROD tells. */
    int fillSlot() {
        return fill;
    }

    /** Buffers that can be posted; one slot stays with the driver, so that full does not look like empty. */
    int missing() {
        return size - 1 - owned;
    }

    /** Posts as many buffers as can be had. Returns how many. */
    int refill() {
        int wanted = missing();
        int behind = Math.min(wanted, size - fill);
        int got = slots.fill(firstSlot + fill, behind);
        if (got == behind && got < wanted) {
            got += slots.fill(firstSlot, wanted - got);
        }
        if (got != 0) {
            post(got);
        }
        return got;
    }

    /**
     * Gives the device {@code count} slots. A slot is given by turning its generation, the first one last: the device
     * stops there until everything behind it is complete.
     */
    private void post(int count) {
        int slot = fill;
        int first = base + (slot << RxDescriptor.SHIFT) + RxDescriptor.WORD;
        long turn = 0;
        for (int n = count; n > 0; n--) {
            int at = base + (slot << RxDescriptor.SHIFT);
            memory.putLong(at, slots.address(firstSlot + slot));
            memory.putLong(at + RxDescriptor.WORD, memory.getLong(at + RxDescriptor.WORD) ^ turn);
            turn = RxDescriptor.GEN;
            slot = slot + 1 == size ? 0 : slot + 1;
        }
        memory.putLongRelease(first, memory.getLong(first) ^ RxDescriptor.GEN); // §10
        fill = slot;
        owned += count;
    }

    /** The device is done with {@code count} slots from {@link #next} on, and their buffers are somebody else's. */
    void completed(int count) {
        next = next + count < size ? next + count : next + count - size;
        owned -= count;
    }

    /**
     * Notes that the device is done with a slot and has passed over those before it.
     *
     * @return the slot's entry in {@link RxSlots}; -1 if the device does not own it, and nothing changed
     */
    int complete(int slot) {
        int steps = slot < next ? slot - next + size : slot - next;
        if (slot >= size || steps >= owned) {
            return -1;
        }
        for (; steps > 0; steps--) {
            slots.recycle(firstSlot + next);
            completed(1);
        }
        completed(1);
        return firstSlot + slot;
    }

    /** Gives all buffers back to the pool. The device owns none any more. */
    void giveBack() {
        int behind = Math.min(owned, size - next);
        slots.give(firstSlot + next, behind);
        slots.give(firstSlot, owned - behind);
        completed(owned);
    }
}
