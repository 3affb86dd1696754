package dev.npa.plugin.broadcom.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.broadcom.regs.PageChain;
import dev.npa.plugin.support.QueueCounts;
import dev.npa.plugin.support.RxSlots;
import dev.npa.shell.PacketBuffers;

/** A ring of addresses of receive buffers, posted in order: receive descriptors, and in a subclass SGEs. §5.1 */
class BufferRing {

    /** Buffers by slot; behind those of the ring are the {@code others}. */
    final RxSlots slots;
    /** Slots, links among them, less 1. */
    final int mask;
    /** Position of the next slot to post; runs freely and counts the links. */
    int producer;
    /** Buffers in the ring. */
    int present;
    private final DmaMemory ring;
    private final int target;

    /**
     * Creates an empty ring.
     *
     * @param target buffers to keep posted
     * @param others slots that are not the ring's, behind its own
     */
    BufferRing(DmaMemory ring, int target, int others, PacketBuffers buffers, QueueCounts counts) {
        this.ring = ring;
        this.target = target;
        this.mask = ring.length() / Long.BYTES - 1;
        this.slots = new RxSlots(buffers, mask + 1 + others, counts);
    }

    long address() {
        return ring.address();
    }

    void prepare() {
        producer = 0;
        PageChain.RX_BD.link(ring);
    }

    /** Slots from {@code slot} on that can be posted at once. */
    int vacant(int slot) {
        return PageChain.RX_BD.left(slot);
    }

    /** Buffers were put into slots from {@code slot} on, all of them vacant. */
    void posted(int slot, int count) {
        present += count;
    }

    /** Posts as many buffers as are wanted and can be had. */
    final void fill() {
        int wanted;
        int got;
        do {
            int slot = producer & mask;
            wanted = Math.min(target - present, vacant(slot));
            got = wanted == 0 ? 0 : slots.fill(slot, wanted);
            for (int i = slot; i < slot + got; i++) {
                ring.putLong(i * Long.BYTES, slots.address(i));
            }
            posted(slot, got);
            producer = got == 0 ? producer : PageChain.nextRxBd(producer + got - 1);
        } while (got == wanted && got > 0);
        slots.missing(got < wanted ? target - present : 0);
    }
}
