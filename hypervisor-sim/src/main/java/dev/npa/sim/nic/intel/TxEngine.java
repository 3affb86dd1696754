package dev.npa.sim.nic.intel;

import dev.npa.hw.PhysicalMemory;
import dev.npa.sim.machine.DmaFault;
import dev.npa.sim.machine.IommuDomain;
import dev.npa.sim.net.Wire;
import dev.npa.sim.time.Component;
import java.nio.ByteBuffer;

/**
 * Sends the packets of transmit queues, 82599 §16, 82576 §8: fetch, offloads, anti-spoof, switch, then wire and
 * local rings, then completion. A packet that the wire or a local ring cannot take stays in its queue and TDH with
 * it; a completed packet can no longer be overtaken by another queue.
 *
 * <p>Used under the device's lock. Nothing is allocated a frame.
 */
public abstract class TxEngine implements TxFetch.Rules {

    private final IntelCore core;
    private final RegisterFile regs;
    private final QueueSlots slots;
    private final Fabric fabric;
    private final RxEngine receive;
    private final Causes interrupts;
    private final Counters statistics;
    private final TxFetch fetch;
    private final TxOffload offload = new TxOffload();
    private final FrameInfo info = new FrameInfo();
    private final ByteBuffer segment = TxQueue.buffer(32 * 1024);

    protected TxEngine(IntelCore core, Fabric fabric, RxEngine receive, Causes interrupts, Counters statistics) {
        this.core = core;
        this.regs = core.regs;
        this.slots = core.queueSlots;
        this.fabric = fabric;
        this.receive = receive;
        this.interrupts = interrupts;
        this.statistics = statistics;
        this.fetch = new TxFetch(core, this);
    }

    /** Length that short frames are padded to before the switch sees them; 0: the wire pads them. */
    protected abstract int padTo();

    /**
     * Tag by the pool's VMVIR when its VLANA says "always the default tag".
     *
     * @param vmvir value of the pool's register
     * @param asked whether the descriptor asks for a tag of its own
     * @param tagged whether the frame has a tag already
     * @return the tag, {@link #NO_TAG} to leave the frame as it is, {@link #REFUSED} to drop it
     */
    protected abstract int defaultTag(TxQueue q, int vmvir, boolean asked, boolean tagged);

    /** No tag is inserted. */
    protected static final int NO_TAG = -1;
    /** The frame must not leave. */
    protected static final int REFUSED = -2;

    /** Whether a queue may work at all: TE, ENABLE, VFTE, bus master, ring. Its tail may still equal its head. */
    boolean isRunnable(TxQueue q) {
        return q.enabled && q.size > 0 && core.transmitterOn() && q.port.isReady()
                && (!core.virtualised() || core.poolTransmits(core.poolOf(q.index)));
    }

    /** Whether a runnable queue has something that it could try now. */
    boolean hasWork(TxQueue q) {
        return q.held || regs.getAcquire(slots.tdt + q.index) != q.head && q.badTail != regs.get(slots.tdt + q.index);
    }

    /** When a runnable queue with work can be tried again; NEVER if somebody else has to act first. */
    long nextTry(TxQueue q, long now) {
        if (q.rateFactor != 0 && now < q.eligibleAt) {
            return q.eligibleAt;
        }
        if (q.waitsForWire != 0 && !core.wire.canSend(q.waitsForWire)) {
            // The line drains by itself; a peer that pauses or a link that is down does not.
            long drained = core.wire.freeAt() - Wire.SEND_AHEAD * 8_000L / core.wire.megabitsPerSecond();
            return drained > now ? drained : Component.NEVER;
        }
        return waitsForRing(q) ? Component.NEVER : now;
    }

    /** Sends at most {@code burst} packets of a runnable queue; returns how many left it. */
    int run(TxQueue q, int burst) {
        int done = 0;
        look(q);
        try {
            while (done < burst && step(q)) {
                done++;
            }
        } catch (DmaFault e) {
            q.held = false; // the fault is recorded and the function stopped; the others go on
        }
        if (q.indicated) {
            q.indicated = false;
            interrupts.queueEvent(q.index, true);
        }
        return done;
    }

    /** Software writes these registers under the device's lock, so not in the middle of a burst. */
    private void look(TxQueue q) {
        q.virtualised = core.virtualised();
        q.pool = core.poolOf(q.index);
        q.vmvir = q.virtualised ? regs.get(slots.vmvir + q.pool) : 0;
        q.padTo = padTo();
        q.ring = q.port.ring(q.base, (long) q.size * AdvancedTxDescriptor.SIZE);
    }

    private boolean step(TxQueue q) {
        if (q.rateFactor != 0 && core.clock.nanos() < q.eligibleAt) {
            return false;
        }
        if (q.waitsForWire != 0 && !core.wire.canSend(q.waitsForWire) || waitsForRing(q)) {
            return false;
        }
        q.waitsForWire = 0;
        q.waitsForRing = false;
        boolean segmented;
        if (q.held) {
            segmented = isSegmented(q);
            info.layer2(q.packet, q.start);
        } else {
            if (!fetch.fetch(q)) {
                return false;
            }
            segmented = isSegmented(q);
            if (!q.drop && !segmented) {
                prepare(q);
            }
        }
        if (!q.drop && !(segmented ? segments(q) : emit(q, q.packet, q.start, q.length))) {
            return false;
        }
        complete(q);
        return true;
    }

    private boolean waitsForRing(TxQueue q) {
        return q.waitsForRing && (core.receiveHeld() || RxEngine.isFull(q.fullRing, q.fullNeed));
    }

    private static boolean isSegmented(TxQueue q) {
        return (q.options & AdvancedTxDescriptor.TSE) != 0;
    }

    /** Checksums, tag and padding of a packet that is one frame; {@link #info} is the frame's then. */
    private void prepare(TxQueue q) {
        long o = q.options;
        if ((o & (AdvancedTxDescriptor.TXSM | AdvancedTxDescriptor.IXSM)) != 0) {
            checksums(q, o);
        }
        if (q.drop) {
            return;
        }
        int tag = tagFor(q, q.packet, q.start);
        if (tag >= 0) {
            q.start = TxOffload.insertVlan(q.packet, q.start, tag);
            q.length += 4;
        }
        if (q.length < q.padTo) {
            q.length = TxOffload.pad(q.packet, q.start, q.length, q.padTo);
        }
        info.layer2(q.packet, q.start);
        q.drop |= !maySend(q);
    }

    private void checksums(TxQueue q, long o) {
        int slot = AdvancedTxDescriptor.idx(o);
        long c0 = q.context[2 * slot];
        long c1 = q.context[2 * slot + 1];
        int layer3 = q.start + AdvancedTxDescriptor.maclen(c0);
        int iplen = AdvancedTxDescriptor.iplen(c0);
        if ((o & AdvancedTxDescriptor.TXSM) != 0 && !offload.transportChecksum(q.packet, layer3 + iplen,
                q.start + q.length, AdvancedTxDescriptor.l4t(c1))) {
            core.violation(q.index, "transmit queue " + q.index + ": TXSM on a packet shorter than its L4 header");
            q.drop = true;
            return;
        }
        if ((o & AdvancedTxDescriptor.IXSM) != 0 && (c1 & AdvancedTxDescriptor.TUCMD_IPV4) != 0 && iplen >= 20) {
            TxOffload.ipChecksum(q.packet, layer3, iplen);
        }
    }

    /** Tag to insert, or -1; marks the packet as dropped when the PF's tag meets one of the sender's, 82599 §11. */
    private int tagFor(TxQueue q, ByteBuffer b, int start) {
        boolean vle = (q.options & AdvancedTxDescriptor.VLE) != 0;
        int action = q.vmvir >>> 30; // VLANA
        if (action == 1) {
            info.layer2(b, start);
            int tag = defaultTag(q, q.vmvir, vle, info.tagged);
            q.drop |= tag == REFUSED;
            return Math.max(tag, NO_TAG);
        }
        return vle && action != 2 ? AdvancedTxDescriptor.vlan(q.context[2 * AdvancedTxDescriptor.idx(q.options)])
                : NO_TAG;
    }

    /** Anti-spoof for the frame that {@link #info} is of. */
    private boolean maySend(TxQueue q) {
        if (!q.virtualised || fabric.maySend(info, q.pool)) {
            return true;
        }
        statistics.spoofed(q.index);
        core.violations.record(core.functionName(core.functionOf(q.index)), "spoofed frame from "
                + Long.toHexString(info.source) + (info.tagged ? " VLAN " + (info.tci & 0xFFF) : "") + " dropped");
        return false;
    }

    /** Builds and sends the segments that have not left yet. Returns false if one has to wait. */
    private boolean segments(TxQueue q) {
        int slot = AdvancedTxDescriptor.idx(q.options);
        long c0 = q.context[2 * slot];
        long c1 = q.context[2 * slot + 1];
        int header = AdvancedTxDescriptor.maclen(c0) + AdvancedTxDescriptor.iplen(c0) + AdvancedTxDescriptor.l4len(c1);
        int mss = AdvancedTxDescriptor.mss(c1);
        int payload = q.length - header;
        int last = (payload - 1) / mss;
        for (; q.segment <= last; q.segment++) {
            int sent = q.segment * mss;
            int bytes = Math.min(mss, payload - sent);
            int start = TxQueue.HEADROOM;
            segment.put(start, q.packet, q.start, header);
            segment.put(start + header, q.packet, q.start + header + sent, bytes);
            TxOffload.segmentHeaders(segment, start, c0, c1, bytes, q.segment, sent, flagMask(q.segment, last));
            offload.transportChecksum(segment, start + header - AdvancedTxDescriptor.l4len(c1), start + header + bytes,
                    AdvancedTxDescriptor.l4t(c1));
            int length = header + bytes;
            int tag = tagFor(q, segment, start);
            if (tag >= 0) {
                start = TxOffload.insertVlan(segment, start, tag);
                length += 4;
            }
            length = TxOffload.pad(segment, start, length, q.padTo);
            info.layer2(segment, start);
            if (q.drop || q.segment == 0 && !maySend(q)) {
                q.drop = true;
                return true;
            }
            if (!emit(q, segment, start, length)) {
                return false;
            }
        }
        return true;
    }

    /** DTXTCPFLGL and DTXTCPFLGH: masks for the first, middle and last segment. */
    private int flagMask(int index, int last) {
        if (last == 0) {
            return 0xFFF; // the first and the last at once loses nothing
        }
        int low = regs.get(slots.dtxtcpflgl);
        return (index == last ? regs.get(slots.dtxtcpflgh) : index == 0 ? low : low >>> 16) & 0xFFF;
    }

    /** Gives one frame, which {@link #info} is of, to the wire and to local rings, or to none of them. */
    private boolean emit(TxQueue q, ByteBuffer b, int start, int length) {
        fabric.fromPool(info, q.pool);
        boolean toWire = fabric.toWire;
        if (toWire && !core.wire.canSend(length)) {
            q.waitsForWire = length;
            return false;
        }
        long local = receive.admit(fabric.localPools, info, length + IntelCore.FCS);
        if (!receive.deliver(b, start, length, info, local, true)) {
            q.waitsForRing = true;
            q.fullRing = receive.full;
            q.fullNeed = receive.fullNeed;
            return false;
        }
        if (toWire) {
            core.wire.send(b, start, length);
        }
        statistics.sent(q.index, info, length + IntelCore.FCS, toWire, local != 0);
        if (q.rateFactor != 0) {
            long nanos = (length + IntelCore.FCS) * 8_000L / core.wire.megabitsPerSecond();
            q.eligibleAt = Math.max(q.eligibleAt, core.clock.nanos()) + (nanos * q.rateFactor >> 14);
        }
        return true;
    }

    /** Head, write-back, cause: in this order, 82599 §16. */
    private void complete(TxQueue q) {
        q.held = false;
        q.head = q.nextHead;
        regs.put(slots.tdh + q.index, q.head);
        if (!q.report) {
            return;
        }
        int low = regs.get(slots.tdwbal + q.index);
        if ((low & 1) != 0) { // head write-back instead of DD, 82599 §7, 82576 §5.2
            q.port.writeIntRelease(Integer.toUnsignedLong(low & ~3)
                    | (long) regs.get(slots.tdwbah + q.index) << 32, q.head);
        } else {
            long descriptor = q.base + (long) q.last * AdvancedTxDescriptor.SIZE;
            PhysicalMemory memory = q.descriptor(descriptor, IommuDomain.WRITE);
            memory.putLong(descriptor, 0);
            // Release: DD last, everything the device read before it is read.
            memory.putLongRelease(descriptor + 8, AdvancedTxDescriptor.DD);
        }
        q.indicated = true;
    }
}
