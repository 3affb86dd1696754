package dev.npa.plugin.vmxnet3;

import dev.npa.hw.DmaMemory;
import dev.npa.shell.PacketBuffers;
import dev.npa.shell.PacketBurst;

/**
 * A receive command ring: which slots hold which buffers, and which of them the device owns. The device owns
 * {@code [next, fill)}; every other slot is empty or keeps a buffer that the device passed over, to be given to it
 * again.
 */
final class RxRing {

    private final RingIndex index;
    private final DmaMemory memory;
    private final int base;
    private final int bufferSize;
    private final int headEvery;
    private final boolean used;
    private final long[] address;
    private final int[] handle;
    private final boolean[] held;
    private int fill;
    private int staged;
    private int next;

    /**
     * Creates an empty ring.
     *
     * @param base offset of the ring in {@code memory}
     * @param headEvery every so many slots one is a HEAD; 0 = BODY only
     * @param used false for a ring that never gets a buffer
     */
    RxRing(int size, DmaMemory memory, int base, int bufferSize, int headEvery, boolean used) {
        this.index = new RingIndex(size);
        this.memory = memory;
        this.base = base;
        this.bufferSize = bufferSize;
        this.headEvery = headEvery;
        this.used = used;
        address = new long[size];
        handle = new int[size];
        held = new boolean[size];
    }

    int size() {
        return index.size();
    }

    /** Address of the first descriptor. */
    long ringAddress() {
        return memory.address() + base;
    }

    /** Back to slot 0 and generation 1. Holds no buffers. */
    void reset() {
        Rings.clear(memory, base, size() * RxDescriptor.SIZE);
        fill = 0;
        staged = 0;
        next = 0;
    }

    /** Slot that is given to the device next: what RXPROD tells. */
    int fillSlot() {
        return index.slot(fill);
    }

    /** One slot stays with the driver, so that full does not look like empty. */
    private int limit() {
        return used ? index.advance(next, size() - 1) : fill;
    }

    /** Whether the device owns all that it may. */
    boolean isFull() {
        return fill == limit();
    }

    /** Buffers that are missing before the ring is full. */
    int missing() {
        int count = 0;
        int limit = limit();
        for (int p = fill; p != limit; p = index.advance(p, 1)) {
            count += held[index.slot(p)] ? 0 : 1;
        }
        return count;
    }

    /**
     * Puts buffers into slots in order, without giving them to the device yet. Slots that kept a buffer need none.
     *
     * @param from first entry of {@code fresh} to use
     * @return one past the last entry used
     */
    int stage(PacketBurst fresh, int from) {
        int entry = from;
        int limit = limit();
        int p = fill;
        while (p != limit) {
            int slot = index.slot(p);
            if (!held[slot]) {
                if (entry == fresh.size()) {
                    break;
                }
                address[slot] = fresh.address(entry);
                handle[slot] = fresh.handle(entry);
                held[slot] = true;
                entry++;
                memory.putLong(base + slot * RxDescriptor.SIZE + RxDescriptor.ADDRESS, address[slot]);
            }
            p = index.advance(p, 1);
        }
        staged = p;
        return entry;
    }

    /**
     * Gives the staged slots to the device. The caller has put a release fence after {@link #stage}: until here a
     * slot's second word has the generation of the lap before.
     *
     * @return whether there were any
     */
    boolean publish() {
        boolean any = fill != staged;
        for (int p = fill; p != staged; p = index.advance(p, 1)) {
            int slot = index.slot(p);
            int btype = headEvery != 0 && slot % headEvery == 0 ? RxDescriptor.HEAD : RxDescriptor.BODY;
            memory.putLong(base + slot * RxDescriptor.SIZE + RxDescriptor.WORD,
                    RxDescriptor.word(bufferSize, btype, index.generation(p)));
        }
        fill = staged;
        return any;
    }

    /**
     * Notes that the device is done with a slot and has passed over those before it. All of them keep their buffers.
     *
     * @return false if the device does not own the slot; nothing changed
     */
    boolean complete(int slot) {
        if (slot >= size()) {
            return false;
        }
        int steps = index.stepsToSlot(next, slot);
        if (steps >= index.distance(next, fill)) {
            return false;
        }
        next = index.advance(next, steps + 1);
        return true;
    }

    /** Appends the buffer of a completed slot to a burst; the slot is empty then. Returns the entry. */
    int deliver(int slot, PacketBurst into, int length, int flags) {
        held[slot] = false;
        return into.add(address[slot], handle[slot], length, flags);
    }

    /** Gives all buffers back to the pool. The device owns none any more. */
    void giveBack(PacketBuffers pool, PacketBurst scratch) {
        scratch.clear();
        for (int slot = 0; slot < held.length; slot++) {
            if (held[slot]) {
                deliver(slot, scratch, bufferSize, 0);
            }
            if (scratch.room() == 0 || slot == held.length - 1) {
                pool.give(scratch, 0, scratch.size());
                scratch.clear();
            }
        }
        next = fill;
    }
}
