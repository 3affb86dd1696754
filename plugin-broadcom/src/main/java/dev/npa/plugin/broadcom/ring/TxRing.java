package dev.npa.plugin.broadcom.ring;

import dev.npa.hw.DmaMemory;
import dev.npa.plugin.broadcom.regs.PageChain;
import dev.npa.plugin.broadcom.regs.TxBd;
import dev.npa.plugin.broadcom.regs.VfBar;
import dev.npa.plugin.support.AbstractTxQueue;
import dev.npa.plugin.support.Headers;
import dev.npa.plugin.support.TxRequest;
import dev.npa.plugin.support.TxRuns;
import dev.npa.shell.PacketBurst;
import dev.npa.shell.PacketFlags;
import java.util.function.IntFunction;

/**
 * A transmit ring of the 57712. A packet is a start descriptor, a parse descriptor, and a data descriptor for each
 * further piece; the device reports packets, not descriptors, by an index in the status block. §4
 *
 * <p>A run of packets is marked with the producer behind it: the device's count tells when all of it is sent.
 */
public final class TxRing extends AbstractTxQueue {

    private static final int UNTAGGED = -1;
    private static final int TAGGED_HEADER = Headers.ETHERNET + Headers.VLAN_TAG;

    private final DmaMemory ring;
    private final DmaMemory padding;
    private final DmaMemory packets;
    private final long packetsAddress;
    private final long lastPacket;
    private final int mask;
    private final int capacity;
    private final Register doorbell;
    private final StatusBlock block;
    private final TxRequest request;

    private int producer;
    private int consumer;
    /** Packets of the device that were reported, and its count when looked at last. */
    private int completed;
    private int seen;

    /**
     * Creates a ring at rest.
     *
     * @param size most descriptors in use, 16..3968
     * @param memory gives zeroed windows of so many bytes, aligned to 4096
     * @param doorbell of the connection
     * @param block status block of the queue pair
     * @param request what packets may ask for
     * @param packets memory of the packets
     */
    public TxRing(int size, IntFunction<DmaMemory> memory, Register doorbell, StatusBlock block, TxRequest request,
            DmaMemory packets) {
        super(size);
        this.ring = memory.apply(PageChain.TX_BD.pages(size, 1) * PageChain.PAGE);
        this.padding = memory.apply(Headers.SHORTEST_FRAME);
        this.packets = packets;
        this.packetsAddress = packets.address();
        this.lastPacket = packets.length() - TAGGED_HEADER;
        this.mask = (ring.length() >>> TxBd.SHIFT) - 1;
        this.capacity = size - 1;
        this.doorbell = doorbell;
        this.block = block;
        this.request = request;
    }

    /** Address of the ring's first page. */
    public long address() {
        return ring.address();
    }

    @Override
    protected int endRun() {
        return producer & 0xFFFF;
    }

    @Override
    protected void publish() {
        doorbell.write(VfBar.doorbell(producer)); // releases the descriptors; §4.7
    }

    /** Elements that can be added; at most one of a packet's is a page link. */
    private int room() {
        return capacity - (producer - consumer & 0xFFFF);
    }

    /** Packets of one segment without a request. */
    @Override
    protected int postPlain(PacketBurst burst, int from, int to) {
        int at = from;
        int bd = producer;
        int left = room();
        long bytes = 0;
        while (at < to && left >= 3) { // two descriptors and a page link
            int length = burst.length(at);
            long address = burst.address(at);
            long offset = address - packetsAddress;
            if (!request.isPlain(burst.flags(at), length) || length < Headers.SHORTEST_FRAME || offset < 0
                    || offset > lastPacket) {
                break;
            }
            int next = putHead(bd, address, (int) offset, 2, length, TxBd.START, 0, UNTAGGED);
            left -= next - bd;
            bd = next;
            bytes += length;
            at++;
        }
        producer = bd;
        posted(at - from, bytes);
        return at;
    }

    @Override
    protected int postAny(PacketBurst burst, int at, int to) {
        boolean allowed = request.read(burst, at, to) && TxBd.canTell(request);
        int last = request.last();
        int length = burst.length(at);
        int header = request.has(PacketFlags.TX_TSO) ? request.header() : length;
        long offset = burst.address(at) - packetsAddress;
        // Ethernet header and headers of TSO are in the first segment.
        if (!allowed || header > length || length < Limits.MIN_FRAME || offset < 0 || offset > lastPacket
                || length < TAGGED_HEADER && TxBd.isTagged(Long.reverseBytes(packets.getLong((int) offset + 8)))) {
            refuse();
            return last + 1;
        }
        int pad = Math.max(0, Headers.SHORTEST_FRAME - request.total());
        int nbd = 2 + (header < length ? 1 : 0) + last - at + (pad > 0 ? 1 : 0);
        if (room() <= nbd) {
            return at;
        }
        int bd = putHead(producer, burst.address(at), (int) offset, nbd, header, TxBd.flags(request),
                TxBd.parsing(request), request.has(PacketFlags.TX_VLAN) ? request.vlan() : UNTAGGED);
        if (header < length) {
            bd = put(bd, burst.address(at) + header, TxBd.data(length - header, 0));
        }
        int total = request.total() + pad;
        for (int i = at + 1; i <= last; i++) {
            bd = put(bd, burst.address(i), TxBd.data(burst.length(i), total));
            total = 0; // §4.3: the packet's length is only in its first fragment
        }
        producer = pad > 0 ? put(bd, padding.address(), TxBd.data(pad, total)) : bd;
        posted(1, request.total());
        return last + 1;
    }

    /**
     * Writes start and parse descriptor and returns the place of the next one. §4.1
     *
     * @param insert tag to insert; {@link #UNTAGGED} = the frame is sent as it is
     */
    private int putHead(int bd, long address, int offset, int nbd, int bytes, int flags, int parsing, int insert) {
        long head = Long.reverseBytes(packets.getLong(offset));
        long tail = Long.reverseBytes(packets.getLong(offset + 8));
        int tag = insert == UNTAGGED ? TxBd.tag(tail) : insert;
        int mode = insert == UNTAGGED ? TxBd.vlanMode(tail) : TxBd.VLAN_OUT_OF_BAND;
        int parse = put(bd, address, TxBd.start(nbd, bytes, tag, flags | mode));
        return put(parse, TxBd.parse0(head, tail), TxBd.parse1(head, tail, parsing));
    }

    /** Writes a descriptor and returns the place of the next one. */
    private int put(int bd, long q0, long q1) {
        int at = (bd & mask) << TxBd.SHIFT;
        ring.putLong(at, q0);
        ring.putLong(at + 8, q1);
        return PageChain.nextTxBd(bd);
    }

    /**
     * Reports the runs that the device has sent. Acquire: buffers are not reused before the device is done with them.
     * A count that cannot be is as if none had come.
     */
    @Override
    protected void report() {
        seen = block.txIndex();
        int sent = seen - completed & 0xFFFF;
        if (sent > given() - completed) {
            return;
        }
        for (int mark = runs.mark(); mark != TxRuns.NONE && runs.packets() <= sent; mark = runs.mark()) {
            sent -= runs.packets();
            completed += runs.packets();
            consumer = mark;
            runs.report();
        }
    }

    /** Whether the device has sent something since the last reclaim. */
    public boolean isPending() {
        return isLive() && block.txIndex() != seen;
    }

    /** Whether the device has sent every packet it was given. */
    public boolean isIdle() {
        return !isLive() || block.txIndex() == (given() & 0xFFFF);
    }

    @Override
    public void prepare() {
        super.prepare();
        producer = 0;
        consumer = 0;
        completed = 0;
        seen = 0;
        PageChain.TX_BD.link(ring);
    }
}
