package dev.npa.plugin.intel.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.TxQueue;
import dev.npa.plugin.intel.regs.AdvancedTxDescriptor;
import dev.npa.plugin.intel.regs.ChipQueues;
import dev.npa.plugin.intel.regs.TxContextDescriptor;
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
    /** Bits of the offload word with the length of the L2 header. */
    private static final long L2_LENGTH = 0x7F;

    private final TxCompletion completion;
    private final TxRequest request;
    private final TxPlan plan;
    private final TxContexts contexts = new TxContexts();
    private final TxRuns runs;
    private final long dataBits;
    /** Bits of the offload word that matter to a packet without requests. */
    private final long plainBits;

    private int clean;
    private int free;
    private boolean accepting;
    private boolean live;

    /** Packets of the run that is being posted, and their bytes; the descriptor posted last and its q1. */
    private int runPackets;
    private long runBytes;
    private int runLast;
    private long runQ1;

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
        this.dataBits = chip.dataBits();
        this.plainBits = chip.contextAlways() ? L2_LENGTH : 0;
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
            int next = postPlain(burst, at, to);
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

    /** The common case: packets of one segment without a request and alike. Ends before one that is not, or the run. */
    private int postPlain(PacketBurst burst, int from, int to) {
        long alike = burst.offload(from) & plainBits;
        long idx = plainBits == 0 ? 0
                : contexts.find(TxContextDescriptor.plainQ0((int) alike, 0), TxContextDescriptor.PLAIN);
        if (idx == TxContexts.NONE) {
            return from;
        }
        long bits = dataBits | idx | AdvancedTxDescriptor.EOP;
        int end = from + Math.min(to - from, Math.min(free, RUN - runPackets));
        int at = from;
        int i = tail;
        int last = i;
        long q1 = 0;
        long bytes = 0;
        while (at < end) {
            int length = burst.length(at);
            if (!request.isPlain(burst.flags(at), length) || (burst.offload(at) & plainBits) != alike) {
                break;
            }
            q1 = AdvancedTxDescriptor.common(bits, length) | length;
            int place = i << AdvancedTxDescriptor.SHIFT;
            ring.putLong(place, burst.address(at));
            ring.putLong(place + 8, q1);
            bytes += length;
            last = i;
            i = RingIndex.next(i, size);
            at++;
        }
        if (at > from) {
            tail = i;
            free -= at - from;
            runLast = last;
            runQ1 = q1;
            if (plainBits != 0) {
                contexts.use(idx);
            }
            extendRun(at - from, bytes);
        }
        return at;
    }

    /** Posts or refuses any packet; returns {@code at} if the ring has no room for it. */
    private int postAny(PacketBurst burst, int at, int to) {
        if (!plan.plan(burst, at, to)) {
            closeRun(); // the packets before it share another fate
            runs.addRefused();
            return plan.last() + 1;
        }
        long idx = plan.needsContext() ? contexts.find(plan.contextQ0(), plan.contextQ1()) : 0;
        int context = idx == TxContexts.NONE ? 1 : 0;
        if (free < plan.descriptors(at) + context) {
            return at;
        }
        if (context > 0) {
            idx = contexts.replace(plan.contextQ0(), plan.contextQ1());
            put(plan.contextQ0(), plan.contextQ1() | idx);
        }
        if (plan.needsContext()) {
            contexts.use(idx);
        }
        int last = plan.last();
        long common = plan.common() | idx;
        for (int i = at; i < last; i++) {
            putSegment(burst.address(i), burst.length(i), common, 0);
        }
        putSegment(burst.address(last), burst.length(last), common, AdvancedTxDescriptor.EOP);
        extendRun(1, plan.total());
        return last + 1;
    }

    /** Writes the descriptors of a segment; {@code ending} goes into the last one. */
    private void putSegment(long address, int length, long common, long ending) {
        long from = address;
        int left = length;
        while (left > AdvancedTxDescriptor.MAX_DATA) {
            put(from, common | AdvancedTxDescriptor.MAX_DATA);
            from += AdvancedTxDescriptor.MAX_DATA;
            left -= AdvancedTxDescriptor.MAX_DATA;
        }
        put(from, common | ending | left);
    }

    private void put(long q0, long q1) {
        int place = tail << AdvancedTxDescriptor.SHIFT;
        ring.putLong(place, q0);
        ring.putLong(place + 8, q1);
        runLast = tail;
        runQ1 = q1;
        tail = RingIndex.next(tail, size);
        free--;
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
            ring.putLong((runLast << AdvancedTxDescriptor.SHIFT) + 8, runQ1 | AdvancedTxDescriptor.RS);
            runs.add(runPackets, runBytes, runLast);
            runPackets = 0;
            runBytes = 0;
        }
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
                || completion.isDone(ring, size, oldest, RingIndex.advance(tail, size - 1, size));
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
