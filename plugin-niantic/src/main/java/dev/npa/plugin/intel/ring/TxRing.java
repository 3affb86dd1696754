package dev.npa.plugin.intel.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.TxQueue;
import dev.npa.plugin.intel.regs.AdvancedTxDescriptor;
import dev.npa.plugin.intel.regs.ChipQueues;
import dev.npa.plugin.support.QueueCounts;
import dev.npa.plugin.support.RingIndex;
import dev.npa.plugin.support.TxRequest;
import dev.npa.plugin.support.TxRuns;
import dev.npa.shell.PacketBurst;

/**
 * A transmit ring with advanced descriptors.
 *
 * <p>A packet that needs a context refers to one of the device's two slots; a context descriptor is written only when
 * the context is in neither. EOP is on the last descriptor of a packet, RS on that of a run: the packets of a call, at
 * most {@link #RUN} of them, which the device reports together.
 *
 * <p>Concurrency: one thread drives the queue; {@link #counter} may be read by others and then is a recent value.
 */
public final class TxRing extends Ring implements TxQueue {

    /** Most packets of a run: a long burst is not kept until its end is sent. */
    private static final int RUN = 32;

    private final TxCompletion completion;
    private final TxRequest request;
    private final TxPlan plan;
    private final TxContexts contexts = new TxContexts();
    private final TxRuns runs;

    private int clean;
    private int free;
    private boolean accepting;
    private boolean live;

    /** What q1 of all packets like the one planned last has in common; 0 unless the device has their context. */
    private long common;
    /** Packets of the run that is being posted, and their bytes. */
    private int runPackets;
    private long runBytes;

    /**
     * Creates a ring at rest.
     *
     * @param ring window of {@link #bytes} bytes, aligned to 128
     * @param size descriptors, a multiple of 8
     * @param registers the function's registers
     * @param base first register of the queue
     * @param request reads packets of this queue, and of no other
     * @param chip what is the chip's own
     */
    public TxRing(DmaMemory ring, int size, RegisterWindow registers, int base, TxCompletion completion,
            TxRequest request, ChipQueues chip) {
        super(ring, size, registers, base, chip, new QueueCounts());
        this.completion = completion;
        this.request = request;
        this.plan = new TxPlan(request, chip);
        this.runs = new TxRuns(2 * size, counts);
    }

    /** Bytes of the DMA window of a ring. */
    public static int bytes(int size, TxCompletion completion) {
        return (size << AdvancedTxDescriptor.SHIFT) + completion.extraBytes();
    }

    /** Value for TDWBAL (low half) and TDWBAH (high half). */
    long headWriteBack() {
        return completion.headWriteBack(ring.address() + ((long) size << AdvancedTxDescriptor.SHIFT));
    }

    @Override
    public int transmit(PacketBurst burst, int from, int to) {
        if (!accepting) {
            return from;
        }
        int published = tail;
        int at = from;
        // A step adds two entries at most: the run before a refused packet, and that packet.
        while (at < to && runs.room() > 1) {
            int next = postSame(burst, at, to);
            if (next == at) {
                next = postAny(burst, at, to);
            }
            if (next == at) {
                break; // the ring is full
            }
            at = next;
        }
        closeRun();
        if (tail != published) {
            publish();
        }
        return at;
    }

    /** The common case: packets of one descriptor that ask for the same as the one before. Ends before any other. */
    private int postSame(PacketBurst burst, int from, int to) {
        if (common == 0) {
            return from;
        }
        long bits = common | AdvancedTxDescriptor.EOP;
        int end = from + Math.min(to - from, Math.min(free, RUN - runPackets));
        int at = from;
        int i = tail;
        long bytes = 0;
        while (at < end) {
            int length = burst.length(at);
            if (!request.isSame(burst.flags(at), burst.offload(at), length) || length > AdvancedTxDescriptor.MAX_DATA) {
                break;
            }
            int place = i << AdvancedTxDescriptor.SHIFT;
            ring.putLong(place, burst.address(at));
            ring.putLong(place + 8, bits | plan.paylen(length) | length);
            bytes += length;
            i = RingIndex.next(i, size);
            at++;
        }
        if (at > from) {
            tail = i;
            free -= at - from;
            extendRun(at - from, bytes);
        }
        return at;
    }

    /** Posts or refuses any packet; returns {@code at} if the ring has no room for it. */
    private int postAny(PacketBurst burst, int at, int to) {
        boolean allowed = plan.plan(burst, at, to);
        int last = request.last();
        if (!request.isRepeated()) {
            common = 0;
        }
        if (!allowed) {
            closeRun(); // the packets before it share another fate
            runs.addRefused();
            return last + 1;
        }
        if (free < plan.descriptors(at) + (common == 0 ? 1 : 0)) {
            return at; // a context may go before it
        }
        int i = tail;
        if (common == 0) {
            i = putContext(i);
        }
        long bits = common | plan.paylen(request.total());
        for (int segment = at; segment < last; segment++) {
            i = putSegment(i, burst.address(segment), burst.length(segment), bits, 0);
        }
        i = putSegment(i, burst.address(last), burst.length(last), bits, AdvancedTxDescriptor.EOP);
        free -= RingIndex.distance(tail, i, size);
        tail = i;
        extendRun(1, request.total());
        return last + 1;
    }

    /** Prepares what packets as planned have in common, with their context first if neither slot has it. */
    private int putContext(int at) {
        long q0 = plan.contextQ0();
        long q1 = plan.contextQ1();
        common = plan.common();
        if (!plan.needsContext()) {
            return at;
        }
        long slot = contexts.find(q0, q1);
        if (slot != TxContexts.NONE) {
            common |= slot;
            return at;
        }
        slot = contexts.replace(q0, q1);
        common |= slot;
        return put(at, q0, q1 | slot);
    }

    /** Writes the descriptors of a segment from a position on; {@code ending} goes into the last one. */
    private int putSegment(int at, long address, int length, long bits, long ending) {
        int i = at;
        long from = address;
        int left = length;
        while (left > AdvancedTxDescriptor.MAX_DATA) {
            i = put(i, from, bits | AdvancedTxDescriptor.MAX_DATA);
            from += AdvancedTxDescriptor.MAX_DATA;
            left -= AdvancedTxDescriptor.MAX_DATA;
        }
        return put(i, from, bits | ending | left);
    }

    /** Writes a descriptor; returns the position after it. */
    private int put(int at, long q0, long q1) {
        int place = at << AdvancedTxDescriptor.SHIFT;
        ring.putLong(place, q0);
        ring.putLong(place + 8, q1);
        return RingIndex.next(at, size);
    }

    private void extendRun(int count, long bytes) {
        runPackets += count;
        runBytes += bytes;
        if (runPackets == RUN) {
            closeRun();
        }
    }

    /** Asks for a report of the packets posted since the last run: the device has not seen their descriptors yet. */
    private void closeRun() {
        if (runPackets > 0) {
            int last = newest();
            int place = (last << AdvancedTxDescriptor.SHIFT) + 8;
            ring.putLong(place, ring.getLong(place) | AdvancedTxDescriptor.RS);
            runs.add(runPackets, runBytes, last);
            runPackets = 0;
            runBytes = 0;
        }
    }

    /** The descriptor before the tail. */
    private int newest() {
        return RingIndex.advance(tail, size - 1, size);
    }

    @Override
    public int reclaim(int budget) {
        if (runs.outstanding() == 0) {
            return 0;
        }
        if (live) {
            report();
        }
        return runs.take(budget);
    }

    /** Notes the runs that the device is done with, oldest first. */
    private void report() {
        int behind = clean;
        int mark = runs.mark();
        while (mark != TxRuns.NONE && completion.isDone(ring, size, clean, mark)) {
            runs.report();
            behind = RingIndex.next(mark, size);
            mark = runs.mark();
        }
        if (behind != clean) {
            DmaMemory.acquireFence(); // one for all: buffers are not reused before the device is done with them
            clean = behind;
            free = RingIndex.free(clean, tail, size);
        }
    }

    @Override
    public int outstanding() {
        return runs.outstanding();
    }

    /** Empties the ring for a queue that is disabled; what is still to be reclaimed stays. Head and tail are 0. */
    void prepare() {
        tail = 0;
        clean = 0;
        free = size - 1;
        contexts.clear();
        common = 0;
        if (completion.extraBytes() > 0) {
            ring.putInt(size << AdvancedTxDescriptor.SHIFT, 0);
        }
    }

    /** The queue is enabled: packets are accepted from now on. */
    void begin() {
        live = true;
        accepting = true;
    }

    /** Accepts no more packets. */
    public void refuseAll() {
        accepting = false;
    }

    /** Whether the device is done with everything it was given. Changes nothing: another thread may be reclaiming. */
    public boolean isIdle() {
        int oldest = clean;
        return !live || oldest == tail
                || completion.isDone(ring, size, oldest, newest());
    }

    /** The queue is disabled: what the device had not reported is aborted. */
    public void end() {
        accepting = false;
        if (live) {
            report();
            runs.abort();
            live = false;
        }
    }
}
