package dev.npa.plugin.vmxnet3;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.vmxnet3.control.QueueTable;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Registers;
import dev.npa.shell.PacketBuffers;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/**
 * A receive queue: ring 0 with a HEAD and as many BODY buffers as a full frame needs, ring 1 with BODY buffers for what
 * is larger, one completion ring. Completions of a packet stay in the ring until its last one is there.
 */
final class Vmxnet3RxQueue implements RxQueue {

    /** Most buffers that are taken from the pool at once. */
    private static final int FRESH = 256;
    private static final int ETHERNET_HEADER = 14;
    private static final int IPV4_TCP_HEADERS = 40;
    private static final int IPV6_TCP_HEADERS = 60;

    private final RxLayout layout;
    private final DmaMemory memory;
    private final int completionBase;
    private final DmaMemory table;
    private final int descriptor;
    private final RegisterWindow doorbell;
    private final PacketBuffers pool;
    private final int queue;
    private final int announcedQueues;
    private final RxRing ring0;
    private final RxRing ring1;
    private final RingIndex index;
    private final QueueCounters counters = new QueueCounters();
    private final PacketBurst fresh = new PacketBurst(FRESH);
    private boolean open;
    private boolean posting;
    /** Next completion to look at. */
    private int next;
    private int errors;
    private int emptied;
    private long bytes;

    /**
     * Creates a queue at rest.
     *
     * @param queue its number
     * @param txQueues transmit queues in the table
     * @param rxQueues receive queues in the table
     * @param memory memory of {@code layout.bytes()} bytes, 512-aligned
     * @param table queue descriptor table
     * @param doorbell BAR0
     */
    Vmxnet3RxQueue(int queue, int txQueues, int rxQueues, RxLayout layout, DmaMemory memory, DmaMemory table,
            RegisterWindow doorbell, PacketBuffers pool) {
        this.queue = queue;
        this.announcedQueues = rxQueues;
        this.layout = layout;
        this.memory = memory;
        this.table = table;
        this.doorbell = doorbell;
        this.pool = pool;
        descriptor = QueueTable.rx(txQueues, queue);
        ring0 = new RxRing(layout.size0(), memory, 0, layout.bufferBytes(), layout.perFrame(), layout.used());
        ring1 = new RxRing(layout.size1(), memory, layout.offset1(), layout.bufferBytes(), 0, layout.usesRing1());
        index = new RingIndex(layout.completions());
        completionBase = layout.completionOffset();
    }

    /** Empties the rings, posts buffers and writes the queue's descriptor. */
    void prepare(int vector) {
        ring0.reset();
        ring1.reset();
        Rings.clear(memory, completionBase, index.size() * RxCompletion.SIZE);
        next = 0;
        Rings.clear(table, descriptor, QueueTable.DESCRIPTOR);
        table.putLong(descriptor + QueueTable.RX_RING_BASE_0, ring0.ringAddress()); // §8
        table.putLong(descriptor + QueueTable.RX_RING_BASE_1, ring1.ringAddress());
        table.putLong(descriptor + QueueTable.RX_COMP_RING_BASE, memory.address() + completionBase);
        table.putLong(descriptor + QueueTable.RX_DD_PA, -1);
        table.putInt(descriptor + QueueTable.RX_RING_SIZE_0, ring0.size());
        table.putInt(descriptor + QueueTable.RX_RING_SIZE_1, ring1.size());
        table.putInt(descriptor + QueueTable.RX_COMP_RING_SIZE, index.size());
        table.putByte(descriptor + QueueTable.RX_INTR_IDX, (byte) vector);
        posting = true;
        emptied = ring0.size() + ring1.size();
        refill();
    }

    /** The device is active. */
    void open() {
        open = true;
        // Once without being asked: a device that goes by indices has not looked at the rings yet (§3).
        ringDoorbell(Vmxnet3Registers.RXPROD(queue), ring0);
        ringDoorbell(Vmxnet3Registers.RXPROD2(queue), ring1);
    }

    /** The device receives no more: posts no more buffers. */
    void drain() {
        posting = false;
    }

    /** The device has let go of the rings: gives the buffers back. */
    void stop() {
        open = false;
        ring0.giveBack(pool, fresh);
        ring1.giveBack(pool, fresh);
    }

    @Override
    public int receive(PacketBurst into, int budget) {
        if (!open) {
            return 0;
        }
        int packets = 0;
        // A window of completions is looked at under one fence; it always holds the largest packet.
        int window = Math.min(index.size(), Math.max(budget, layout.maxBuffers() + 1));
        int ready = window;
        while (packets < budget && ready == window) {
            ready = countReady(window);
            int before = next;
            if (ready != 0) {
                DmaMemory.acquireFence(); // generation bits before contents, once for all
                packets += takeReady(into, ready, budget - packets);
            }
            if (next == before) {
                break;
            }
        }
        account(packets);
        refill();
        return packets;
    }

    private int countReady(int window) {
        int ready = 0;
        int position = next;
        while (ready < window
                && RxCompletion.generation(word(position, RxCompletion.D3)) == index.generation(position)) {
            position = index.advance(position, 1);
            ready++;
        }
        return ready;
    }

    private int word(int position, int offset) {
        return memory.getInt(completionBase + index.slot(position) * RxCompletion.SIZE + offset);
    }

    private int takeReady(PacketBurst into, int ready, int budget) {
        int packets = 0;
        int left = ready;
        while (left > 0 && packets < budget) {
            int span = span(left);
            if (span == 0 || span > into.room()) {
                break;
            }
            if (completeSlots(span)) {
                deliver(into, span);
                packets++;
            }
            next = index.advance(next, span);
            left -= span;
        }
        return packets;
    }

    /**
     * Completions of the packet at {@link #next}: up to its last one; up to where the next packet starts, or to one
     * more than a packet can have, when the last one is missing. 0 = its end has not arrived.
     */
    private int span(int left) {
        int position = next;
        for (int i = 0; i < left; i++) {
            int d0 = word(position, RxCompletion.D0);
            if (i > 0 && (RxCompletion.isSop(d0) || i > layout.maxBuffers())) {
                return i;
            }
            if (RxCompletion.isEop(d0)) {
                return i + 1;
            }
            position = index.advance(position, 1);
        }
        return left > layout.maxBuffers() ? left : 0;
    }

    /** Marks a packet's slots as completed and tells whether it is to be delivered; else they keep their buffers. */
    private boolean completeSlots(int span) {
        int first = word(next, RxCompletion.D0);
        int position = next;
        int lengths = 0;
        boolean sane = RxCompletion.isSop(first) && RxCompletion.rqId(first) == queue;
        for (int i = 0; i < span; i++) {
            int d0 = word(position, RxCompletion.D0);
            int length = RxCompletion.length(word(position, RxCompletion.D2));
            RxRing ring = ringOf(d0);
            sane &= ring != null && ring.complete(RxCompletion.rxdIdx(d0)) && length <= layout.bufferBytes();
            sane &= length != 0 || span == 1;
            lengths += length;
            if (i == span - 1) {
                sane &= RxCompletion.isEop(d0) && !RxCompletion.isError(word(position, RxCompletion.D2));
            }
            position = index.advance(position, 1);
        }
        errors += sane ? 0 : 1;
        return sane && lengths != 0; // §12: an empty completion is a buffer that the device passed over
    }

    /** The ring that a completion speaks of; null when the queue has no such ring. */
    private RxRing ringOf(int d0) {
        int id = RxCompletion.rqId(d0);
        return id == queue ? ring0 : id == queue + announcedQueues ? ring1 : null;
    }

    private void deliver(PacketBurst into, int span) {
        int position = next;
        int firstEntry = into.size();
        int total = 0;
        for (int i = 0; i < span; i++) {
            int d0 = word(position, RxCompletion.D0);
            int length = RxCompletion.length(word(position, RxCompletion.D2));
            ringOf(d0).deliver(RxCompletion.rxdIdx(d0), into, length, i == 0 ? PacketFlags.SOP : 0);
            total += length;
            position = index.advance(position, 1);
        }
        int lastEntry = into.size() - 1;
        into.flags(lastEntry, into.flags(lastEntry) | PacketFlags.EOP);
        describe(into, firstEntry, index.advance(next, span - 1), total);
        emptied += span;
        bytes += total;
    }

    /** Writes the results of a packet to its first entry: most are in its last completion, LRO in its first. */
    private void describe(PacketBurst into, int entry, int last, int total) {
        int d0 = word(last, RxCompletion.D0);
        int d2 = word(last, RxCompletion.D2);
        int results = RxCompletion.flags(d0, d2, word(last, RxCompletion.D3)) & layout.resultMask();
        int hash = (results & PacketFlags.RX_HASH) != 0 ? word(last, RxCompletion.D1) : 0;
        int tci = (results & PacketFlags.RX_VLAN) != 0 ? RxCompletion.tci(d2) : 0;
        into.offload(entry, PacketBurst.rxOffload(hash, tci));
        into.packetLength(entry, total);
        into.flags(entry, into.flags(entry) | results);
        if (RxCompletion.isLro(word(next, RxCompletion.D3)) || total > layout.maxFrame()) {
            describeMerged(into, entry, total);
        }
    }

    /** §9: older devices do not tell the MSS, the oldest not even that they merged; then both are estimates. */
    private void describeMerged(PacketBurst into, int entry, int total) {
        boolean told = RxCompletion.isLro(word(next, RxCompletion.D3));
        int segments = told ? RxCompletion.segments(word(next, RxCompletion.D1)) : 0;
        int mss = told ? RxCompletion.mss(word(next, RxCompletion.D3)) : 0;
        if (segments <= 1 && total <= layout.maxFrame()) {
            return;
        }
        int headers = (into.flags(entry) & PacketFlags.RX_IPV6) != 0 ? IPV6_TCP_HEADERS : IPV4_TCP_HEADERS;
        int payload = Math.max(1, total - ETHERNET_HEADER - headers);
        if (mss == 0) {
            mss = segments > 1 ? (payload + segments - 1) / segments : layout.mtu() - headers;
        }
        if (segments <= 1) {
            segments = (payload + mss - 1) / mss;
        }
        into.lro(entry, segments, mss);
        into.flags(entry, into.flags(entry) | PacketFlags.RX_LRO);
    }

    private void account(int packets) {
        if (packets != 0) {
            counters.add(QueueCounter.PACKETS, packets);
            counters.add(QueueCounter.BYTES, bytes);
            bytes = 0;
        }
        if (errors != 0) {
            counters.add(QueueCounter.ERRORS, errors);
            errors = 0;
        }
    }

    /** Fills both rings as far as the pool allows. Buffers that were passed over go first, in their slots. */
    private void refill() {
        if (!posting || ring0.isFull() && ring1.isFull()) {
            return;
        }
        int missing = ring0.missing() + ring1.missing();
        boolean more;
        do {
            fresh.clear();
            int wanted = Math.min(missing, FRESH);
            int got = wanted == 0 ? 0 : pool.take(fresh, wanted);
            ring1.stage(fresh, ring0.stage(fresh, 0));
            DmaMemory.releaseFence(); // addresses before generation bits, once for both rings
            offer(ring0, Vmxnet3Registers.RXPROD(queue));
            offer(ring1, Vmxnet3Registers.RXPROD2(queue));
            missing -= got;
            more = missing != 0 && got == wanted;
        } while (more);
        if (missing != 0) {
            counters.add(QueueCounter.NO_BUFFER, Math.min(missing, emptied));
        }
        emptied = 0;
    }

    private void offer(RxRing ring, int register) {
        boolean asked = table.getByte(descriptor + QueueTable.RX_UPDATE_RX_PROD) != 0; // §12
        if (ring.publish() && asked && open) {
            ringDoorbell(register, ring);
        }
    }

    private void ringDoorbell(int register, RxRing ring) {
        doorbell.write32(register, ring.fillSlot());
        counters.add(QueueCounter.DOORBELLS, 1);
    }

    @Override
    public long counter(QueueCounter counter) {
        return counters.get(counter);
    }
}
