package dev.npa.plugin.vmxnet3;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.TxQueue;
import dev.npa.plugin.support.QueueCounts;
import dev.npa.plugin.support.TxRequest;
import dev.npa.plugin.support.TxRuns;
import dev.npa.plugin.vmxnet3.control.QueueTable;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Registers;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/**
 * A transmit queue: command ring and completion ring of the same size. No data ring: headers stay in their buffers.
 *
 * <p>Packets go in runs: only the last of up to 32 asks for a completion (CQ), which then releases all descriptors up to
 * its own. A device that completes every packet all the same is understood too. The first descriptor of a burst is
 * written with the generation of the lap before, at which the device stops, and turned when everything behind it is
 * complete: one ordered store a burst.
 */
final class Vmxnet3TxQueue implements TxQueue {

    /** Most packets that share a completion: the device's work and the shell's shall overlap in long bursts too. */
    private static final int MAX_RUN = 32;
    private static final int TCP_CHECKSUM_OFFSET = 16;
    private static final int UDP_CHECKSUM_OFFSET = 6;

    private final DmaMemory ring;
    private final int size;
    private final int completionBase;
    private final DmaMemory table;
    private final int descriptor;
    private final RegisterWindow doorbell;
    private final int txprod;
    private final TxRequest request;
    private final QueueCounts counts = new QueueCounts();
    private final TxRuns runs;
    private boolean accepting;

    /** Next slot to fill. */
    private int slot;
    /** Generation bit of its lap. */
    private long generation;
    /** {@link TxDescriptor#GEN} for the first descriptor of a burst: inverts it. */
    private long hidden;
    /** Descriptors that can be filled; size - 1 in an empty ring, so that a full one does not look like it. */
    private int free;
    /** Oldest slot that the device holds. */
    private int head;
    private int nextCompletion;
    private int completionGeneration;
    /** Descriptors completed beyond the last reported run. */
    private int credit;

    private int runPackets;
    private int runDescriptors;
    private long runBytes;
    /** Frames on the wire since the last doorbell: txNumDeferred. */
    private int deferred;

    /**
     * Creates a queue at rest.
     *
     * @param ring memory of {@link #bytes(int)} bytes, 512-aligned
     * @param request reads packets by the limits of the configuration
     * @param table queue descriptor table
     * @param doorbell BAR0
     */
    Vmxnet3TxQueue(int queue, int size, TxRequest request, DmaMemory ring, DmaMemory table, RegisterWindow doorbell) {
        this.ring = ring;
        this.size = size;
        this.request = request;
        this.table = table;
        this.doorbell = doorbell;
        completionBase = size << TxDescriptor.SHIFT;
        descriptor = QueueTable.tx(queue);
        txprod = Vmxnet3Registers.TXPROD(queue);
        runs = new TxRuns(2 * size, counts); // refused packets take no descriptor and find room besides
    }

    /** Bytes of both rings. */
    static int bytes(int size) {
        return 2 * size << TxDescriptor.SHIFT;
    }

    /** Empties the rings and writes the queue's descriptor: the device will start at slot 0 with generation 1. */
    void prepare(int vector) {
        ring.clear();
        slot = 0;
        generation = TxDescriptor.GEN;
        head = 0;
        nextCompletion = 0;
        completionGeneration = 1;
        QueueTable.clear(table, descriptor);
        table.putLong(descriptor + QueueTable.TX_RING_BASE, ring.address()); // §8
        table.putLong(descriptor + QueueTable.TX_COMP_RING_BASE, ring.address() + completionBase);
        table.putLong(descriptor + QueueTable.DD_PA, -1);
        table.putInt(descriptor + QueueTable.TX_RING_SIZE, size);
        table.putInt(descriptor + QueueTable.TX_COMP_RING_SIZE, size);
        table.putByte(descriptor + QueueTable.INTR_IDX, (byte) vector);
        free = size - 1;
    }

    /** The device is active: packets are taken from now on. */
    void open() {
        accepting = true;
    }

    /** Takes no more packets and makes sure that the device looks at those it has. */
    void quiesce() {
        accepting = false;
        if (deferred != 0) {
            ringDoorbell();
        }
    }

    /** Whether the device is done with every packet. */
    boolean isDrained() {
        harvest();
        return free == size - 1;
    }

    /** The device has let go of the rings: what it has not completed is aborted. */
    void stop() {
        accepting = false;
        harvest();
        runs.abort();
        credit = 0;
        deferred = 0;
    }

    @Override
    public int transmit(PacketBurst burst, int from, int to) {
        if (!accepting) {
            return from;
        }
        int first = slot;
        hidden = TxDescriptor.GEN;
        int at = from;
        while (at < to && (runPackets != 0 || runs.room() != 0)) {
            int end = takePlain(burst, at, to);
            end = end != at ? end : takeAny(burst, at, to);
            if (end == at) {
                break;
            }
            at = end;
        }
        endRun();
        if (slot != first) {
            int word = (first << TxDescriptor.SHIFT) + TxDescriptor.WORD;
            ring.putLongRelease(word, ring.getLong(word) ^ TxDescriptor.GEN); // §10: all behind it is complete
            notifyDevice();
        }
        return at;
    }

    /** Takes packets of one segment without requests; stops before the first that is not, and at the end of the run. */
    private int takePlain(PacketBurst burst, int from, int to) {
        int end = from + Math.min(to - from, Math.min(free, MAX_RUN - runPackets));
        int at = slot;
        long turn = generation ^ hidden;
        long bytes = 0;
        int i = from;
        while (i < end) {
            int length = burst.length(i);
            if (!request.isPlain(burst.flags(i), length)) {
                break;
            }
            int offset = at << TxDescriptor.SHIFT;
            ring.putLong(offset, burst.address(i));
            ring.putLong(offset + TxDescriptor.WORD, TxDescriptor.EOP | length | turn);
            bytes += length;
            i++;
            turn = generation;
            if (++at == size) {
                at = 0;
                generation ^= TxDescriptor.GEN;
                turn = generation;
            }
        }
        if (i != from) {
            slot = at;
            hidden = 0;
            taken(i - from, i - from, bytes);
            deferred += i - from;
        }
        return i;
    }

    private void taken(int packets, int descriptors, long bytes) {
        free -= descriptors;
        runPackets += packets;
        runDescriptors += descriptors;
        runBytes += bytes;
        if (runPackets == MAX_RUN) {
            endRun();
        }
    }

    /** Lets the last packet ask for the completion of all since the last one that does. */
    private void endRun() {
        if (runPackets != 0) {
            int last = (slot == 0 ? size : slot) - 1;
            int word = (last << TxDescriptor.SHIFT) + TxDescriptor.WORD;
            ring.putLong(word, ring.getLong(word) | TxDescriptor.CQ);
            runs.add(runPackets, runBytes, runDescriptors);
            runPackets = 0;
            runDescriptors = 0;
            runBytes = 0;
        }
    }

    /** Takes a packet of any kind. Returns one past its end, {@code from} when there is no room. */
    private int takeAny(PacketBurst burst, int from, int to) {
        boolean good = request.read(burst, from, to);
        int end = request.last() + 1;
        if (!good) {
            endRun();
            if (runs.room() == 0) {
                return from;
            }
            runs.addRefused();
            return end;
        }
        boolean tso = request.has(PacketFlags.TX_TSO);
        int count = tso ? descriptors(burst, from, end) : end - from;
        if (count > free) {
            return from;
        }
        write(burst, from, end, offload());
        // §11: txNumDeferred counts frames on the wire
        deferred += tso ? (request.total() - request.header() + request.mss() - 1) / request.mss() : 1;
        taken(1, count, request.total());
        return end;
    }

    private static int descriptors(PacketBurst burst, int from, int end) {
        int count = 0;
        for (int i = from; i < end; i++) {
            count += (burst.length(i) + TxDescriptor.MAX_BUFFER - 1) / TxDescriptor.MAX_BUFFER;
        }
        return count;
    }

    private long offload() {
        long word = request.has(PacketFlags.TX_VLAN) ? TxDescriptor.vlan(request.vlan()) : 0;
        if (request.has(PacketFlags.TX_TSO)) {
            return word | TxDescriptor.tso(request.header(), request.mss());
        }
        int l4 = request.l2() + request.l3();
        return request.has(PacketFlags.TX_TCP_CHECKSUM) ? word | TxDescriptor.checksum(l4, l4 + TCP_CHECKSUM_OFFSET)
                : request.has(PacketFlags.TX_UDP_CHECKSUM) ? word | TxDescriptor.checksum(l4, l4 + UDP_CHECKSUM_OFFSET)
                : word;
    }

    private void write(PacketBurst burst, int from, int end, long offload) {
        long word = offload;
        for (int i = from; i < end; i++) {
            long address = burst.address(i);
            int left = burst.length(i);
            for (; left > TxDescriptor.MAX_BUFFER; left -= TxDescriptor.MAX_BUFFER) {
                put(address, word | TxDescriptor.length(TxDescriptor.MAX_BUFFER));
                address += TxDescriptor.MAX_BUFFER;
                word = 0;
            }
            put(address, word | TxDescriptor.length(left) | (i == end - 1 ? TxDescriptor.EOP : 0));
            word = 0;
        }
    }

    private void put(long address, long word) {
        int at = slot << TxDescriptor.SHIFT;
        ring.putLong(at, address);
        ring.putLong(at + TxDescriptor.WORD, word | generation ^ hidden);
        hidden = 0;
        if (++slot == size) {
            slot = 0;
            generation ^= TxDescriptor.GEN;
        }
    }

    /** §11: rings unless the device said that it looks by itself until so many frames wait. */
    private void notifyDevice() {
        if (isBelowThreshold()) {
            table.putInt(descriptor + QueueTable.TX_NUM_DEFERRED, deferred);
            // The device may be about to stop looking: either it sees the packets, or we see the threshold fall.
            DmaMemory.fullFence();
            if (isBelowThreshold()) {
                return;
            }
        }
        ringDoorbell();
    }

    private boolean isBelowThreshold() {
        return Integer.compareUnsigned(deferred, table.getInt(descriptor + QueueTable.TX_THRESHOLD)) < 0;
    }

    private void ringDoorbell() {
        deferred = 0;
        table.putInt(descriptor + QueueTable.TX_NUM_DEFERRED, 0);
        doorbell.write32(txprod, slot);
        counts.doorbells++;
    }

    @Override
    public int reclaim(int budget) {
        harvest();
        return runs.take(budget);
    }

    /** Takes what the device has completed from the completion ring. */
    private void harvest() {
        int ready = countReady();
        if (ready == 0) {
            return;
        }
        DmaMemory.acquireFence(); // generation bits before contents, once for all
        for (; ready > 0; ready--) {
            int d0 = ring.getInt(completionBase + (nextCompletion << TxDescriptor.SHIFT));
            release(d0 & TxDescriptor.TXD_IDX);
            if (++nextCompletion == size) {
                nextCompletion = 0;
                completionGeneration ^= 1;
            }
        }
        for (int wanted = runs.mark(); wanted != TxRuns.NONE && wanted <= credit; wanted = runs.mark()) {
            credit -= wanted;
            runs.report();
        }
    }

    private int countReady() {
        int most = size - 1 - free; // never more completions than descriptors
        int ready = 0;
        int at = nextCompletion;
        int turn = completionGeneration;
        while (ready < most && turn
                == ring.getInt(completionBase + (at << TxDescriptor.SHIFT) + TxDescriptor.COMPLETION_D3) >>> 31) {
            ready++;
            if (++at == size) {
                at = 0;
                turn ^= 1;
            }
        }
        return ready;
    }

    /** Releases every descriptor up to and including a slot. */
    private void release(int last) {
        int count = last - head + 1;
        count = count > 0 ? count : count + size;
        if (last >= size || count > size - 1 - free) {
            counts.errors++;
            return;
        }
        head = last + 1 == size ? 0 : last + 1;
        free += count;
        credit += count;
    }

    @Override
    public int outstanding() {
        return runs.outstanding();
    }

    @Override
    public long counter(QueueCounter counter) {
        return counts.get(counter);
    }
}
