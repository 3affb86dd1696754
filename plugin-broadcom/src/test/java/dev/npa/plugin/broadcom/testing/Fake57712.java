package dev.npa.plugin.broadcom.testing;

import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A VF of a 57712 as far as a driver sees it, written from the fact sheet with numbers of its own: mailbox, walk over
 * transmit descriptors, completions, status blocks, IGU. The embedded switch is a list.
 */
public final class Fake57712 implements RegisterWindow {

    /** A packet as the device took it off a ring. */
    public record Sent(int queue, byte[] bytes, long startQ1, long parse0, long parse1, List<Long> dataQ1) {}

    public final List<Sent> sent = new ArrayList<>();
    public final List<String> writes = new ArrayList<>();
    public final List<Integer> messages = new ArrayList<>();
    final FakeQueue[] queues = new FakeQueue[16];
    final long[] blocks = new long[16];
    final FakePf pf = new FakePf();
    long statistics;
    int statisticsStride;
    /** ME register: VF 5, valid. */
    public int me = 0xB00;
    private final int[] running = new int[16];
    private final int[] acknowledged = new int[16];
    private final boolean[] enabled = new boolean[16];
    private final boolean[] told = new boolean[16];
    private PhysicalMemory memory;

    public void memory(PhysicalMemory physical) {
        memory = physical;
        pf.connect(physical, this);
    }

    @Override
    public int length() {
        return 0x8000;
    }

    @Override
    public int read32(int offset) {
        if (offset >= 0x7C00 && offset < 0x7E00) {
            return me;
        }
        throw new IllegalStateException("read of 0x" + Integer.toHexString(offset));
    }

    private long message;

    @Override
    public void write32(int offset, int value) {
        writes.add(String.format("%04x=%08x", offset, value));
        if (offset == 0x7600) {
            message = message & 0xFFFF_FFFF_0000_0000L | value & 0xFFFF_FFFFL;
        } else if (offset == 0x7604) {
            message = message & 0xFFFF_FFFFL | (long) value << 32;
        } else if (offset == 0x7608) {
            if (me != -1) {
                pf.trigger(message);
            }
        } else if (offset >= 0x7C00) {
            doorbell((offset - 0x7C00) / pf.doorbellBytes, value);
        } else if (offset >= 0x3000 && offset < 0x4100) {
            producers((offset - 0x3000) / 32 - FakePf.FIRST_ZONE, offset % 32, value);
        } else if (offset >= 0x2000 && offset < 0x2800) {
            igu((offset - 0x2000) / 8 - FakePf.FIRST_BLOCK, value);
        } else {
            throw new IllegalStateException("write of 0x" + Integer.toHexString(offset));
        }
    }

    private void doorbell(int q, int value) {
        if ((value & 0xFFFF) != 2 || queues[q] == null) {
            throw new IllegalStateException("bad doorbell of queue " + q + ": " + Integer.toHexString(value));
        }
        queues[q].txProducer = value >>> 16;
    }

    private void producers(int q, int word, int value) {
        if (queues[q] == null) {
            throw new IllegalStateException("producers of queue " + q + ", which is not set up");
        }
        if (word == 0) {
            queues[q].cqeProducer = value & 0xFFFF;
            queues[q].bdProducer = value >>> 16;
        } else {
            queues[q].sgeProducer = value;
        }
    }

    private void igu(int q, int value) {
        if ((value & 1 << 24) != 0) {
            acknowledged[q] = value & 0xFFFFF;
        }
        int command = value >>> 25 & 3;
        if (command < 2) {
            enabled[q] = command == 0;
            told[q] = false;
        }
        tell(q);
    }

    public boolean isEnabled(int q) {
        return enabled[q];
    }

    private void tell(int q) {
        if (enabled[q] && !told[q] && running[q] != acknowledged[q]) {
            told[q] = true;
            messages.add(q);
        }
    }

    private void update(int q, int index, int value) {
        memory.putShort(blocks[q] + 2L * index, (short) value);
        running[q] = running[q] + 1 & 0xFFFF;
        memory.putShort(blocks[q] + 16, (short) running[q]);
        memory.putShort(blocks[q] + 18, (short) running[q]);
        tell(q);
    }

    /** Whether a queue is set up. */
    public boolean isUp(int q) {
        return queues[q] != null;
    }

    /** Sends at most {@code budget} packets of each queue. */
    public void transmit(int budget) {
        for (int q = 0; q < 16; q++) {
            FakeQueue queue = queues[q];
            for (int n = 0; queue != null && n < budget && queue.txConsumer != queue.txProducer; n++) {
                packet(q, queue);
                update(q, 5, ++queue.txPackets);
            }
        }
    }

    private void packet(int q, FakeQueue queue) {
        long start = next(queue);
        long q1 = memory.getLong(start + 8);
        if ((q1 >>> 52 & 1) == 0 || q1 >>> 56 != 1) {
            throw new IllegalStateException("no start descriptor: " + Long.toHexString(q1));
        }
        byte[] bytes = append(new byte[0], start, q1);
        long parse = next(queue);
        List<Long> data = new ArrayList<>();
        for (int i = 2; i < (q1 & 0xFFFF); i++) {
            long bd = next(queue);
            data.add(memory.getLong(bd + 8));
            bytes = append(bytes, bd, memory.getLong(bd + 8));
        }
        sent.add(new Sent(q, bytes, q1, memory.getLong(parse), memory.getLong(parse + 8), data));
    }

    private long next(FakeQueue queue) {
        if (queue.txConsumer == queue.txProducer) {
            throw new IllegalStateException("a packet goes beyond the producer");
        }
        long bd = queue.tx.address(queue.txConsumer);
        queue.txConsumer = queue.tx.settle(queue.txConsumer + 1);
        return bd;
    }

    private byte[] append(byte[] to, long bd, long q1) {
        int length = (int) (q1 >>> 16) & 0xFFFF;
        byte[] all = Arrays.copyOf(to, to.length + length);
        memory.copyTo(memory.getLong(bd), all, to.length, length);
        return all;
    }

    public int buffersPosted(int q) {
        return queues[q].rx.available(queues[q].bdProducer, queues[q].bdConsumer);
    }

    /** Receives a frame without results. */
    public boolean receive(int q, byte[] frame) {
        return receive(q, frame, 0, 0, 0, 0);
    }

    /** Receives a frame; false if the driver has no buffer or completion for it. */
    public boolean receive(int q, byte[] frame, int typeAndStatus, int hash, int vlan, int parsing) {
        FakeQueue queue = queues[q];
        int onBd = Math.min(frame.length, queue.bufferBytes - 2);
        if (!hasRoom(queue, frame.length - onBd, true)) {
            return false;
        }
        byte[] cqe = place(queue, frame, onBd, typeAndStatus, hash, vlan, parsing);
        sges(queue, frame, onBd, cqe);
        complete(q, cqe);
        return true;
    }

    /** Begins an aggregation with the first segment's frame. */
    public boolean start(int q, int bin, byte[] frame, int parsing) {
        FakeQueue queue = queues[q];
        if (!hasRoom(queue, 0, true)) {
            return false;
        }
        byte[] cqe = place(queue, frame, frame.length, 2, 0, 0, parsing);
        cqe[2] = (byte) bin;
        complete(q, cqe);
        return true;
    }

    /** Ends an aggregation whose whole frame is {@code all}, {@code onBd} bytes of which came with the start. */
    public boolean stop(int q, int bin, byte[] all, int onBd, int segments) {
        FakeQueue queue = queues[q];
        if (!hasRoom(queue, all.length - onBd, false)) {
            return false;
        }
        byte[] cqe = new byte[64];
        cqe[0] = 3;
        cqe[2] = (byte) bin;
        put16(cqe, 8, segments);
        put16(cqe, 10, all.length);
        sges(queue, all, onBd, cqe);
        complete(q, cqe);
        return true;
    }

    private boolean hasRoom(FakeQueue queue, int beyond, boolean bd) {
        int sges = beyond == 0 ? 0 : (beyond + queue.sgeBytes - 1) / queue.sgeBytes;
        if (sges > queue.maxSges) {
            throw new IllegalStateException(sges + " SGEs needed, " + queue.maxSges + " allowed");
        }
        return (!bd || queue.rx.available(queue.bdProducer, queue.bdConsumer) > 0)
                && queue.rcq.available(queue.cqeProducer, queue.cqe) > 0
                // two numbers more where the SGEs cross a page
                && (sges == 0 || queue.sge.available(queue.sgeProducer, queue.sgeConsumer) >= sges + 2);
    }

    private byte[] place(FakeQueue queue, byte[] frame, int onBd, int typeAndStatus, int hash, int vlan, int parsing) {
        long buffer = memory.getLong(queue.rx.address(queue.bdConsumer));
        memory.copyFrom(buffer + 2, frame, 0, onBd);
        queue.bdConsumer = queue.rx.settle(queue.bdConsumer + 1);
        byte[] cqe = new byte[64];
        put16(cqe, 0, typeAndStatus);
        cqe[3] = 2;
        put16(cqe, 4, hash);
        put16(cqe, 6, hash >>> 16);
        put16(cqe, 8, vlan);
        put16(cqe, 10, frame.length);
        put16(cqe, 12, onBd);
        put16(cqe, 14, parsing);
        return cqe;
    }

    private void sges(FakeQueue queue, byte[] frame, int from, byte[] cqe) {
        for (int at = from, i = 0; at < frame.length; at += queue.sgeBytes, i++) {
            long buffer = memory.getLong(queue.sge.address(queue.sgeConsumer));
            memory.copyFrom(buffer, frame, at, Math.min(queue.sgeBytes, frame.length - at));
            put16(cqe, 16 + 2 * i, queue.sgeConsumer & queue.sge.entries() - 1);
            queue.sgeConsumer = queue.sge.settle(queue.sgeConsumer + 1);
        }
    }

    /** Writes a completion, which may make no sense. */
    public void complete(int q, byte[] cqe) {
        FakeQueue queue = queues[q];
        long at = queue.rcq.address(queue.cqe);
        memory.copyFrom(at, cqe, 0, 60);
        memory.putIntRelease(at + 60, 0);
        int rests = queue.cqe + 1 & 0xFFFF; // may be a page link: what is told, §6.1
        queue.cqe = queue.rcq.settle(rests);
        update(q, 1, rests);
    }

    public static void put16(byte[] to, int at, int value) {
        to[at] = (byte) value;
        to[at + 1] = (byte) (value >>> 8);
    }

    /** Overwrites the receive index of a queue's status block. */
    public void rxIndex(int q, int value) {
        memory.putShort(blocks[q] + 2, (short) value);
    }

    /** Overwrites the transmit index of a queue's status block. */
    public void txIndex(int q, int value) {
        memory.putShort(blocks[q] + 10, (short) value);
    }

    /** Writes to the statistics of a queue. */
    public void statistics(int q, int offset, long value, boolean wide) {
        long at = statistics + (long) statisticsStride * q + offset;
        if (wide) {
            memory.putLong(at, value);
        } else {
            memory.putInt(at, (int) value);
        }
    }

    /** Lets the PF driver answer. */
    public void pf() {
        pf.run();
    }

    public List<byte[]> requests() {
        return pf.requests;
    }

    /** Types of the requests so far. */
    public List<Integer> requestTypes() {
        return pf.requests.stream().map(r -> (int) r[0]).toList();
    }

    /** The PF driver answers requests of this type with this status from now on. */
    public void answer(int type, int status) {
        pf.answers.put(type, status);
    }

    public void grant(int pairs, int doorbellBytes) {
        pf.granted = pairs;
        pf.doorbellBytes = doorbellBytes;
    }

    public void silent(boolean silent) {
        pf.silent = silent;
    }

    /** Writes to a register so far. */
    public long count(int offset) {
        String prefix = String.format("%04x=", offset);
        return writes.stream().filter(w -> w.startsWith(prefix)).count();
    }
}
