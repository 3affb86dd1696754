package dev.npa.sim.nic.intel;

import dev.npa.hw.PhysicalMemory;
import dev.npa.sim.machine.DmaFault;
import dev.npa.sim.machine.IommuDomain;
import dev.npa.sim.net.Wire;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Puts frames into receive rings, 82599 §16, 82576 §8: from the wire through the switch, and looped frames that the
 * transmit engine brings. A frame goes to all its queues or, if one of them has to wait for descriptors, to none yet.
 *
 * <p>Used under the device's lock. Nothing is allocated a frame.
 */
public abstract class RxEngine {

    private static final int PCSD = 1 << 13;

    /** Hash of the frame in hand; type 0 when it was not hashed. */
    protected final RssHash rss;
    private final IntelCore core;
    private final RegisterFile regs;
    private final QueueSlots slots;
    private final Fabric fabric;
    private final Causes interrupts;
    private final Counters statistics;
    private final FrameInfo info = new FrameInfo();
    private final RxQueue[] targets;
    private final int[] dropped;
    private final ByteBuffer scratch = TxQueue.buffer(17 * 1024);
    private final CRC32 crc = new CRC32();
    private int count;
    private int drops;
    private RxQueue blocked;
    private int blockedNeed;
    /** Queues with completions that no interrupt cause tells of yet. */
    private final RxQueue[] indicated;
    private int indications;
    /** What registers say, for one turn of the device. */
    private int turn;
    private boolean held;
    private boolean on;
    private boolean hashWord;

    /** The queue that made {@link #deliver} refuse and how many descriptors it wants; null: frames are held. */
    RxQueue full;
    int fullNeed;

    protected RxEngine(IntelCore core, Fabric fabric, Causes interrupts, Counters statistics) {
        this.core = core;
        this.regs = core.regs;
        this.slots = core.queueSlots;
        this.fabric = fabric;
        this.interrupts = interrupts;
        this.statistics = statistics;
        this.targets = new RxQueue[core.vfPorts.length];
        this.dropped = new int[core.vfPorts.length];
        this.indicated = new RxQueue[core.rx.length];
        this.rss = new RssHash(core);
    }

    /**
     * Looks at the registers that all frames of a turn have in common. Software writes them under the device's lock, so
     * not within a turn.
     */
    protected void refresh() {
        turn++;
        held = core.receiveHeld();
        on = core.receiverOn();
        hashWord = (regs.get(slots.rxcsum) & PCSD) != 0;
    }

    /** Turns what was completed since the last call into interrupt causes. */
    void indicate() {
        for (int i = 0; i < indications; i++) {
            indicated[i].indicated = false;
            interrupts.queueEvent(indicated[i].index, false);
        }
        indications = 0;
    }

    /** Bytes of a VLAN tag. */
    protected static final int TAG = 4;

    /** Longest frame from the wire that is looked at, with FCS and, in a tagged frame, the tag. */
    protected abstract int longest(FrameInfo f);

    /** The pools that take a frame of this length, out of those the switch chose. */
    protected abstract long admit(long pools, FrameInfo f, int octets);

    /** Whether this frame is hashed. */
    protected abstract boolean hashes(boolean looped);

    /** Absolute queue of a pool for the frame in hand. */
    protected abstract int queueOf(int pool);

    /** Whether the tag of a tagged frame is taken off. */
    protected abstract boolean strips(RxQueue q, FrameInfo f);

    /** Whether a tag that was taken off is kept from the driver. */
    protected abstract boolean hidesTag(RxQueue q);

    /** Whether the FCS is written to memory behind the frame. */
    protected abstract boolean keepsFcs(RxQueue q, FrameInfo f);

    /** Status and error bits for the checks of a frame. */
    protected abstract long checkStatus(FrameInfo f);

    /** Upper half of the first word when RXCSUM.PCSD does not select the hash. */
    protected abstract int fragmentWord(FrameInfo f);

    /** Forgets what is kept of registers and frames, as a reset of the device does. */
    public void reset() {
        rss.reset();
        blocked = null;
    }

    /** Whether the oldest frame from the wire could be looked at now. */
    boolean isBlocked() {
        return core.receiveHeld() || isFull(blocked, blockedNeed);
    }

    /** Whether a frame still has to wait for a queue. */
    static boolean isFull(RxQueue q, int need) {
        return q != null && q.isOpen() && !q.dropsWhenFull() && !q.hasFree(need);
    }

    /** Takes at most {@code budget} frames off the wire. */
    int run(int budget) {
        Wire.End wire = core.wire;
        int done = 0;
        if (isBlocked()) {
            return 0;
        }
        blocked = null;
        int at = wire.peek();
        while (at >= 0 && done < budget) {
            if (!fromWire(wire.buffer(), at, wire.length(at))) {
                blocked = full;
                blockedNeed = fullNeed;
                break;
            }
            wire.remove(at);
            done++;
            at = wire.peek();
        }
        return done;
    }

    private boolean fromWire(ByteBuffer b, int offset, int length) {
        if (!on) {
            return true; // the MAC is off: nobody hears the frame
        }
        info.layer2(b, offset);
        int octets = length + IntelCore.FCS;
        if (octets > longest(info) || length > core.maxTransmit()) {
            statistics.arrived(info, octets);
            statistics.tooLong();
            return true;
        }
        long chosen = fabric.fromWire(info);
        long pools = admit(chosen, info, octets);
        if (!deliver(b, offset, length, info, pools, false)) {
            return false;
        }
        statistics.arrived(info, octets);
        if (pools != 0) {
            statistics.received(info, octets);
        } else if (chosen != 0) {
            statistics.tooLong();
        }
        return true;
    }

    /**
     * Puts a frame into the rings of its pools.
     *
     * @return false if one of them has to wait; nothing happened then
     */
    boolean deliver(ByteBuffer b, int offset, int length, FrameInfo f, long pools, boolean looped) {
        if (pools == 0) {
            return true;
        }
        if (held) {
            full = null;
            return false;
        }
        f.upperLayers(b, offset, offset + length);
        if (hashes(looped)) {
            rss.compute(f.headers);
        } else {
            rss.none();
        }
        if (!choose(pools, length)) {
            return false;
        }
        for (int i = 0; i < drops; i++) {
            statistics.queueDrop(dropped[i]); // not before: a frame that waits is looked at again
        }
        for (int i = 0; i < count; i++) {
            RxQueue q = targets[i];
            try {
                write(q, b, offset, length, f, looped);
                statistics.delivered(q.index, f, length + IntelCore.FCS, looped);
                if (!q.indicated) {
                    q.indicated = true;
                    indicated[indications++] = q;
                }
            } catch (DmaFault e) {
                statistics.queueDrop(q.index); // its function is stopped; the others get their copy
            }
        }
        return true;
    }

    private boolean choose(long pools, int length) {
        count = 0;
        drops = 0;
        for (long left = pools; left != 0; left &= left - 1) {
            int pool = Long.numberOfTrailingZeros(left);
            RxQueue q = core.rx[queueOf(pool)];
            if (!q.isOpen()) {
                dropped[drops++] = q.index;
                continue;
            }
            int need = length + 4 <= q.bufferSize ? 1 : (length + 4 + q.bufferSize - 1) / q.bufferSize;
            if (q.hasFree(need)) {
                targets[count++] = q;
            } else if (q.dropsWhenFull()) {
                dropped[drops++] = q.index;
            } else {
                full = q;
                fullNeed = need;
                return false;
            }
        }
        return true;
    }

    private void write(RxQueue q, ByteBuffer b, int offset, int length, FrameInfo f, boolean looped) {
        boolean strip = f.tagged && strips(q, f);
        boolean keepCrc = keepsFcs(q, f);
        long status = checkStatus(f) | (looped ? AdvancedRxDescriptor.LB : 0);
        int vlan = 0;
        if (strip && !hidesTag(q)) {
            status |= AdvancedRxDescriptor.VP;
            vlan = f.tci;
        }
        long q0 = AdvancedRxDescriptor.writeBack0(hashWord ? rss.hash : fragmentWord(f), f.packetType, rss.type);
        if (strip || keepCrc) {
            int shorter = rebuild(b, offset, length, strip, keepCrc);
            scatter(q, scratch, 0, shorter, q0, status, vlan);
        } else {
            scatter(q, b, offset, length, q0, status, vlan);
        }
    }

    private int rebuild(ByteBuffer b, int offset, int length, boolean strip, boolean keepCrc) {
        int n = length;
        scratch.put(0, b, offset, length);
        if (strip) {
            scratch.put(12, b, offset + 16, length - 16);
            n -= 4;
        }
        if (keepCrc) {
            crc.reset();
            crc.update(scratch.limit(n).position(0));
            scratch.clear();
            scratch.putInt(n, (int) crc.getValue());
            n += IntelCore.FCS;
        }
        return n;
    }

    /** One-buffer format: as many descriptors as the frame needs, EOP and all that is known of it in the last. */
    private void scatter(RxQueue q, ByteBuffer b, int offset, int length, long q0, long status, int vlan) {
        int at = 0;
        int head = q.head;
        q.look(turn);
        while (at < length) {
            long descriptor = q.base + (long) head * AdvancedRxDescriptor.SIZE;
            int chunk = Math.min(q.bufferSize, length - at);
            PhysicalMemory memory = q.descriptor(descriptor, IommuDomain.READ);
            long buffer = memory.getLong(descriptor);
            if ((memory.getLong(descriptor + 8) & AdvancedRxDescriptor.DD) != 0) {
                core.violation(q.index, "receive descriptor " + head + " of queue " + q.index
                        + " was posted with bit 0 of its second word set");
            }
            q.port.write(buffer & ~1L, b, offset + at, chunk);
            at += chunk;
            boolean last = at == length;
            memory = q.descriptor(descriptor, IommuDomain.WRITE);
            memory.putLong(descriptor, last ? q0 : 0);
            // Release: who sees DD and the length sees the payload and the first word.
            memory.putLongRelease(descriptor + 8, AdvancedRxDescriptor.writeBack1(
                    last ? status | AdvancedRxDescriptor.DD | AdvancedRxDescriptor.EOP : AdvancedRxDescriptor.DD,
                    chunk, last ? vlan : 0));
            head = head + 1 == q.size ? 0 : head + 1;
        }
        q.head = head;
        regs.put(slots.rdh + q.index, head);
    }
}
