package dev.npa.plugin.intel.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.intel.regs.AdvancedRxDescriptor;
import dev.npa.plugin.intel.regs.ChipQueues;
import dev.npa.plugin.intel.regs.QueueRegisters;
import dev.npa.plugin.intel.regs.RxFormat;
import dev.npa.plugin.support.QueueCounts;
import dev.npa.plugin.support.RingIndex;
import dev.npa.plugin.support.RxSlots;
import dev.npa.shell.PacketBuffers;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/**
 * A receive ring with advanced one-buffer descriptors. A packet longer than a buffer spans descriptors,
 * each full but the last, EOP on the last.
 *
 * <p>Slots {@code [next, tail)} are posted; those from {@code tail} on are empty and wait for a buffer.
 *
 * <p>Concurrency: one thread drives the queue; {@link #counter} may be read by others and then is a recent value.
 */
public final class RxRing extends Ring implements RxQueue {

    /** Empty slots that make a refill worth while, and the part of a small ring that is as good. */
    private static final int REFILL = 32;
    private static final int REFILL_PART = 8;

    private static final long SINGLE = AdvancedRxDescriptor.DD | AdvancedRxDescriptor.EOP;

    private final int bufferBytes;
    private final int maxChain;
    private final int refillFrom;
    private final RxFormat format;
    /** EOP and error bits of q1; a packet in one buffer has EOP alone. */
    private final long verdict;
    private final RxSlots slots;

    private int results;
    private int next;
    private boolean refilling;
    /** The rest of a packet that is being dropped has still to come. */
    private boolean dropping;
    private boolean dropped;

    /**
     * Creates a ring at rest.
     *
     * @param ring window of {@link #bytes} bytes, aligned to 128
     * @param size descriptors, a multiple of 8
     * @param registers the function's registers
     * @param base first register of the queue
     * @param buffers where receive buffers come from, large enough for {@link #bufferBytes}
     * @param scatter whether a packet may span buffers; longer ones are dropped
     * @param chip what is the chip's own
     */
    public RxRing(DmaMemory ring, int size, RegisterWindow registers, int base, PacketBuffers buffers,
            boolean scatter, ChipQueues chip) {
        super(ring, size, registers, base, chip, new QueueCounts());
        this.bufferBytes = bufferBytes(buffers);
        this.maxChain = scatter ? chip.longestFrame() / bufferBytes + 1 : 1;
        this.refillFrom = Math.min(REFILL, size / REFILL_PART);
        this.format = chip.rx();
        this.verdict = AdvancedRxDescriptor.EOP | format.frameErrors();
        this.slots = new RxSlots(buffers, size, counts);
    }

    /** Bytes of the DMA window of a ring. */
    public static int bytes(int size) {
        return size << AdvancedRxDescriptor.SHIFT;
    }

    /** Bytes of each buffer that the device can use (BSIZEPACKET); 0 if the buffers are too small for it. */
    public static int bufferBytes(PacketBuffers buffers) {
        int units = Math.min(buffers.bufferSize() / QueueRegisters.BSIZEPACKET_UNIT, QueueRegisters.BSIZEPACKET_MAX);
        return units * QueueRegisters.BSIZEPACKET_UNIT;
    }

    /** Bytes of a buffer that the device uses. */
    int bufferBytes() {
        return bufferBytes;
    }

    /** Says which result flags ({@link PacketFlags}) are shown; none before. While no thread drives the queue. */
    public void show(int resultFlags) {
        results = resultFlags;
    }

    @Override
    public int receive(PacketBurst into, int budget) {
        int received = 0;
        do {
            // Again after a drop: fewer packets than the budget must mean that none waits.
            dropped = false;
            received += harvest(into, budget - received);
        } while (dropped && received < budget);
        if (refilling && (budget == 0 || RingIndex.free(next, tail, size) >= refillFrom)) {
            refill();
        }
        return received;
    }

    private int harvest(PacketBurst into, int budget) {
        if (dropping && budget > 0) {
            dropRest();
        }
        int end = scan(budget, into.room());
        if (end == next) {
            return 0;
        }
        // One for all DD bits that the scan saw: the second pass reads what was written before.
        DmaMemory.acquireFence();
        return deliver(into, end);
    }

    /** First pass: position after the last whole packet that fits; a chain over the limit counts as whole. */
    private int scan(int budget, int room) {
        int most = Math.min(Math.min(budget, room), RingIndex.distance(next, tail, size));
        int straight = Math.min(most, size - next);
        int singles = countSingles(next, straight);
        if (singles == straight) {
            singles += countSingles(0, most - straight);
        }
        int end = RingIndex.advance(next, singles, size);
        return singles == most ? end : scanChains(end, budget - singles, room - singles);
    }

    /** Packets in one buffer that have arrived from a slot on; here and below, loops without a wrap are much faster. */
    private int countSingles(int from, int most) {
        int i = from;
        while (i < from + most && (ring.getLong((i << AdvancedRxDescriptor.SHIFT) + 8) & SINGLE) == SINGLE) {
            i++;
        }
        return i - from;
    }

    private int scanChains(int from, int budget, int room) {
        int left = room;
        int count = 0;
        int chain = 0;
        int end = from;
        int i = from;
        while (count < budget && i != tail && left > 0) {
            long q1 = ring.getLong((i << AdvancedRxDescriptor.SHIFT) + 8);
            if ((q1 & AdvancedRxDescriptor.DD) == 0) {
                break;
            }
            i = RingIndex.next(i, size);
            left--;
            chain++;
            if ((q1 & AdvancedRxDescriptor.EOP) != 0) {
                chain = 0;
                count++;
                end = i;
            } else if (chain == maxChain) {
                return i;
            }
        }
        return end;
    }

    /** Second pass: takes the packets in {@code [next, end)}. */
    private int deliver(PacketBurst into, int end) {
        int received = 0;
        int i = next;
        while (i != end) {
            int to = end > i ? end : size;
            int singles = takeSingles(into, i, to);
            received += singles;
            i += singles;
            if (i < to) {
                int first = into.size();
                i = gather(into, i, end);
                if (into.size() > first) {
                    counts.bytes += into.packetLength(first);
                    received++;
                }
            } else if (i == size) {
                i = 0;
            }
        }
        next = end;
        counts.packets += received;
        return received;
    }

    /** Takes packets in one buffer from slots {@code [from, to)}, up to one that is not or must be dropped. */
    private int takeSingles(PacketBurst into, int from, int to) {
        int offset = into.size() - from;
        long bytes = 0;
        int i = from;
        int status = 0;
        short type = 0;
        int flags = PacketFlags.WHOLE | format.flags(0, 0) & results;
        for (; i < to; i++) {
            long q0 = ring.getLong(i << AdvancedRxDescriptor.SHIFT);
            long q1 = ring.getLong((i << AdvancedRxDescriptor.SHIFT) + 8);
            int length = AdvancedRxDescriptor.length(q1);
            if ((q1 & verdict) != AdvancedRxDescriptor.EOP || length == 0 || length > bufferBytes) {
                break;
            }
            if ((int) q1 != status || (short) q0 != type) { // neighbours are mostly alike
                status = (int) q1;
                type = (short) q0;
                flags = PacketFlags.WHOLE | format.flags(q0, q1) & results;
            }
            into.put(offset + i, slots.address(i), slots.handle(i), length, flags,
                    AdvancedRxDescriptor.offload(q0, q1));
            bytes += length;
        }
        into.size(offset + i);
        counts.bytes += bytes;
        return i - from;
    }

    /** Takes a packet of several buffers, or drops a packet; returns the slot after it. */
    private int gather(PacketBurst into, int from, int end) {
        int first = into.size();
        int total = 0;
        boolean sane = true;
        boolean last = false;
        long q0 = 0;
        long q1 = 0;
        int i = from;
        while (i != end && !last) {
            q0 = ring.getLong(i << AdvancedRxDescriptor.SHIFT);
            q1 = ring.getLong((i << AdvancedRxDescriptor.SHIFT) + 8);
            int length = AdvancedRxDescriptor.length(q1);
            sane &= length > 0 && length <= bufferBytes;
            total += length;
            into.add(slots.address(i), slots.handle(i), length, 0);
            last = (q1 & AdvancedRxDescriptor.EOP) != 0;
            i = RingIndex.next(i, size);
        }
        if (sane && (q1 & verdict) == AdvancedRxDescriptor.EOP) {
            // Status, hash and tag are in the last descriptor, their columns in the packet's first entry.
            into.flags(first, PacketFlags.SOP | format.flags(q0, q1) & results);
            into.offload(first, AdvancedRxDescriptor.offload(q0, q1));
            into.packetLength(first, total);
            int tailEntry = into.size() - 1;
            into.flags(tailEntry, into.flags(tailEntry) | PacketFlags.EOP);
        } else {
            slots.recycle(into, first);
            dropping = !last;
            dropped = true;
            counts.errors++;
        }
        return i;
    }

    /** Drops what has arrived of the rest of a dropped packet. */
    private void dropRest() {
        while (dropping && next != tail) {
            long q1 = ring.getLong((next << AdvancedRxDescriptor.SHIFT) + 8);
            if ((q1 & AdvancedRxDescriptor.DD) == 0) {
                return;
            }
            slots.recycle(next);
            next = RingIndex.next(next, size);
            dropping = (q1 & AdvancedRxDescriptor.EOP) == 0;
        }
    }

    private void refill() {
        int published = tail;
        int left = RingIndex.free(next, tail, size);
        int wanted;
        int posted;
        do {
            wanted = Math.min(left, size - tail);
            posted = post(wanted);
            left -= posted;
        } while (posted == wanted && left > 0);
        slots.missing(left);
        if (tail != published) {
            publish();
        }
    }

    /** Posts at most {@code count} buffers, none beyond the end of the ring; returns how many. */
    private int post(int count) {
        int from = tail;
        int filled = slots.fill(from, count);
        for (int i = from; i < from + filled; i++) {
            ring.putLong(i << AdvancedRxDescriptor.SHIFT, slots.address(i));
            ring.putLong((i << AdvancedRxDescriptor.SHIFT) + 8, 0); // header address; its bit 0 is DD
        }
        tail = RingIndex.advance(from, filled, size);
        return filled;
    }

    /** Empties the ring for a queue that is disabled. Head and tail are 0. */
    void prepare() {
        next = 0;
        tail = 0;
        dropping = false;
    }

    /** The queue is enabled: posts buffers. */
    void begin() {
        refilling = true;
        refill();
    }

    /** Takes no more buffers; what was received can still be collected. */
    public void stopRefill() {
        refilling = false;
    }

    /** The queue is disabled: gives every buffer in the ring back. */
    public void end() {
        refilling = false;
        int held = RingIndex.distance(next, tail, size);
        int straight = Math.min(held, size - next);
        slots.give(next, straight);
        slots.give(0, held - straight);
        slots.giveSpares();
        next = tail;
    }
}
