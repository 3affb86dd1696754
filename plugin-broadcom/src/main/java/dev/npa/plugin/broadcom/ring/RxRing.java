package dev.npa.plugin.broadcom.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.broadcom.regs.Cqe;
import dev.npa.plugin.broadcom.regs.PageChain;
import dev.npa.shell.PacketBuffers;
import dev.npa.shell.PacketBurst;

/**
 * The receive side of a queue pair of the 57712: receive descriptors, completion queue and SGE ring. Buffers are
 * used in the order they were posted; what became of them is in the completions. §5
 *
 * <p>Concurrency: one thread drives the queue; {@link #counter} may be read by others and then is a recent value.
 */
public final class RxRing implements RxQueue {

    private static final int SCRATCH = 256;

    private final DmaMemory bds;
    private final DmaMemory rcq;
    private final int bdMask;
    private final int cqeMask;
    private final int limit;
    private final Register producers;
    private final StatusBlock block;
    private final RxCompletion completion;
    private final PacketBuffers buffers;
    private final SgeRing sges;
    private final RxPackets packets;
    private final SlowPath slowPath;
    private final Aggregations aggregations = new Aggregations();
    private final SpareBuffers spares;
    private final PacketBurst scratch;
    private final long[] address;
    private final int[] handle;

    private int cqe;
    private int bdConsumer;
    private int bdProducer;
    private int posted;
    private int shortage;
    private boolean refilling;
    private int publishedLow;
    private int publishedHigh;

    private long noBuffer;
    private long doorbells;

    /**
     * Creates a ring at rest.
     *
     * @param settings its shape, which says how many bytes the windows have; all are aligned to 4096
     * @param bds window of the receive descriptors
     * @param rcq window of the completion queue
     * @param sgeWindow window of the SGEs; null if the settings have none
     * @param producers first word of the queue zone's producers
     * @param block status block of the queue pair
     * @param completion how completions are found
     * @param buffers where receive buffers come from
     * @param slowPath who is told of ramrods; null = they are errors
     */
    public RxRing(RxSettings settings, DmaMemory bds, DmaMemory rcq, DmaMemory sgeWindow, Register producers,
            StatusBlock block, RxCompletion completion, PacketBuffers buffers, SlowPath slowPath) {
        this.bds = bds;
        this.rcq = rcq;
        this.bdMask = bds.length() / Long.BYTES - 1;
        this.cqeMask = (rcq.length() >>> Cqe.SHIFT) - 1;
        this.limit = settings.size() - 1;
        this.producers = producers;
        this.block = block;
        this.completion = completion;
        this.buffers = buffers;
        this.slowPath = slowPath;
        this.sges = sgeWindow == null ? null : new SgeRing(sgeWindow, settings.sgesPosted());
        this.address = new long[bdMask + 1];
        this.handle = new int[bdMask + 1];
        this.spares = new SpareBuffers(bdMask + 1 + (sges == null ? 0 : sges.slots()) + Aggregations.BINS);
        this.scratch = new PacketBurst(SCRATCH);
        this.packets = new RxPackets(settings, rcq, sges, spares);
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
        return sges == null ? 0 : sges.firstPage();
    }

    @Override
    public int receive(PacketBurst into, int budget) {
        int received = 0;
        while (received < budget) {
            int end = completion.frontier(rcq, block, cqe, budget - received);
            int from = cqe;
            // One for all completions that were found: they are read after what told of them.
            DmaMemory.acquireFence();
            received += deliver(into, end);
            if (cqe == from) {
                break; // none came, or the next does not fit
            }
        }
        if (refilling) {
            refill();
        }
        return received;
    }

    private int deliver(PacketBurst into, int end) {
        long before = packets.count();
        deliverPlain(into, end);
        while (cqe != end && take(into, (cqe & cqeMask) << Cqe.SHIFT)) {
            consumed();
            deliverPlain(into, end);
        }
        return (int) (packets.count() - before);
    }

    /** The common case: a run of packets in one buffer each. Ends before a completion that needs a closer look. */
    private void deliverPlain(PacketBurst into, int end) {
        int at = cqe;
        int bd = bdConsumer;
        int left = Math.min(posted, into.room());
        int most = left;
        while (at != end && left > 0) {
            int place = (at & cqeMask) << Cqe.SHIFT;
            long q0 = rcq.getLong(place);
            long q1 = rcq.getLong(place + 8);
            if (!Cqe.isPlain(q0, q1) || !packets.isSane(q0, q1)) {
                break;
            }
            packets.single(into, address[bd & address.length - 1], handle[bd & handle.length - 1], q0, q1);
            rcq.putInt(place + Cqe.MARKER, Cqe.SEED);
            at = PageChain.nextCqe(at);
            bd = PageChain.nextRxBd(bd);
            left--;
        }
        cqe = at;
        bdConsumer = bd;
        posted -= most - left;
    }

    private void consumed() {
        rcq.putInt(((cqe & cqeMask) << Cqe.SHIFT) + Cqe.MARKER, Cqe.SEED);
        cqe = PageChain.nextCqe(cqe);
    }

    /** Takes a completion; false if its packet does not fit into {@code into}, and nothing happened. */
    private boolean take(PacketBurst into, int at) {
        long q0 = rcq.getLong(at);
        long q1 = rcq.getLong(at + 8);
        switch (Cqe.type(q0)) {
            case Cqe.FAST:
                return fast(into, at, q0, q1);
            case Cqe.START_AGGREGATION:
                start(q0, q1);
                return true;
            case Cqe.STOP_AGGREGATION:
                return stop(into, at, q0, q1);
            default:
                ramrod(q0);
                return true;
        }
    }

    private boolean fast(PacketBurst into, int at, long q0, long q1) {
        int length = Cqe.packetLength(q1);
        if (!packets.fits(into, q1, length)) {
            return false;
        }
        if (posted == 0) {
            packets.error(); // a completion for a buffer that the device does not have
            return true;
        }
        int slot = bdConsumer & bdMask;
        packets.gather(into, at, address[slot], handle[slot], q0, q1, length);
        nextBd();
        return true;
    }

    private void nextBd() {
        bdConsumer = PageChain.nextRxBd(bdConsumer);
        posted--;
    }

    /** The buffer waits for the aggregation's end; its results are judged then. */
    private void start(long q0, long q1) {
        int bin = Cqe.queueIndex(q0);
        if (posted == 0) {
            packets.error();
            return;
        }
        int slot = bdConsumer & bdMask;
        nextBd();
        if (bin >= Aggregations.BINS) {
            packets.drop(address[slot], handle[slot]);
            return;
        }
        if (aggregations.isOpen(bin)) {
            packets.drop(aggregations.address(bin), aggregations.handle(bin));
        }
        aggregations.open(bin, address[slot], handle[slot], q0, q1);
    }

    private boolean stop(PacketBurst into, int at, long q0, long q1) {
        int bin = Cqe.queueIndex(q0);
        if (!aggregations.isOpen(bin)) {
            packets.error();
            return true;
        }
        long startQ1 = aggregations.q1(bin);
        int length = Cqe.packetLength(q1);
        if (!packets.fits(into, startQ1, length)) {
            return false;
        }
        int entry = into.size();
        packets.gather(into, at, aggregations.address(bin), aggregations.handle(bin), aggregations.q0(bin), startQ1,
                length);
        packets.merged(into, entry, startQ1, Cqe.segments(q1));
        aggregations.close(bin);
        return true;
    }

    private void ramrod(long q0) {
        if (slowPath == null) {
            packets.error();
        } else {
            slowPath.completed(Cqe.cid(q0), Cqe.command(q0), ((int) q0 & Cqe.RAMROD_ERROR) != 0);
        }
    }

    /** Takes slow-path completions only, up to the first of a packet; for the time when no traffic is received. */
    public void pollSlowPath() {
        int end = completion.frontier(rcq, block, cqe, cqeMask);
        DmaMemory.acquireFence();
        while (cqe != end && Cqe.type(rcq.getLong((cqe & cqeMask) << Cqe.SHIFT)) == Cqe.RAMROD) {
            ramrod(rcq.getLong((cqe & cqeMask) << Cqe.SHIFT));
            consumed();
        }
        if (refilling) {
            publish();
        }
    }

    private void refill() {
        int missing = limit - posted + (sges == null ? 0 : sges.missing());
        int left = missing == 0 ? 0 : fill(missing);
        noBuffer += Math.max(0, left - shortage);
        shortage = left;
        publish();
    }

    /** Posts buffers, those of dropped packets first; returns how many are still missing. */
    private int fill(int missing) {
        int left = missing;
        int wanted;
        int got;
        do {
            scratch.clear();
            wanted = Math.min(left, scratch.capacity());
            while (scratch.size() < wanted && spares.count() > 0) {
                spares.pop();
                scratch.add(spares.address(), spares.handle(), 0, 0);
            }
            buffers.take(scratch, wanted - scratch.size());
            got = scratch.size();
            int first = Math.min(got, limit - posted);
            post(first);
            for (int i = first; i < got; i++) {
                sges.post(scratch.address(i), scratch.handle(i));
            }
            left -= got;
        } while (left > 0 && got == wanted);
        return left;
    }

    /** Posts the first {@code count} buffers of {@link #scratch} as receive descriptors. */
    private void post(int count) {
        int bd = bdProducer;
        for (int i = 0; i < count; i++) {
            int slot = bd & bdMask;
            address[slot] = scratch.address(i);
            handle[slot] = scratch.handle(i);
            bds.putLong(slot * Long.BYTES, scratch.address(i));
            bd = PageChain.nextRxBd(bd);
        }
        bdProducer = bd;
        posted += count;
    }

    /** Tells the device the producers that changed. The completion queue is one page short of full. §5.2 */
    private void publish() {
        int low = cqe + cqeMask + 1 - PageChain.RCQ.perPage() & 0xFFFF | bdProducer << 16;
        if (low != publishedLow) {
            publishedLow = low;
            producers.write(low); // releases the descriptors
            doorbells++;
        }
        int high = sges == null ? 0 : sges.published();
        if (high != publishedHigh) {
            publishedHigh = high;
            producers.writeNext(high);
            doorbells++;
        }
    }

    /** Whether a completion waits. */
    public boolean isPending() {
        return completion.frontier(rcq, block, cqe, 1) != cqe;
    }

    @Override
    public long counter(QueueCounter counter) {
        DmaMemory.acquireFence(); // another thread's loop shall not hoist the plain read out
        return switch (counter) {
            case PACKETS -> packets.count();
            case BYTES -> packets.bytes();
            case ERRORS -> packets.errors();
            case NO_BUFFER -> noBuffer;
            case DOORBELLS -> doorbells;
            default -> 0;
        };
    }

    /** Empties the ring for a queue that is about to be set up and seeds all markers. */
    public void prepare() {
        cqe = 0;
        bdConsumer = 0;
        bdProducer = 0;
        shortage = 0;
        for (int at = 0; at < rcq.length(); at += Long.BYTES) {
            rcq.putLong(at, Cqe.SEED);
        }
        PageChain.RCQ.link(rcq);
        PageChain.RX_BD.link(bds);
        if (sges != null) {
            sges.prepare();
        }
    }

    /** The queue is set up: posts buffers and writes the producers, from which on the device receives. */
    public void begin() {
        refilling = true;
        publishedLow = 0; // the completion producer is never 0 at first
        publishedHigh = 0;
        refill();
    }

    /** Takes no more buffers; what was received can still be collected. */
    public void stopRefill() {
        refilling = false;
    }

    /** The queue is gone: gives every buffer in the rings back. */
    public void end() {
        refilling = false;
        for (int bin = 0; bin < Aggregations.BINS; bin++) {
            if (aggregations.isOpen(bin)) {
                spares.add(aggregations.address(bin), aggregations.handle(bin));
            }
        }
        aggregations.closeAll();
        do {
            scratch.clear();
            while (posted > 0 && scratch.room() > 0) {
                scratch.add(address[bdConsumer & bdMask], handle[bdConsumer & bdMask], 0, 0);
                nextBd();
            }
            while (spares.count() > 0 && scratch.room() > 0) {
                spares.pop();
                scratch.add(spares.address(), spares.handle(), 0, 0);
            }
            if (sges != null) {
                sges.drain(scratch);
            }
            buffers.give(scratch, 0, scratch.size());
        } while (!scratch.isEmpty());
    }
}
