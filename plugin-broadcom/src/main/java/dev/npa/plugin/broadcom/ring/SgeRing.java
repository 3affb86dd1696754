package dev.npa.plugin.broadcom.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.broadcom.regs.PageChain;
import dev.npa.shell.PacketBurst;

/**
 * The ring of further receive buffers (SGEs) for what does not fit into a packet's first. The device takes them in
 * order, packets give them back in any order, so a slot is refilled when the producer comes by. §5.2, §5.5
 */
final class SgeRing {

    /** Steps of the producer that the device sees. §5.5 */
    static final int UNIT = 64;

    private final DmaMemory ring;
    private final int mask;
    private final int target;
    private final long[] address;
    private final int[] handle;
    private int producer;
    private int present;

    /**
     * Creates an empty ring.
     *
     * @param target buffers to keep posted
     */
    SgeRing(DmaMemory ring, int target) {
        this.ring = ring;
        this.mask = ring.length() / Long.BYTES - 1;
        this.target = target;
        this.address = new long[mask + 1];
        this.handle = new int[mask + 1];
    }

    long firstPage() {
        return ring.address();
    }

    int slots() {
        return mask + 1;
    }

    void prepare() {
        producer = 0;
        present = 0;
        PageChain.RX_BD.link(ring);
    }

    /** Buffers that can be posted now. */
    int missing() {
        int most = target - present;
        int count = 0;
        for (int i = producer; count < most && address[i & mask] == 0; i = PageChain.nextRxBd(i)) {
            count++;
        }
        return count;
    }

    void post(long bufferAddress, int bufferHandle) {
        int slot = producer & mask;
        address[slot] = bufferAddress;
        handle[slot] = bufferHandle;
        ring.putLong(slot * Long.BYTES, bufferAddress);
        producer = PageChain.nextRxBd(producer);
        present++;
    }

    /** The producer for the device: whole units only. */
    int published() {
        return producer & -UNIT & 0xFFFF;
    }

    /** Whether the device can have used this slot: it has a buffer that was published. */
    boolean holds(int slot) {
        return slot <= mask && address[slot] != 0 && (slot - (producer & -UNIT) & mask) >= (producer & UNIT - 1);
    }

    long address(int slot) {
        return address[slot];
    }

    int handle(int slot) {
        return handle[slot];
    }

    /** Empties a slot. */
    void take(int slot) {
        address[slot] = 0;
        present--;
    }

    /** Moves buffers into {@code out} until it is full or the ring is empty. */
    void drain(PacketBurst out) {
        for (int slot = 0; slot <= mask && present > 0 && out.room() > 0; slot++) {
            if (address[slot] != 0) {
                out.add(address[slot], handle[slot], 0, 0);
                take(slot);
            }
        }
    }
}
