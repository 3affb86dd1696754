package dev.npa.plugin.broadcom.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.broadcom.regs.Cqe;
import dev.npa.plugin.broadcom.regs.PageChain;
import dev.npa.plugin.support.AbstractRxQueue;
import dev.npa.plugin.support.Fields;
import dev.npa.plugin.support.RxSlots;
import dev.npa.shell.PacketBuffers;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.function.IntFunction;

/**
 * The receive side of a queue pair of the 57712: receive descriptors, completion queue and SGE ring. Buffers are
 * used in the order they were posted; what became of them is in the completions. What the device writes is input from
 * outside: lengths and indices are checked before they are used. §5
 */
public final class RxRing extends AbstractRxQueue {

    /** Numbers of aggregations. §5.5 */
    private static final int BINS = 64;

    private final DmaMemory rcq;
    private final int cqeMask;
    private final BufferRing bds;
    private final RxSlots slots;
    private final SgeRing sges;
    private final Register producers;
    private final StatusBlock block;
    private final boolean marks;
    private final int bufferBytes;
    private final int maxSges;
    private final int resultMask;
    /** Aggregations that were started: a bit each, and what the start told. Their buffers are behind the ring's. */
    private long open;
    private final long[] startQ0 = new long[BINS];
    private final long[] startQ1 = new long[BINS];

    private int cqe;
    private int consumer;
    private int publishedLow;
    private int publishedHigh;

    /**
     * Creates a ring at rest.
     *
     * @param memory gives windows of so many bytes, aligned to 4096
     * @param producers first word of the queue zone's producers
     * @param block status block of the queue pair
     * @param signal how completions are found
     * @param buffers where receive buffers come from
     */
    public RxRing(RxSettings settings, IntFunction<DmaMemory> memory, Register producers, StatusBlock block,
            RxSignal signal, PacketBuffers buffers) {
        rcq = memory.apply(settings.rcqBytes());
        cqeMask = (rcq.length() >>> Cqe.SHIFT) - 1;
        bds = new BufferRing(memory.apply(settings.bdBytes()), settings.size() - 1, BINS, buffers, counts);
        slots = bds.slots;
        maxSges = settings.maxSges();
        sges = new SgeRing(memory.apply(settings.sgeBytes()), settings.sgesPosted(), buffers, counts);
        this.producers = producers;
        this.block = block;
        marks = signal == RxSignal.MARKER;
        bufferBytes = settings.bufferBytes();
        resultMask = settings.resultMask();
    }

    /** Address of the first receive descriptor. */
    public long bdAddress() {
        return bds.address();
    }

    /** Address of the first completion; the second page follows at 4096. */
    public long rcqAddress() {
        return rcq.address();
    }

    /** Address of the first SGE; 0 = none. */
    public long sgeAddress() {
        return maxSges == 0 ? 0 : sges.address();
    }

    @Override
    protected void harvest(PacketBurst into, long goal) {
        int from;
        do {
            from = cqe;
            int end = frontier((int) (goal - counts.packets));
            // One for all completions that were found: they are read after what told of them.
            DmaMemory.acquireFence();
            deliver(into, end, goal);
        } while (cqe != from && counts.packets < goal);
    }

    /** Position behind the completions that have come; looks at no more than {@code most} if it must look at each. */
    private int frontier(int most) {
        if (!marks) {
            return told();
        }
        int at = cqe;
        for (int n = 0; n < most && rcq.getInt(place(at) + Cqe.MARKER) == 0; n++) {
            at = PageChain.nextCqe(at);
        }
        return at;
    }

    /** The position may rest on a page link, which stands for the element behind it; one that cannot be is ignored. */
    private int told() {
        int index = block.rxIndex();
        int resting = (index & 63) == 63 ? index + 1 : index;
        int distance = resting - cqe & 0xFFFF;
        return distance <= cqeMask ? cqe + distance : cqe;
    }

    private int place(int position) {
        return (position & cqeMask) << Cqe.SHIFT;
    }

    /** Takes completions up to {@code end}, as long as fewer than {@code goal} packets were counted. */
    private void deliver(PacketBurst into, int end, long goal) {
        deliverPlain(into, end, goal);
        while (cqe != end && counts.packets < goal && take(into, place(cqe))) {
            release(place(cqe));
            cqe = PageChain.nextCqe(cqe);
            deliverPlain(into, end, goal);
        }
    }

    /** The common case: a run of packets in one buffer each. Ends before a completion that needs a closer look. */
    private void deliverPlain(PacketBurst into, int end, long goal) {
        int at = cqe;
        int bd = consumer;
        int most = Math.min(Math.min(bds.present, into.room()), (int) (goal - counts.packets));
        int left = most;
        long bytes = 0;
        int entry = into.size();
        while (at != end && left > 0) {
            int place = place(at);
            long q0 = rcq.getLong(place);
            long q1 = rcq.getLong(place + 8);
            int length = Cqe.lengthOnBd(q1);
            if (!Cqe.isPlain(q0, q1) || !Cqe.isSane(q0, q1, bufferBytes)) {
                break;
            }
            int slot = bd & bds.mask;
            into.put(entry++, slots.address(slot) + Cqe.placement(q0), slots.handle(slot), length,
                    PacketFlags.WHOLE | Cqe.flags(q0, q1) & resultMask,
                    PacketBurst.rxOffload(Cqe.hash(q0), Cqe.vlan(q1)));
            release(place);
            bytes += length;
            at = PageChain.nextCqe(at);
            bd = PageChain.nextRxBd(bd);
            left--;
        }
        into.size(entry);
        cqe = at;
        consumer = bd;
        bds.present -= most - left;
        counts.packets += most - left;
        counts.bytes += bytes;
    }

    private void release(int place) {
        if (marks) {
            rcq.putInt(place + Cqe.MARKER, Cqe.SEED);
        }
    }

    /** Takes a completion; false if its packet does not fit into {@code into}, and nothing happened. */
    private boolean take(PacketBurst into, int at) {
        long q0 = rcq.getLong(at);
        long q1 = rcq.getLong(at + 8);
        int type = Cqe.type(q0);
        int bin = Cqe.queueIndex(q0);
        if (type == Cqe.STOP_AGGREGATION && isOpen(bin)) {
            return stop(into, at, bin, q1);
        }
        if (type == Cqe.FAST && !fits(into, q1, Cqe.packetLength(q1))) {
            return false;
        }
        if (type == Cqe.FAST && bds.present > 0) {
            gather(into, at, nextBd(), q0, q1, Cqe.packetLength(q1));
        } else if (type == Cqe.START_AGGREGATION && bds.present > 0) {
            start(bin, q0, q1);
        } else {
            counts.errors++; // for a buffer or an aggregation that is not there, or a ramrod's, which is not for here
        }
        return true;
    }

    /** Slot of the buffer that the next completion of a frame or start is about. */
    private int nextBd() {
        int slot = consumer & bds.mask;
        consumer = PageChain.nextRxBd(consumer);
        bds.present--;
        return slot;
    }

    private void drop(int slot) {
        slots.recycle(slot);
        counts.errors++;
    }

    /** SGEs of a packet whose first buffer is described by {@code q1}; more than allowed if that makes no sense. */
    private int needed(long q1, int length) {
        int rest = length - Cqe.lengthOnBd(q1);
        return rest < 0 ? maxSges + 1 : (rest + bufferBytes - 1) / bufferBytes;
    }

    /** Whether the burst has room for a packet; one that makes no sense needs none beyond what is appended for it. */
    private boolean fits(PacketBurst into, long q1, int length) {
        int more = needed(q1, length);
        return into.room() > (more > maxSges ? 0 : more);
    }

    /**
     * A packet whose rest may be in SGEs, each full but the last; or nothing if it makes no sense.
     *
     * @param at completion with the SGEs' indices
     * @param q0 first word of the completion that describes the first buffer
     * @param q1 second word of it
     * @param length bytes of the whole packet
     */
    private void gather(PacketBurst into, int at, int slot, long q0, long q1, int length) {
        int count = needed(q1, length);
        boolean sane = Cqe.isSane(q0, q1, bufferBytes) && count <= maxSges;
        int entry = into.add(slots.address(slot) + Cqe.placement(q0), slots.handle(slot), Cqe.lengthOnBd(q1), 0);
        int left = length - Cqe.lengthOnBd(q1);
        for (int i = 0; i < count && count <= maxSges; i++) {
            int sge = Short.toUnsignedInt(rcq.getShort(at + Cqe.SGL + 2 * i));
            sane &= sges.take(into, sge, Math.min(left, bufferBytes));
            left -= bufferBytes;
        }
        if (!sane) {
            sges.slots.recycle(into, entry + 1);
            into.truncate(entry);
            drop(slot);
            return;
        }
        seal(into, entry, Cqe.flags(q0, q1) & resultMask, PacketBurst.rxOffload(Cqe.hash(q0), Cqe.vlan(q1)), length);
    }

    private boolean isOpen(int bin) {
        return bin < BINS && (open >>> bin & 1) != 0;
    }

    /** Slot for the first buffer of an aggregation. */
    private int held(int bin) {
        return bds.mask + 1 + bin;
    }

    /** The buffer waits for the aggregation's end; its results are judged then. */
    private void start(int bin, long q0, long q1) {
        int slot = nextBd();
        if (bin >= BINS) {
            drop(slot);
            return;
        }
        if (isOpen(bin)) {
            drop(held(bin));
        }
        slots.move(slot, held(bin));
        open |= 1L << bin;
        startQ0[bin] = q0;
        startQ1[bin] = q1;
    }

    private boolean stop(PacketBurst into, int at, int bin, long q1) {
        long first = startQ1[bin];
        int length = Cqe.packetLength(q1);
        if (!fits(into, first, length)) {
            return false;
        }
        int entry = into.size();
        gather(into, at, held(bin), startQ0[bin], first, length);
        open &= ~(1L << bin);
        if (entry < into.size() && Cqe.segments(q1) > 1) {
            into.flags(entry, into.flags(entry) | PacketFlags.RX_LRO);
            into.lro(entry, Cqe.segments(q1), Cqe.mss(first, (resultMask & PacketFlags.RX_VLAN) != 0));
        }
        return true;
    }

    @Override
    protected void refill() {
        bds.fill();
        sges.fill();
        publish();
    }

    /** Tells the device the producers that changed. The completion queue is one page short of full. §5.2 */
    private void publish() {
        int low = cqe + cqeMask + 1 - PageChain.RCQ.perPage() & 0xFFFF | bds.producer << 16;
        if (low != publishedLow) {
            publishedLow = low;
            producers.write(low); // releases the descriptors
            counts.doorbells++;
        }
        int high = sges.published();
        if (high != publishedHigh) {
            publishedHigh = high;
            producers.writeNext(high);
            counts.doorbells++;
        }
    }

    /** Whether a completion waits. */
    public boolean isPending() {
        return frontier(1) != cqe;
    }

    /** Empties the ring for a queue that is about to be set up and seeds all markers. */
    public void prepare() {
        cqe = 0;
        consumer = 0;
        Fields.fill(rcq, 0, rcq.length(), Cqe.SEED);
        PageChain.RCQ.link(rcq);
        bds.prepare();
        sges.prepare();
        publishedLow = 0; // the completion producer is never 0 at first
        publishedHigh = 0;
    }

    /** The queue is gone: gives every buffer in the rings back. */
    public void end() {
        stopRefill();
        while (bds.present > 0) {
            slots.recycle(nextBd());
        }
        for (; open != 0; open &= open - 1) {
            slots.recycle(held(Long.numberOfTrailingZeros(open)));
        }
        slots.giveSpares();
        sges.end();
    }
}
