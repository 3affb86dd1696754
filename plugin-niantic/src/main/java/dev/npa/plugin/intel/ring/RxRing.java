package dev.npa.plugin.intel.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.intel.regs.AdvancedRxDescriptor;
import dev.npa.plugin.intel.regs.ChipQueues;
import dev.npa.plugin.intel.regs.QueueRegisters;
import dev.npa.plugin.intel.regs.RxFormat;
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
public final class RxRing implements RxQueue {

    private static final int SCRATCH = 256;

    private final DmaMemory ring;
    private final int size;
    private final RegisterWindow registers;
    private final int base;
    private final PacketBuffers buffers;
    private final int bufferBytes;
    private final int maxChain;
    private final ChipQueues chip;
    private final RxFormat format;
    private final long frameErrors;
    private final PacketBurst scratch;
    private final long[] address;
    private final int[] handle;
    private final SpareBuffers spares;

    private int resultMask;
    private int next;
    private int tail;
    private int shortage;
    private boolean refilling;
    /** The rest of a packet that is being dropped has still to come. */
    private boolean dropping;
    private boolean dropped;

    private long packets;
    private long bytes;
    private long errors;
    private long noBuffer;
    private long doorbells;

    /**
     * Creates a ring at rest.
     *
     * @param ring window of {@code size * 16} bytes, aligned to 128
     * @param size descriptors, a multiple of 8
     * @param registers the function's registers
     * @param base first register of the queue
     * @param buffers where receive buffers come from
     * @param bufferBytes bytes of a buffer that the device uses (BSIZEPACKET)
     * @param maxChain most buffers of a packet; longer ones are dropped
     * @param chip what is the chip's own
     */
    public RxRing(DmaMemory ring, int size, RegisterWindow registers, int base, PacketBuffers buffers,
            int bufferBytes, int maxChain, ChipQueues chip) {
        this.ring = ring;
        this.size = size;
        this.registers = registers;
        this.base = base;
        this.buffers = buffers;
        this.bufferBytes = bufferBytes;
        this.maxChain = maxChain;
        this.chip = chip;
        this.format = chip.rx();
        this.frameErrors = format.frameErrors();
        this.scratch = new PacketBurst(Math.min(size, SCRATCH));
        this.address = new long[size];
        this.handle = new int[size];
        this.spares = new SpareBuffers(size);
    }

    public int size() {
        return size;
    }

    public DmaMemory memory() {
        return ring;
    }

    ChipQueues chip() {
        return chip;
    }

    /**
     * Says which result flags ({@link PacketFlags}) are reported; none before. While no thread drives the queue.
     */
    public void report(int results) {
        resultMask = results;
    }

    /** First register of the queue. */
    public int base() {
        return base;
    }

    /** Bytes of a buffer that the device uses. */
    public int bufferBytes() {
        return bufferBytes;
    }

    @Override
    public int receive(PacketBurst into, int budget) {
        int received = 0;
        do {
            // Again after a drop: fewer packets than the budget must mean that none waits.
            dropped = false;
            received += harvest(into, budget - received);
        } while (dropped && received < budget);
        if (refilling) {
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
        int left = room;
        int count = 0;
        int chain = 0;
        int end = next;
        int i = next;
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
            long q1 = ring.getLong((i << AdvancedRxDescriptor.SHIFT) + 8);
            if ((q1 & AdvancedRxDescriptor.EOP) != 0) {
                received += single(into, i, q1);
                i = RingIndex.next(i, size);
            } else {
                int entry = into.size();
                i = gather(into, i, end);
                received += into.size() > entry ? 1 : 0;
            }
        }
        next = end;
        return received;
    }

    private int single(PacketBurst into, int i, long q1) {
        int length = AdvancedRxDescriptor.length(q1);
        if ((q1 & frameErrors) != 0 || length == 0 || length > bufferBytes) {
            spares.add(address[i], handle[i]);
            countError();
            return 0;
        }
        long q0 = ring.getLong(i << AdvancedRxDescriptor.SHIFT);
        int entry = into.add(address[i], handle[i], length,
                PacketFlags.WHOLE | format.flags(q0, q1) & resultMask);
        into.offload(entry, PacketBurst.rxOffload(AdvancedRxDescriptor.hash(q0), AdvancedRxDescriptor.vlan(q1)));
        packets++;
        bytes += length;
        return 1;
    }

    /** Takes a packet of several buffers, or drops it; returns the slot after it. */
    private int gather(PacketBurst into, int from, int end) {
        int first = into.size();
        int total = 0;
        boolean sane = true;
        boolean last = false;
        long q1 = 0;
        int i = from;
        int at = i;
        while (i != end && !last) {
            at = i;
            q1 = ring.getLong((i << AdvancedRxDescriptor.SHIFT) + 8);
            int length = AdvancedRxDescriptor.length(q1);
            sane &= length > 0 && length <= bufferBytes;
            total += length;
            into.add(address[i], handle[i], length, 0);
            last = (q1 & AdvancedRxDescriptor.EOP) != 0;
            i = RingIndex.next(i, size);
        }
        if (!last || !sane || (q1 & frameErrors) != 0) {
            spares.addAll(into, first);
            into.truncate(first);
            dropping = !last;
            countError();
        } else {
            finish(into, first, total, ring.getLong(at << AdvancedRxDescriptor.SHIFT), q1);
        }
        return i;
    }

    /** Status, hash and tag are in the last descriptor, their columns in the packet's first entry. */
    private void finish(PacketBurst into, int first, int total, long q0, long q1) {
        into.flags(first, PacketFlags.SOP | format.flags(q0, q1) & resultMask);
        into.offload(first, PacketBurst.rxOffload(AdvancedRxDescriptor.hash(q0), AdvancedRxDescriptor.vlan(q1)));
        into.packetLength(first, total);
        int last = into.size() - 1;
        into.flags(last, into.flags(last) | PacketFlags.EOP);
        packets++;
        bytes += total;
    }

    private void countError() {
        errors++;
        dropped = true;
    }

    /** Drops what has arrived of the rest of a dropped packet. */
    private void dropRest() {
        while (dropping && next != tail) {
            long q1 = ring.getLong((next << AdvancedRxDescriptor.SHIFT) + 8);
            if ((q1 & AdvancedRxDescriptor.DD) == 0) {
                return;
            }
            spares.add(address[next], handle[next]);
            next = RingIndex.next(next, size);
            dropping = (q1 & AdvancedRxDescriptor.EOP) == 0;
        }
    }

    private void refill() {
        int free = RingIndex.free(next, tail, size);
        if (free == 0) {
            return;
        }
        int published = tail;
        while (free > 0 && spares.count() > 0) {
            spares.pop();
            post(spares.address(), spares.handle());
            free--;
        }
        while (free > 0) {
            scratch.clear();
            int wanted = Math.min(free, scratch.capacity());
            int taken = buffers.take(scratch, wanted);
            for (int i = 0; i < taken; i++) {
                post(scratch.address(i), scratch.handle(i));
            }
            free -= taken;
            if (taken < wanted) {
                break;
            }
        }
        noBuffer += Math.max(0, free - shortage);
        shortage = free;
        if (tail != published) {
            registers.write32(base + QueueRegisters.TAIL, tail); // releases the descriptors
            doorbells++;
        }
    }

    private void post(long bufferAddress, int bufferHandle) {
        int i = tail;
        int at = i << AdvancedRxDescriptor.SHIFT;
        address[i] = bufferAddress;
        handle[i] = bufferHandle;
        ring.putLong(at, bufferAddress);
        ring.putLong(at + 8, 0); // header address; its bit 0 is DD
        tail = RingIndex.next(i, size);
    }

    @Override
    public long counter(QueueCounter counter) {
        DmaMemory.acquireFence(); // another thread's loop shall not hoist the plain read out
        switch (counter) {
            case PACKETS:
                return packets;
            case BYTES:
                return bytes;
            case ERRORS:
                return errors;
            case NO_BUFFER:
                return noBuffer;
            case DOORBELLS:
                return doorbells;
            default:
                return 0;
        }
    }

    /** Empties the ring for a queue that is disabled. Head and tail are 0. */
    public void prepare() {
        next = 0;
        tail = 0;
        shortage = 0;
        dropping = false;
    }

    /** The queue is enabled: posts buffers. */
    public void begin() {
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
        while (next != tail || spares.count() > 0) {
            scratch.clear();
            while (next != tail && scratch.room() > 0) {
                scratch.add(address[next], handle[next], bufferBytes, 0);
                next = RingIndex.next(next, size);
            }
            while (spares.count() > 0 && scratch.room() > 0) {
                spares.pop();
                scratch.add(spares.address(), spares.handle(), bufferBytes, 0);
            }
            buffers.give(scratch, 0, scratch.size());
        }
    }
}
