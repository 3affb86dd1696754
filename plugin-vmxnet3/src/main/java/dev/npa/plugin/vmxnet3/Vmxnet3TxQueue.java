package dev.npa.plugin.vmxnet3;

import dev.npa.hw.DmaMemory;
import dev.npa.hw.RegisterWindow;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.TxQueue;
import dev.npa.plugin.vmxnet3.control.QueueTable;
import dev.npa.plugin.vmxnet3.control.Vmxnet3Registers;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/** A transmit queue: command ring and completion ring of the same size. No data ring: headers stay in their buffers. */
final class Vmxnet3TxQueue implements TxQueue {

    /** Shortest frame, an Ethernet header. */
    static final int MIN_FRAME = 14;
    /** Largest packet with TSO. */
    static final int MAX_TSO_BYTES = 65535;
    private static final int TCP_CHECKSUM_OFFSET = 16;
    private static final int UDP_CHECKSUM_OFFSET = 6;
    private static final int MIN_TCP_HEADER = 20;
    private static final int MAX_TCP_HEADER = 60;
    private static final int VLAN_TAG = 4;
    private static final int L4_CHECKSUM = PacketFlags.TX_TCP_CHECKSUM | PacketFlags.TX_UDP_CHECKSUM;

    private final DmaMemory ring;
    private final int completionBase;
    private final DmaMemory table;
    private final int descriptor;
    private final RegisterWindow doorbell;
    private final int txprod;
    private final RingIndex index;
    private final TxLedger ledger;
    private final TxLimits limits;
    private final QueueCounters counters = new QueueCounters();
    /** Slots of the first descriptors of the burst in work. */
    private final int[] sops;
    private int sopCount;
    private boolean accepting;
    private int tail;
    private int head;
    private int nextCompletion;
    private int deferred;
    /** Frames that the burst in work adds to txNumDeferred. */
    private int frames;
    /** Bytes of the packet looked at last. */
    private int packetBytes;

    /**
     * Creates a queue at rest.
     *
     * @param ring memory of {@link #bytes(int)} bytes, 512-aligned
     * @param limits what it accepts
     * @param table queue descriptor table
     * @param doorbell BAR0
     */
    Vmxnet3TxQueue(int queue, int ringSize, TxLimits limits, DmaMemory ring, DmaMemory table, RegisterWindow doorbell) {
        this.ring = ring;
        this.table = table;
        this.doorbell = doorbell;
        this.limits = limits;
        completionBase = ringSize * TxDescriptor.SIZE;
        descriptor = QueueTable.tx(queue);
        txprod = Vmxnet3Registers.TXPROD(queue);
        index = new RingIndex(ringSize);
        ledger = new TxLedger(ringSize);
        sops = new int[ringSize];
    }

    /** Bytes of both rings. */
    static int bytes(int ringSize) {
        return ringSize * (TxDescriptor.SIZE + TxCompletion.SIZE);
    }

    /** Empties the rings and writes the queue's descriptor: the device will start at slot 0 with generation 1. */
    void prepare(int vector) {
        Rings.clear(ring, 0, ring.length());
        tail = 0;
        head = 0;
        nextCompletion = 0;
        deferred = 0;
        Rings.clear(table, descriptor, QueueTable.DESCRIPTOR);
        table.putLong(descriptor + QueueTable.TX_RING_BASE, ring.address()); // §8
        table.putLong(descriptor + QueueTable.TX_COMP_RING_BASE, ring.address() + completionBase);
        table.putLong(descriptor + QueueTable.TX_DD_PA, -1);
        table.putInt(descriptor + QueueTable.TX_RING_SIZE, index.size());
        table.putInt(descriptor + QueueTable.TX_COMP_RING_SIZE, index.size());
        table.putByte(descriptor + QueueTable.TX_INTR_IDX, (byte) vector);
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
        return head == tail;
    }

    /** The device has let go of the rings: what it has not completed is aborted. */
    void stop() {
        accepting = false;
        harvest();
        ledger.abort();
        head = tail;
        deferred = 0;
    }

    @Override
    public int transmit(PacketBurst burst, int from, int to) {
        if (!accepting) {
            return from;
        }
        int at = from;
        sopCount = 0;
        frames = 0;
        while (at < to) {
            int end = packetEnd(burst, at, to);
            if (end < 0 || !takePacket(burst, at, end)) {
                break;
            }
            at = end;
        }
        if (sopCount != 0) {
            publish();
            notifyDevice();
        }
        return at;
    }

    private static int packetEnd(PacketBurst burst, int at, int to) {
        for (int i = at; i < to; i++) {
            if ((burst.flags(i) & PacketFlags.EOP) != 0) {
                return i + 1;
            }
        }
        return -1;
    }

    private boolean takePacket(PacketBurst burst, int at, int end) {
        int count = descriptors(burst, at, end);
        // size - 1: a full ring never looks empty
        if (count > index.size() - 1 - index.distance(head, tail) || !ledger.hasRoom(end - at)) {
            return false;
        }
        ledger.push(burst, at, end, count, packetBytes);
        if (count == 0) {
            counters.add(QueueCounter.REFUSED, 1);
        } else {
            write(burst, at, end);
        }
        return true;
    }

    /** Descriptors that a packet needs, 0 when it is beyond the limits; leaves its size in {@link #packetBytes}. */
    private int descriptors(PacketBurst burst, int at, int end) {
        packetBytes = 0;
        if (end - at > limits.maxSegments() || (burst.flags(at) & limits.refusedFlags()) != 0) {
            return 0;
        }
        int count = 0;
        int total = 0;
        for (int i = at; i < end; i++) {
            int length = burst.length(i);
            if (length <= 0 || length > MAX_TSO_BYTES) { // 0 would say 16384 to the device
                return 0;
            }
            total += length;
            count += (length + TxDescriptor.MAX_BUFFER - 1) / TxDescriptor.MAX_BUFFER;
        }
        packetBytes = total;
        int flags = burst.flags(at);
        boolean fits = (flags & PacketFlags.TX_TSO) != 0 ? tsoFits(burst, at, total, count)
                : frameFits(burst, at, total, count);
        return fits ? count : 0;
    }

    private boolean frameFits(PacketBurst burst, int at, int total, int count) {
        int flags = burst.flags(at);
        int tag = (flags & PacketFlags.TX_VLAN) != 0 ? VLAN_TAG : 0;
        if (total < MIN_FRAME || total + tag > limits.maxFrame() || count > TxDescriptor.MAX_PER_PACKET) {
            return false;
        }
        if ((flags & PacketFlags.TX_IP_CHECKSUM) != 0) { // §11: but in segments, the IP header's sum must be final
            return false;
        }
        return (flags & L4_CHECKSUM) == 0 || (flags & L4_CHECKSUM) != L4_CHECKSUM
                && checksumField(burst, at) + 2 <= total && headers(burst, at) >= MIN_FRAME;
    }

    private boolean tsoFits(PacketBurst burst, int at, int total, int count) {
        int flags = burst.flags(at);
        int tag = (flags & PacketFlags.TX_VLAN) != 0 ? VLAN_TAG : 0;
        int mss = burst.txMss(at);
        int l4 = burst.l4Length(at);
        int header = headers(burst, at) + l4;
        return limits.cuts(flags) && total <= MAX_TSO_BYTES && count <= TxDescriptor.MAX_PER_TSO && mss > 0
                && mss <= TxDescriptor.MAX_MSS && l4 >= MIN_TCP_HEADER && l4 <= MAX_TCP_HEADER
                && headers(burst, at) >= MIN_FRAME && header <= TxLimits.MAX_HEADERS && header < total
                && header + mss + tag <= limits.maxFrame();
    }

    private static int headers(PacketBurst burst, int at) {
        return burst.l2Length(at) + burst.l3Length(at);
    }

    private static int checksumField(PacketBurst burst, int at) {
        return headers(burst, at) + ((burst.flags(at) & PacketFlags.TX_TCP_CHECKSUM) != 0
                ? TCP_CHECKSUM_OFFSET : UDP_CHECKSUM_OFFSET);
    }

    /** Writes a packet's descriptors, the first with the generation bit inverted: the device does not see it yet. */
    private void write(PacketBurst burst, int at, int end) {
        int position = tail;
        sops[sopCount++] = index.slot(position);
        long word = offload(burst, at) ^ TxDescriptor.GEN;
        for (int i = at; i < end; i++) {
            long address = burst.address(i);
            int left = burst.length(i);
            while (left > TxDescriptor.MAX_BUFFER) {
                put(position, address, word ^ TxDescriptor.word(TxDescriptor.MAX_BUFFER, index.generation(position)));
                word = 0;
                position = index.advance(position, 1);
                address += TxDescriptor.MAX_BUFFER;
                left -= TxDescriptor.MAX_BUFFER;
            }
            if (i == end - 1) {
                word |= TxDescriptor.END;
            }
            put(position, address, word ^ TxDescriptor.word(left, index.generation(position)));
            word = 0;
            position = index.advance(position, 1);
        }
        tail = position;
    }

    private void put(int position, long address, long word) {
        int at = index.slot(position) * TxDescriptor.SIZE;
        ring.putLong(at + TxDescriptor.ADDRESS, address);
        ring.putLong(at + TxDescriptor.WORD, word);
    }

    private long offload(PacketBurst burst, int at) {
        int flags = burst.flags(at);
        long word = (flags & PacketFlags.TX_VLAN) != 0 ? TxDescriptor.vlan(burst.txVlan(at)) : 0;
        if ((flags & PacketFlags.TX_TSO) != 0) {
            int hlen = headers(burst, at) + burst.l4Length(at);
            int mss = burst.txMss(at);
            frames += (packetBytes - hlen + mss - 1) / mss; // §11: txNumDeferred counts frames on the wire
            return word | TxDescriptor.tso(hlen, mss);
        }
        frames++;
        return (flags & L4_CHECKSUM) == 0 ? word
                : word | TxDescriptor.checksum(headers(burst, at), checksumField(burst, at));
    }

    /** One fence for the burst: every descriptor is complete before the first generation bit turns. */
    private void publish() {
        DmaMemory.releaseFence();
        for (int i = 0; i < sopCount; i++) {
            int at = sops[i] * TxDescriptor.SIZE + TxDescriptor.WORD;
            ring.putLong(at, ring.getLong(at) ^ TxDescriptor.GEN);
        }
    }

    /** §11: rings unless the device said that it looks by itself until so many frames wait. */
    private void notifyDevice() {
        deferred += frames;
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
        doorbell.write32(txprod, index.slot(tail));
        counters.add(QueueCounter.DOORBELLS, 1);
    }

    @Override
    public int reclaim(PacketBurst done, int budget) {
        harvest();
        ledger.release(0); // refused packets at the front wait for nobody
        int packets = 0;
        int sent = 0;
        long sentBytes = 0;
        int limit = Math.min(budget, ledger.completed());
        while (packets < limit && ledger.nextSegments() <= done.room()) {
            int bytes = ledger.pop(done);
            if (bytes >= 0) {
                sent++;
                sentBytes += bytes;
            }
            packets++;
        }
        if (sent != 0) {
            counters.add(QueueCounter.PACKETS, sent);
            counters.add(QueueCounter.BYTES, sentBytes);
        }
        return packets;
    }

    /** Takes what the device has completed from the completion ring. */
    private void harvest() {
        int limit = index.distance(head, tail); // never more completions than descriptors
        int ready = 0;
        int position = nextCompletion;
        while (ready < limit
                && TxCompletion.generation(completion(position, TxCompletion.D3)) == index.generation(position)) {
            position = index.advance(position, 1);
            ready++;
        }
        if (ready == 0) {
            return;
        }
        DmaMemory.acquireFence(); // generation bits before contents, once for all
        for (position = nextCompletion; ready > 0; ready--) {
            complete(TxCompletion.txdIdx(completion(position, TxCompletion.D0)));
            position = index.advance(position, 1);
        }
        nextCompletion = position;
    }

    private int completion(int position, int word) {
        return ring.getInt(completionBase + index.slot(position) * TxCompletion.SIZE + word);
    }

    /** Releases every descriptor up to and including slot {@code txdIdx}. */
    private void complete(int txdIdx) {
        if (txdIdx < index.size()) {
            int count = index.stepsToSlot(head, txdIdx) + 1;
            if (count <= index.distance(head, tail)) {
                head = index.advance(head, count);
                ledger.release(count);
                return;
            }
        }
        counters.add(QueueCounter.ERRORS, 1);
    }

    @Override
    public int outstanding() {
        return ledger.outstanding();
    }

    @Override
    public long counter(QueueCounter counter) {
        return counters.get(counter);
    }
}
