package dev.npa.plugin.intel.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.TxQueue;
import dev.npa.plugin.intel.regs.AdvancedTxDescriptor;
import dev.npa.plugin.intel.regs.ChipQueues;
import dev.npa.plugin.intel.regs.QueueRegisters;
import dev.npa.plugin.intel.regs.TxContextDescriptor;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/**
 * A transmit ring with advanced descriptors.
 *
 * <p>A packet that needs a context refers to one of the device's two slots; a context descriptor is written only when
 * the context is in neither. RS and EOP are on the last descriptor of a packet.
 *
 * <p>Concurrency: one thread drives the queue; {@link #counter} may be read by others and then is a recent value.
 */
public final class TxRing implements TxQueue {

    private static final int REQUESTS = PacketFlags.TX_IP_CHECKSUM | PacketFlags.TX_TCP_CHECKSUM
            | PacketFlags.TX_UDP_CHECKSUM | PacketFlags.TX_TSO | PacketFlags.TX_VLAN;
    private static final long LAST = AdvancedTxDescriptor.EOP | AdvancedTxDescriptor.RS;

    private final DmaMemory ring;
    private final int size;
    private final RegisterWindow registers;
    private final int base;
    private final TxCompletion completion;
    private final TxLimits limits;
    private final ChipQueues chip;
    private final long dataBits;
    private final boolean contextAlways;
    private final TxPlan plan;
    private final TxShadow shadow;

    private int tail;
    private int clean;
    private int free;
    private boolean accepting;
    private boolean live;
    private long slot0Q0;
    private long slot0Q1;
    private long slot1Q0;
    private long slot1Q1;
    private int lastSlot;
    private int outstanding;

    private long packets;
    private long bytes;
    private long refused;
    private long doorbells;

    /**
     * Creates a ring at rest.
     *
     * @param ring window of {@link #bytes} bytes, aligned to 128
     * @param size descriptors, a multiple of 8
     * @param registers the function's registers
     * @param base first register of the queue
     * @param chip what is the chip's own
     */
    public TxRing(DmaMemory ring, int size, RegisterWindow registers, int base, TxCompletion completion,
            TxLimits limits, ChipQueues chip) {
        this.ring = ring;
        this.size = size;
        this.registers = registers;
        this.base = base;
        this.completion = completion;
        this.limits = limits;
        this.chip = chip;
        this.dataBits = chip.dataBits();
        this.contextAlways = chip.contextAlways();
        this.plan = new TxPlan(limits, chip);
        this.shadow = new TxShadow(2 * size);
        this.free = size - 1;
    }

    /** Bytes of the DMA window of a ring. */
    public static int bytes(int size, TxCompletion completion) {
        return (size << AdvancedTxDescriptor.SHIFT) + completion.extraBytes();
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

    /** First register of the queue. */
    public int base() {
        return base;
    }

    /** Value for TDWBAL (low half) and TDWBAH (high half). */
    public long headWriteBack() {
        return completion.headWriteBack(ring.address() + ((long) size << AdvancedTxDescriptor.SHIFT));
    }

    @Override
    public int transmit(PacketBurst burst, int from, int to) {
        if (!accepting) {
            return from;
        }
        int published = tail;
        int at = postPlain(burst, from, to);
        while (at < to) {
            int next = postPlanned(burst, at, to);
            if (next == at) {
                break;
            }
            at = postPlain(burst, next, to);
        }
        if (tail != published) {
            registers.write32(base + QueueRegisters.TAIL, tail); // releases the descriptors
            doorbells++;
        }
        return at;
    }

    /** The common case: a run of packets of one segment without a request. Ends before one that needs a closer look. */
    private int postPlain(PacketBurst burst, int from, int to) {
        int at = from;
        int end = from + Math.min(to - from, Math.min(free, shadow.free()));
        int i = tail;
        while (at < end) {
            int flags = burst.flags(at);
            int length = burst.length(at);
            if ((flags & (PacketFlags.WHOLE | REQUESTS)) != PacketFlags.WHOLE || length < limits.minFrame()
                    || length > limits.maxFrame()) {
                break;
            }
            int idx = contextAlways ? slot(TxContextDescriptor.q0(TxPlan.plainMaclen(burst.l2Length(at)), 0, 0),
                    TxContextDescriptor.PLAIN) : 0;
            if (idx < 0) {
                break;
            }
            int place = i << AdvancedTxDescriptor.SHIFT;
            ring.putLong(place, burst.address(at));
            ring.putLong(place + 8, AdvancedTxDescriptor.common(dataBits, idx, 0, length) | LAST | length);
            shadow.addLast(burst.handle(at), flags & ~PacketFlags.ABORTED, length, i);
            i = RingIndex.next(i, size);
            at++;
        }
        tail = i;
        free -= at - from;
        outstanding += at - from;
        return at;
    }

    private int postPlanned(PacketBurst burst, int at, int to) {
        if (!plan.plan(burst, at, to)) {
            return refuse(burst, at, plan.last());
        }
        int last = plan.last();
        int idx = plan.needsContext() ? slot(plan.contextQ0(), plan.contextQ1()) : 0;
        if (free < plan.descriptors() + (idx < 0 ? 1 : 0) || shadow.free() <= last - at) {
            return at;
        }
        if (idx < 0) {
            idx = putContext(plan.contextQ0(), plan.contextQ1());
        }
        long common = plan.common() | (long) idx << AdvancedTxDescriptor.IDX_SHIFT;
        for (int i = at; i < last; i++) {
            putSegment(burst.address(i), burst.length(i), common, 0);
            shadow.add(burst.handle(i), burst.flags(i) & ~PacketFlags.ABORTED);
        }
        int descriptor = putSegment(burst.address(last), burst.length(last), common, LAST);
        shadow.addLast(burst.handle(last), burst.flags(last) & ~PacketFlags.ABORTED, plan.total(), descriptor);
        outstanding++;
        return last + 1;
    }

    /** Writes the descriptors of a segment; {@code ending} goes into the last one, whose position is returned. */
    private int putSegment(long address, int length, long common, long ending) {
        long from = address;
        int left = length;
        while (left > AdvancedTxDescriptor.MAX_DATA) {
            put(from, common | AdvancedTxDescriptor.MAX_DATA);
            from += AdvancedTxDescriptor.MAX_DATA;
            left -= AdvancedTxDescriptor.MAX_DATA;
        }
        int descriptor = tail;
        put(from, common | ending | left);
        return descriptor;
    }

    private void put(long q0, long q1) {
        int at = tail << AdvancedTxDescriptor.SHIFT;
        ring.putLong(at, q0);
        ring.putLong(at + 8, q1);
        tail = RingIndex.next(tail, size);
        free--;
    }

    /** The slot that holds this context, or -1. */
    private int slot(long q0, long q1) {
        if (slot0Q0 == q0 && slot0Q1 == q1) {
            lastSlot = 0;
            return 0;
        }
        if (slot1Q0 == q0 && slot1Q1 == q1) {
            lastSlot = 1;
            return 1;
        }
        return -1;
    }

    /** Replaces the slot that was not used last; the device works in order, so earlier packets keep their context. */
    private int putContext(long q0, long q1) {
        int idx = 1 - lastSlot;
        if (idx == 0) {
            slot0Q0 = q0;
            slot0Q1 = q1;
        } else {
            slot1Q0 = q0;
            slot1Q1 = q1;
        }
        lastSlot = idx;
        put(q0, TxContextDescriptor.withIdx(q1, idx));
        return idx;
    }

    /** Takes a packet that breaks a limit, to be completed as aborted in its turn. */
    private int refuse(PacketBurst burst, int first, int last) {
        if (shadow.free() <= last - first) {
            if (!shadow.isEmpty()) {
                return first;
            }
            shadow.grow(last - first + 1);
        }
        for (int i = first; i < last; i++) {
            shadow.add(burst.handle(i), burst.flags(i) | PacketFlags.ABORTED);
        }
        shadow.addLast(burst.handle(last), burst.flags(last) | PacketFlags.EOP | PacketFlags.ABORTED, 0,
                TxShadow.NO_DESCRIPTOR);
        outstanding++;
        refused++;
        return last + 1;
    }

    @Override
    public int reclaim(PacketBurst done, int budget) {
        if (outstanding == 0) {
            return 0;
        }
        int frontier = live ? completion.frontier(ring, shadow, budget, clean, size) : shadow.tail();
        int behind = clean;
        int count = 0;
        int aborted = 0;
        long sentBytes = 0;
        while (count < budget && shadow.head() != frontier) {
            int last = shadow.lastOf(shadow.head());
            if (last - shadow.head() >= done.room()) {
                break;
            }
            int descriptor = shadow.descriptor(last);
            if (descriptor >= 0) {
                behind = RingIndex.next(descriptor, size);
            }
            if ((shadow.flags(last) & PacketFlags.ABORTED) == 0) {
                sentBytes += shadow.bytes(last);
            } else {
                aborted++;
            }
            shadow.take(last, done);
            count++;
        }
        clean = behind;
        outstanding -= count;
        packets += count - aborted;
        bytes += sentBytes;
        free = RingIndex.free(clean, tail, size);
        return count;
    }

    @Override
    public int outstanding() {
        return outstanding;
    }

    @Override
    public long counter(QueueCounter counter) {
        DmaMemory.acquireFence(); // another thread's loop shall not hoist the plain read out
        switch (counter) {
            case PACKETS:
                return packets;
            case BYTES:
                return bytes;
            case REFUSED:
                return refused;
            case DOORBELLS:
                return doorbells;
            default:
                return 0;
        }
    }

    /** Empties the ring for a queue that is disabled; completions still to be collected stay. Head and tail are 0. */
    public void prepare() {
        tail = 0;
        clean = 0;
        free = size - 1;
        // No context word is 0, so that nothing matches an empty slot. Contexts die with the queue's enable.
        slot0Q1 = 0;
        slot1Q1 = 0;
        lastSlot = 1;
        if (completion.extraBytes() > 0) {
            ring.putInt(size << AdvancedTxDescriptor.SHIFT, 0);
        }
    }

    /** The queue is enabled: packets are accepted from now on. */
    public void begin() {
        live = true;
        accepting = true;
    }

    /** Accepts no more packets. */
    public void refuseAll() {
        accepting = false;
    }

    /** Whether the device has reported every packet it was given as done. */
    public boolean isIdle() {
        return !live || completion.frontier(ring, shadow, Integer.MAX_VALUE, clean, size) == shadow.tail();
    }

    /** The queue is disabled: what the device had not reported is aborted. */
    public void end() {
        accepting = false;
        if (!live) {
            return;
        }
        int frontier = completion.frontier(ring, shadow, Integer.MAX_VALUE, clean, size);
        boolean aborted = false;
        int first = shadow.head();
        while (first != shadow.tail()) {
            aborted |= first == frontier;
            int last = shadow.lastOf(first);
            shadow.settle(first, last, aborted);
            first = last + 1;
        }
        live = false;
    }
}
