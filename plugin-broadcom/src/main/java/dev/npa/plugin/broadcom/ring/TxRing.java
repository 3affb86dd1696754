package dev.npa.plugin.broadcom.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.QueueCounter;
import dev.npa.plugin.TxQueue;
import dev.npa.plugin.broadcom.regs.PageChain;
import dev.npa.plugin.broadcom.regs.TxBd;
import dev.npa.plugin.broadcom.regs.VfBar;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;

/**
 * A transmit ring of the 57712. A packet is a start descriptor, a parse descriptor, and a data descriptor for each
 * further piece; the device reports packets, not descriptors, by an index in the status block. §4
 *
 * <p>Concurrency: one thread drives the queue; {@link #counter} may be read by others and then is a recent value.
 */
public final class TxRing implements TxQueue {

    /** Bytes of the DMA window beyond the descriptors: zeroes that pad short frames. */
    private static final int PAD_BYTES = 64;
    private static final int SHORTEST = 60;
    private static final int REQUESTS = PacketFlags.TX_IP_CHECKSUM | PacketFlags.TX_TCP_CHECKSUM
            | PacketFlags.TX_UDP_CHECKSUM | PacketFlags.TX_TSO | PacketFlags.TX_VLAN;

    private final DmaMemory ring;
    private final DmaMemory padding;
    private final int mask;
    private final int capacity;
    private final Register doorbell;
    private final StatusBlock block;
    private final TxLimits limits;
    private final TxPlan plan;
    private final FrameHeader header;
    private final TxShadow shadow;

    private int producer;
    private int consumer;
    /** Packets given to the device, and those of them that were completed. */
    private int given;
    private int completed;
    private boolean accepting;
    private boolean live;
    private int outstanding;

    private long packets;
    private long bytes;
    private long refused;
    private long doorbells;

    /**
     * Creates a ring at rest.
     *
     * @param ring window of {@link #bytes} bytes, aligned to 4096
     * @param padding window of at least 64 bytes that stay 0
     * @param size most descriptors in use, 16..3968
     * @param doorbell of the connection
     * @param block status block of the queue pair
     * @param packets memory of the packets
     */
    public TxRing(DmaMemory ring, DmaMemory padding, int size, Register doorbell, StatusBlock block, TxLimits limits,
            DmaMemory packets) {
        this.ring = ring;
        this.padding = padding;
        this.mask = (ring.length() >>> TxBd.SHIFT) - 1;
        this.capacity = size - 1;
        this.doorbell = doorbell;
        this.block = block;
        this.limits = limits;
        this.plan = new TxPlan(limits);
        this.header = new FrameHeader(packets);
        this.shadow = new TxShadow(2 * size);
    }

    /** Bytes of the DMA window of a ring. */
    public static int bytes(int size) {
        return PageChain.TX_BD.pages(size, 1) * PageChain.PAGE;
    }

    /** Bytes of the padding window. */
    public static int paddingBytes() {
        return PAD_BYTES;
    }

    /** Address of the ring's first page. */
    public long address() {
        return ring.address();
    }

    @Override
    public int transmit(PacketBurst burst, int from, int to) {
        if (!accepting) {
            return from;
        }
        int published = producer;
        int at = postPlain(burst, from, to);
        while (at < to) {
            int next = postPlanned(burst, at, to);
            if (next == at) {
                break;
            }
            at = postPlain(burst, next, to);
        }
        if (producer != published) {
            ring(producer);
        }
        return at;
    }

    private void ring(int value) {
        doorbell.write(VfBar.doorbell(value)); // releases the descriptors; §4.7
        doorbells++;
    }

    /** The common case: a run of packets of one segment without a request. Ends before one that needs a closer look. */
    private int postPlain(PacketBurst burst, int from, int to) {
        int at = from;
        int end = from + Math.min(to - from, shadow.free());
        int bd = producer;
        int left = room();
        while (at < end && left >= 3) { // two descriptors and a page link
            int flags = burst.flags(at);
            int length = burst.length(at);
            long address = burst.address(at);
            if ((flags & (PacketFlags.WHOLE | REQUESTS)) != PacketFlags.WHOLE || length < SHORTEST
                    || length > limits.maxFrame() || !header.read(address, length)) {
                break;
            }
            int parse = put(bd, address, TxBd.start(2, length, header.tag(), TxBd.START | header.vlanMode()));
            int next = put(parse, header.parse0(), header.parse1(0));
            left -= next - bd;
            bd = next;
            shadow.addLast(burst.handle(at), flags & ~PacketFlags.ABORTED, length, bd & 0xFFFF);
            at++;
        }
        producer = bd;
        given += at - from;
        outstanding += at - from;
        return at;
    }

    private int postPlanned(PacketBurst burst, int at, int to) {
        if (!plan.plan(burst, at, to) || !header.read(burst.address(at), burst.length(at))) {
            return refuse(burst, at, plan.last());
        }
        int last = plan.last();
        boolean split = plan.header() > 0 && plan.header() < burst.length(at);
        int pad = Math.max(0, SHORTEST - plan.total());
        int nbd = 2 + last - at + (split ? 1 : 0) + (pad > 0 ? 1 : 0);
        if (room() <= nbd || shadow.free() <= last - at) {
            return at;
        }
        int bd = putHead(burst, at, nbd, split);
        int total = plan.total() + pad;
        for (int i = at; i < last; i++) {
            shadow.add(burst.handle(i), burst.flags(i) & ~PacketFlags.ABORTED);
            bd = put(bd, burst.address(i + 1), TxBd.data(burst.length(i + 1), total));
            total = 0; // §4.3: the packet's length is only in its first fragment
        }
        if (pad > 0) {
            bd = put(bd, padding.address(), TxBd.data(pad, total));
        }
        given(bd);
        shadow.addLast(burst.handle(last), burst.flags(last) & ~PacketFlags.ABORTED, plan.total(), producer & 0xFFFF);
        return last + 1;
    }

    /** Start, parse and, where the first segment holds more than the headers of TSO, the split descriptor. §4.1 */
    private int putHead(PacketBurst burst, int at, int nbd, boolean split) {
        long address = burst.address(at);
        int length = burst.length(at);
        boolean insert = (burst.flags(at) & PacketFlags.TX_VLAN) != 0;
        int tag = insert ? burst.txVlan(at) : header.tag();
        int flags = plan.flags() | (insert ? TxBd.VLAN_OUT_OF_BAND : header.vlanMode());
        int bd = put(producer, address, TxBd.start(nbd, split ? plan.header() : length, tag, flags));
        bd = put(bd, header.parse0(), header.parse1(plan.parsing()));
        return split ? put(bd, address + plan.header(), TxBd.data(length - plan.header(), 0)) : bd;
    }

    /** Writes a descriptor and returns the place of the next one. */
    private int put(int bd, long q0, long q1) {
        int at = (bd & mask) << TxBd.SHIFT;
        ring.putLong(at, q0);
        ring.putLong(at + 8, q1);
        return PageChain.nextTxBd(bd);
    }

    private void given(int bd) {
        producer = bd;
        given++;
        outstanding++;
    }

    /** Elements that can be added; at most one of a packet's is a page link. */
    private int room() {
        return capacity - (producer - consumer & 0xFFFF);
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
                TxShadow.NO_DESCRIPTORS);
        outstanding++;
        refused++;
        return last + 1;
    }

    /**
     * Packets that the device has sent and that were not completed yet. Acquire: buffers are not reused before the
     * device is done with them. An index that cannot be is as if none had come.
     */
    private int sent() {
        if (!live) {
            return 0;
        }
        int sent = block.txIndex() - completed & 0xFFFF;
        return sent <= given - completed ? sent : 0;
    }

    @Override
    public int reclaim(PacketBurst done, int budget) {
        if (outstanding == 0) {
            return 0;
        }
        int reported = sent();
        int left = reported;
        int behind = consumer;
        int count = 0;
        int aborted = 0;
        long sentBytes = 0;
        while (count < budget && !shadow.isEmpty()) {
            int last = shadow.lastOf(shadow.head());
            int end = shadow.producer(last);
            boolean onDevice = end != TxShadow.NO_DESCRIPTORS;
            if (onDevice && left == 0 || last - shadow.head() >= done.room()) {
                break;
            }
            if (onDevice) {
                left--;
                behind = end;
            }
            if ((shadow.flags(last) & PacketFlags.ABORTED) == 0) {
                sentBytes += shadow.bytes(last);
            } else {
                aborted++;
            }
            shadow.take(last, done);
            count++;
        }
        consumer = behind;
        completed += reported - left;
        outstanding -= count;
        packets += count - aborted;
        bytes += sentBytes;
        return count;
    }

    @Override
    public int outstanding() {
        return outstanding;
    }

    /** Whether completions wait to be reclaimed. */
    public boolean isPending() {
        return sent() > 0;
    }

    @Override
    public long counter(QueueCounter counter) {
        DmaMemory.acquireFence(); // another thread's loop shall not hoist the plain read out
        return switch (counter) {
            case PACKETS -> packets;
            case BYTES -> bytes;
            case REFUSED -> refused;
            case DOORBELLS -> doorbells;
            default -> 0;
        };
    }

    /** Empties the ring for a queue that is about to be set up; completions still to be collected stay. */
    public void prepare() {
        producer = 0;
        consumer = 0;
        given = 0;
        completed = 0;
        PageChain.TX_BD.link(ring);
    }

    /** The queue is set up: packets are accepted from now on. */
    public void begin() {
        live = true;
        accepting = true;
    }

    /** Accepts no more packets. */
    public void refuseAll() {
        accepting = false;
    }

    /** Whether the device has reported every packet it was given as sent. */
    public boolean isIdle() {
        return !live || sent() == given - completed;
    }

    /** The queue is gone: what the device had not reported is aborted. */
    public void end() {
        accepting = false;
        int sent = sent();
        live = false;
        int first = shadow.head();
        while (first != shadow.tail()) {
            int last = shadow.lastOf(first);
            if (shadow.producer(last) != TxShadow.NO_DESCRIPTORS) {
                shadow.settle(first, last, sent-- <= 0);
            }
            first = last + 1;
        }
    }
}
