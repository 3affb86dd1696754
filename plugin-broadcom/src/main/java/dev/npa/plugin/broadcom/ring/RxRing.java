package dev.npa.plugin.broadcom.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.broadcom.regs.Cqe;
import dev.npa.plugin.broadcom.regs.PageChain;
import dev.npa.plugin.support.AbstractRxQueue;
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
     * @param buffers where receive buffers come from
     */
    public RxRing(RxSettings settings, IntFunction<DmaMemory> memory, Register producers, StatusBlock block,
            PacketBuffers buffers) {
        rcq = memory.apply(settings.rcqBytes());
        cqeMask = (rcq.length() >>> Cqe.SHIFT) - 1;
        bds = new BufferRing(memory.apply(settings.bdBytes()), settings.size() - 1, BINS, buffers, counts);
        slots = bds.slots;
        maxSges = settings.maxSges();
        sges = new SgeRing(memory.apply(settings.sgeBytes()), settings.sgesPosted(), buffers, counts);
        this.producers = producers;
        this.block = block;
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
        int end = frontier();
        boolean going = true;
        while (going && cqe != end && counts.packets < goal) {
            going = takePlain(into, end, goal) || takeAny(into, place(cqe));
        }
    }

    /**
     * Position behind the completions that have come. What the status block tells may rest on a page link, which stands
     * for the element behind it; one that cannot be is ignored. Acquire: completions are read after it.
     */
    private int frontier() {
        int index = block.rxIndex();
        int resting = (index & 63) == 63 ? index + 1 : index;
        int distance = resting - cqe & 0xFFFF;
        return distance <= cqeMask ? cqe + distance : cqe;
    }

    private int place(int position) {
        return (position & cqeMask) << Cqe.SHIFT;
    }

    /**
     * The common case: a run of packets in one buffer each, up to the next page link of either ring: without one, the
     * loop is much faster. Ends before a completion that needs a closer look; false if that is the first.
     */
    private boolean takePlain(PacketBurst into, int end, long goal) {
        int most = Math.min(Math.min(end - cqe, PageChain.RCQ.left(cqe)), (int) (goal - counts.packets));
        most = Math.min(Math.min(most, into.room()), Math.min(bds.present, PageChain.RX_BD.left(consumer)));
        int first = place(cqe);
        int slot = consumer & bds.mask;
        int entry = into.size();
        long bytes = 0;
        int n = 0;
        for (; n < most; n++) {
            int place = first + (n << Cqe.SHIFT);
            long q0 = rcq.getLong(place);
            long q1 = rcq.getLong(place + 8);
            if (!Cqe.isPlain(q0, q1) || !Cqe.isSane(q0, q1, bufferBytes)) {
                break;
            }
            int length = Cqe.lengthOnBd(q1);
            into.put(entry + n, slots.address(slot + n) + Cqe.placement(q0), slots.handle(slot + n), length,
                    PacketFlags.WHOLE | Cqe.flags(q0, q1) & resultMask, Cqe.offload(q0, q1));
            bytes += length;
        }
        if (n == 0) {
            return false;
        }
        into.size(entry + n);
        cqe = PageChain.nextCqe(cqe + n - 1);
        consumer = PageChain.nextRxBd(consumer + n - 1);
        bds.present -= n;
        counts.packets += n;
        counts.bytes += bytes;
        return true;
    }

    /** Takes a completion of any kind; false if its packet does not fit into {@code into}, and nothing happened. */
    private boolean takeAny(PacketBurst into, int at) {
        long q0 = rcq.getLong(at);
        long q1 = rcq.getLong(at + 8);
        int type = Cqe.type(q0);
        int bin = Cqe.queueIndex(q0);
        boolean stops = type == Cqe.STOP_AGGREGATION && isOpen(bin);
        int length = Cqe.packetLength(q1);
        if ((stops || type == Cqe.FAST) && !fits(into, stops ? startQ1[bin] : q1, length)) {
            return false;
        }
        if (stops) {
            stop(into, at, bin, q1);
        } else if (type == Cqe.FAST && bds.present > 0) {
            gather(into, at, nextBd(), q0, q1, length);
        } else if (type == Cqe.START_AGGREGATION && bds.present > 0) {
            start(bin, q0, q1);
        } else {
            counts.errors++; // for a buffer or an aggregation that is not there, or a ramrod's, which is not for here
        }
        cqe = PageChain.nextCqe(cqe);
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
        seal(into, entry, Cqe.flags(q0, q1) & resultMask, Cqe.offload(q0, q1), length);
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

    private void stop(PacketBurst into, int at, int bin, long q1) {
        long first = startQ1[bin];
        int entry = into.size();
        gather(into, at, held(bin), startQ0[bin], first, Cqe.packetLength(q1));
        open &= ~(1L << bin);
        if (entry < into.size() && Cqe.segments(q1) > 1) {
            into.flags(entry, into.flags(entry) | PacketFlags.RX_LRO);
            into.lro(entry, Cqe.segments(q1), Cqe.mss(first, (resultMask & PacketFlags.RX_VLAN) != 0));
        }
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
        return frontier() != cqe;
    }

    /** Empties the ring for a queue that is about to be set up. */
    public void prepare() {
        cqe = 0;
        consumer = 0;
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
