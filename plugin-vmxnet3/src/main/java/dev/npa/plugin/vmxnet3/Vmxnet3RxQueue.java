package dev.npa.plugin.vmxnet3;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.RxQueue;
import dev.npa.plugin.support.QueueCounts;
import dev.npa.plugin.support.RxSlots;
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

    private static final int ETHERNET_HEADER = 14;
    private static final int IPV4_TCP_HEADERS = 40;
    private static final int IPV6_TCP_HEADERS = 60;
    private static final int IN_OFFLOAD_WORD = PacketFlags.RX_HASH | PacketFlags.RX_VLAN;

    private final RxLayout layout;
    private final DmaMemory memory;
    private final int completionBase;
    private final int completions;
    private final DmaMemory table;
    private final int descriptor;
    private final RegisterWindow doorbell;
    private final int queue;
    /** rqID of ring 1. */
    private final int bodyId;
    /** Place of the completion of a whole packet in slot 0 of ring 0. */
    private final int wholePlace;
    private final int resultMask;
    private final QueueCounts counts = new QueueCounts();
    private final RxSlots slots;
    private final RxRing ring0;
    private final RxRing ring1;
    private boolean open;
    private boolean posting;
    /** Next completion to look at, and the generation of its lap. */
    private int next;
    private int generation;

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
        this.layout = layout;
        this.memory = memory;
        this.table = table;
        this.doorbell = doorbell;
        bodyId = rxQueues + queue;
        wholePlace = queue << RxCompletion.RQ_ID_SHIFT | RxCompletion.SOP | RxCompletion.EOP;
        resultMask = layout.resultMask();
        descriptor = QueueTable.rx(txQueues, queue);
        completions = layout.completions();
        completionBase = layout.completionOffset();
        slots = new RxSlots(pool, completions, counts);
        ring0 = new RxRing(memory, 0, layout.size0(), slots, 0);
        ring1 = new RxRing(memory, layout.offset1(), layout.size1(), slots, layout.size0());
    }

    /** Empties the rings, posts buffers and writes the queue's descriptor. */
    void prepare(int vector) {
        memory.clear();
        ring0.reset(layout.bufferBytes(), layout.perFrame());
        ring1.reset(layout.bufferBytes(), 0);
        next = 0;
        generation = 1;
        QueueTable.clear(table, descriptor);
        table.putLong(descriptor + QueueTable.RX_RING_BASE_0, ring0.ringAddress()); // §8
        table.putLong(descriptor + QueueTable.RX_RING_BASE_1, ring1.ringAddress());
        table.putLong(descriptor + QueueTable.RX_COMP_RING_BASE, memory.address() + completionBase);
        table.putLong(descriptor + QueueTable.DD_PA, -1);
        table.putInt(descriptor + QueueTable.RX_RING_SIZE_0, ring0.size());
        table.putInt(descriptor + QueueTable.RX_RING_SIZE_1, ring1.size());
        table.putInt(descriptor + QueueTable.RX_COMP_RING_SIZE, completions);
        table.putByte(descriptor + QueueTable.INTR_IDX, (byte) vector);
        posting = layout.used();
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
        ring0.giveBack();
        ring1.giveBack();
        slots.giveSpares();
    }

    @Override
    public int receive(PacketBurst into, int budget) {
        if (!open) {
            return 0;
        }
        int packets = 0;
        // A window of completions is looked at under one fence; it always holds the largest packet.
        int window = Math.min(completions, Math.max(budget, layout.maxBuffers() + 1));
        boolean more = budget > 0;
        while (more) {
            int ready = countReady(window);
            if (ready == 0) {
                break;
            }
            DmaMemory.acquireFence(); // generation bits before contents, once for all
            int before = next;
            packets += take(into, ready, budget - packets);
            more = packets < budget && ready == window && next != before;
        }
        counts.packets += packets;
        refill();
        return packets;
    }

    private int countReady(int window) {
        int ready = 0;
        int at = next;
        int turn = generation;
        while (ready < window
                && memory.getInt(completionBase + (at << RxDescriptor.SHIFT) + RxCompletion.D3) >>> 31 == turn) {
            ready++;
            if (++at == completions) {
                at = 0;
                turn ^= 1;
            }
        }
        return ready;
    }

    private int take(PacketBurst into, int ready, int budget) {
        int packets = 0;
        int left = ready;
        while (left > 0 && packets < budget) {
            int whole = takeWhole(into, Math.min(left, budget - packets));
            packets += whole;
            left -= whole;
            int span = left > 0 && packets < budget ? span(left) : 0;
            if (span == 0 || span > into.room()) {
                break;
            }
            packets += takeSpan(into, span);
            left -= span;
        }
        return packets;
    }

    /** Takes packets of one buffer that is the ring's next and neither empty nor merged; stops before any other. */
    private int takeWhole(PacketBurst into, int most) {
        int limit = Math.min(most, Math.min(into.room(), ring0.owned()));
        int size = ring0.size();
        int slot = ring0.next();
        int at = next;
        int first = into.size();
        long bytes = 0;
        int packets = 0;
        while (packets < limit) {
            int offset = completionBase + (at << RxDescriptor.SHIFT);
            long low = memory.getLong(offset);
            long high = memory.getLong(offset + RxCompletion.HIGH);
            if (((int) low & RxCompletion.PLACE) != (wholePlace | slot) || !layout.isPlain(high)) {
                break;
            }
            int length = RxCompletion.length(high);
            int results = RxCompletion.flags(low, high) & resultMask;
            long offload = (results & IN_OFFLOAD_WORD) != 0 ? offload(results, low, high) : 0;
            into.put(first + packets, slots.address(slot), slots.handle(slot), length, PacketFlags.WHOLE | results,
                    offload);
            bytes += length;
            packets++;
            at = at + 1 == completions ? 0 : at + 1;
            slot = slot + 1 == size ? 0 : slot + 1;
        }
        if (packets != 0) {
            into.size(first + packets);
            ring0.completed(packets);
            advance(packets);
            counts.bytes += bytes;
        }
        return packets;
    }

    private static long offload(int results, long low, long high) {
        return PacketBurst.rxOffload((results & PacketFlags.RX_HASH) != 0 ? RxCompletion.hash(low) : 0,
                (results & PacketFlags.RX_VLAN) != 0 ? RxCompletion.tci(high) : 0);
    }

    private void advance(int count) {
        next += count;
        if (next >= completions) {
            next -= completions;
            generation ^= 1;
        }
    }

    /** Offset of the completion {@code ahead} of {@link #next}. */
    private int offset(int ahead) {
        int at = next + ahead;
        return completionBase + ((at < completions ? at : at - completions) << RxDescriptor.SHIFT);
    }

    /**
     * Completions of the packet at {@link #next}: up to its last one; up to where the next packet starts, or to one
     * more than a packet can have, when the last one is missing. 0 = its end has not arrived.
     */
    private int span(int left) {
        for (int i = 0; i < left; i++) {
            long low = memory.getLong(offset(i));
            if (i > 0 && (RxCompletion.isSop(low) || i > layout.maxBuffers())) {
                return i;
            }
            if (RxCompletion.isEop(low)) {
                return i + 1;
            }
        }
        return left > layout.maxBuffers() ? left : 0;
    }

    /** Takes a packet of any kind that fits the burst. Returns 1 if it was delivered, else 0: its buffers are spares. */
    private int takeSpan(PacketBurst into, int span) {
        int first = into.size();
        int total = 0;
        long low = memory.getLong(offset(0));
        long high = 0;
        boolean sane = RxCompletion.isSop(low) && RxCompletion.rqId(low) == queue;
        for (int i = 0; i < span; i++) {
            low = memory.getLong(offset(i));
            high = memory.getLong(offset(i) + RxCompletion.HIGH);
            int length = RxCompletion.length(high);
            int slot = complete(low);
            if (slot >= 0) {
                into.add(slots.address(slot), slots.handle(slot), length, i == 0 ? PacketFlags.SOP : 0);
            }
            sane &= slot >= 0 && length <= layout.bufferBytes() && (length != 0 || span == 1);
            total += length;
        }
        sane &= RxCompletion.isEop(low) && !RxCompletion.isError(high);
        boolean delivered = sane && total != 0; // §12: an empty completion is a buffer that the device passed over
        if (delivered) {
            into.flags(into.size() - 1, into.flags(into.size() - 1) | PacketFlags.EOP);
            into.packetLength(first, total);
            describe(into, first, low, high);
            counts.bytes += total;
        } else {
            slots.recycle(into, first);
        }
        counts.errors += sane ? 0 : 1;
        advance(span);
        return delivered ? 1 : 0;
    }

    /** Entry in {@link #slots} of the buffer that a completion speaks of; -1 when the device does not own it. */
    private int complete(long low) {
        int id = RxCompletion.rqId(low);
        return id == queue ? ring0.complete(RxCompletion.rxdIdx(low))
                : id == bodyId ? ring1.complete(RxCompletion.rxdIdx(low)) : -1;
    }

    /** Writes the results of a packet to its first entry: most are in its last completion, LRO in its first. */
    private void describe(PacketBurst into, int entry, long low, long high) {
        int results = RxCompletion.flags(low, high) & resultMask;
        into.offload(entry, offload(results, low, high));
        into.flags(entry, into.flags(entry) | results);
        long firstHigh = memory.getLong(offset(0) + RxCompletion.HIGH);
        if (RxCompletion.isLro(firstHigh)) {
            describeMerged(into, entry, RxCompletion.segments(memory.getLong(offset(0))), RxCompletion.mss(firstHigh));
        } else if (into.packetLength(entry) > layout.maxFrame()) {
            describeMerged(into, entry, 0, 0);
        }
    }

    /** §9: older devices do not tell the MSS, the oldest not even that they merged; then both are estimates. */
    private void describeMerged(PacketBurst into, int entry, int toldSegments, int toldMss) {
        int total = into.packetLength(entry);
        int segments = toldSegments;
        int mss = toldMss;
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

    /** Fills both rings as far as the pool allows. */
    private void refill() {
        int missing = ring0.missing() + (layout.usesRing1() ? ring1.missing() : 0);
        if (!posting || missing == 0) {
            return;
        }
        int got0 = ring0.refill();
        int got1 = layout.usesRing1() ? ring1.refill() : 0;
        slots.missing(missing - got0 - got1);
        if (open && table.getByte(descriptor + QueueTable.RX_UPDATE_RX_PROD) != 0) { // §12
            if (got0 != 0) {
                ringDoorbell(Vmxnet3Registers.RXPROD(queue), ring0);
            }
            if (got1 != 0) {
                ringDoorbell(Vmxnet3Registers.RXPROD2(queue), ring1);
            }
        }
    }

    private void ringDoorbell(int register, RxRing ring) {
        doorbell.write32(register, ring.fillSlot());
        counts.doorbells++;
    }

    @Override
    public long counter(QueueCounter counter) {
        return counts.get(counter);
    }
}
