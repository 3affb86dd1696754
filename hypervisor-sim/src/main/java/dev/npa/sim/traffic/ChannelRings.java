package dev.npa.sim.traffic;

import dev.npa.hw.PhysicalMemory;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The two rings of one enabling of the workload channel, docs/workload-channel.md, from the device's side: producer of
 * the send ring, consumer of the receive ring. Counters of an earlier enabling can never be mixed with them.
 *
 * <p>What a guest writes is checked before it is used: a counter that cannot be stops its ring, a record that cannot be
 * drops all that the guest had produced up to then, and each is said once. {@link #send} has one calling thread,
 * {@link #receive} has one.
 */
final class ChannelRings {

    static final int SEND_TAIL = 0x00;
    static final int SEND_HEAD = 0x40;
    static final int RECEIVE_TAIL = 0x80;
    static final int RECEIVE_HEAD = 0xC0;
    /** Bytes of counters before the slots. */
    static final int AREA_HEADER = 256;

    private static final int RX_BITS = 0x1FFF_0000;

    private final PhysicalMemory memory;
    private final long base;
    private final int slots;
    private final int slotBytes;
    private final int maxFrame;
    private final Consumer<String> violation;
    private final int wakeAt;
    private int sendTail;
    private int receiveHead;
    private int receivePeak;
    private boolean sendBroken;
    private boolean receiveBroken;
    private boolean woken;

    /** @param violation takes a sentence for each thing that the guest does wrong */
    ChannelRings(PhysicalMemory memory, long base, int slots, int slotBytes, int maxFrame,
            Consumer<String> violation) {
        this.memory = memory;
        this.base = base;
        this.slots = slots;
        this.slotBytes = slotBytes;
        this.maxFrame = maxFrame;
        this.violation = violation;
        // A guest that finds no room for its longest record has at least this much of the ring in use.
        this.wakeAt = Math.max(0, Math.min(slots / 2, slots - 2 * slotsOf(maxFrame) + 1));
    }

    private int slotsOf(int length) {
        return (ChannelRecord.HEADER + length + slotBytes - 1) / slotBytes;
    }

    /** Slots that a record takes when it is the next one, those left out at the end of the ring included. */
    private int slotsAt(int at, int need) {
        return at + need <= slots ? need : slots - at + need;
    }

    boolean canSend(int length) {
        return length >= Ether.HEADER && length <= maxFrame
                && slotsAt(sendTail & slots - 1, slotsOf(length)) <= slots - sendUsed();
    }

    boolean send(ByteBuffer source, int offset, int length, int flags, long offload, int queue) {
        if (!canSend(length)) {
            return false;
        }
        int at = sendTail & slots - 1;
        int need = slotsOf(length);
        int taken = slotsAt(at, need);
        if (taken != need) {
            memory.putInt(slot(at), ChannelRecord.SKIP);
            at = 0;
        }
        long record = slot(at);
        memory.putInt(record + ChannelRecord.LENGTH, length);
        memory.putInt(record + ChannelRecord.FLAGS, flags);
        memory.putLong(record + ChannelRecord.OFFLOAD, offload);
        memory.putInt(record + ChannelRecord.LRO, 0);
        memory.putInt(record + ChannelRecord.QUEUE, queue & 0xFFFF);
        memory.putLong(record + ChannelRecord.QUEUE + 4, 0);
        memory.copyFrom(record + ChannelRecord.HEADER, source, offset, length);
        sendTail += taken;
        // Release: the guest that sees the new tail sees the record, and the mark before it.
        memory.putIntRelease(base + SEND_TAIL, sendTail);
        return true;
    }

    private long slot(int index) {
        return base + AREA_HEADER + (long) index * slotBytes;
    }

    /** Slots of the send ring in use. */
    int sendUsed() {
        int used = sendTail - memory.getIntAcquire(base + SEND_HEAD);
        if (used < 0 || used > slots) {
            if (!sendBroken) {
                sendBroken = true;
                violation.accept("sendHead is " + used + " slots behind sendTail in a ring of " + slots);
            }
            return slots;
        }
        return used;
    }

    /** Slots of the receive ring that the device has not taken. */
    int receiveUsed() {
        int used = memory.getIntAcquire(base + RECEIVE_TAIL) - receiveHead;
        if (used < 0 || used > slots) {
            if (!receiveBroken) {
                receiveBroken = true;
                violation.accept("receiveTail is " + used + " slots ahead of receiveHead in a ring of " + slots);
            }
            return 0;
        }
        return used;
    }

    /** Takes the oldest record; the frame's length, or -1 when there is none. */
    int receive(ByteBuffer target, int offset, ChannelRecord info) {
        int used = receiveUsed();
        if (used == 0) {
            return -1;
        }
        receivePeak = Math.max(receivePeak, used);
        int at = receiveHead & slots - 1;
        int length = memory.getInt(slot(slots + at));
        int skipped = 0;
        if (length == ChannelRecord.SKIP) {
            skipped = slots - at;
            if (at == 0 || skipped >= used) {
                return malformed(at, used, "says skip, but no record follows in slot 0");
            }
            at = 0;
            length = memory.getInt(slot(slots));
        }
        if (length < Ether.HEADER || length > maxFrame) {
            return malformed(at, used, "has length " + length + "; the guest must write " + Ether.HEADER + ".."
                    + maxFrame);
        }
        int need = slotsOf(length);
        if (at + need > slots || skipped + need > used) {
            return malformed(at, used, "has length " + length + ", which takes " + need + " slots; the ring holds "
                    + Math.min(slots - at, used - skipped) + " from there");
        }
        take(at, length, target, offset, info);
        consume(used, skipped + need);
        return length;
    }

    private void take(int at, int length, ByteBuffer target, int offset, ChannelRecord info) {
        long record = slot(slots + at);
        int flags = memory.getInt(record + ChannelRecord.FLAGS);
        if ((flags & ~RX_BITS) != 0) {
            violation.accept("receive slot " + at + " has flags 0x" + Integer.toHexString(flags)
                    + "; only RX bits of PacketFlags say something of a received frame");
        }
        info.set(flags, memory.getLong(record + ChannelRecord.OFFLOAD), memory.getInt(record + ChannelRecord.LRO),
                memory.getInt(record + ChannelRecord.QUEUE) & 0xFFFF);
        memory.copyTo(record + ChannelRecord.HEADER, target, offset, length);
    }

    /** Where the next record would begin is unknown now: everything produced so far is dropped. */
    private int malformed(int at, int used, String what) {
        violation.accept("receive slot " + at + " " + what + "; " + used + " slots are dropped");
        consume(used, used);
        return -1;
    }

    private void consume(int used, int taken) {
        receiveHead += taken;
        // Release: the slots were read before the guest may write them again.
        memory.putIntRelease(base + RECEIVE_HEAD, receiveHead);
        if (receivePeak > wakeAt && used - taken <= wakeAt) {
            receivePeak = 0;
            woken = true;
        }
    }

    /** Whether the receive ring got room, since the last call, that the guest may wait for. */
    boolean takeWoken() {
        boolean was = woken;
        woken = false;
        return was;
    }
}
