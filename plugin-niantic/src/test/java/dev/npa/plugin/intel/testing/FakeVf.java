package dev.npa.plugin.intel.testing;

import dev.npa.hw.PhysicalMemory;
import dev.npa.hw.RegisterWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A VF of an 82599 or 82576 as far as a data path sees it, written from the fact sheets: registers, the
 * walk over transmit descriptors, receive write-back, vectors. The embedded switch is a list.
 */
public final class FakeVf implements RegisterWindow {

    /** A packet as the device took it off a ring. */
    public record Sent(int queue, byte[] bytes, long contextQ0, long contextQ1, long firstQ1) {}

    private static final int ENABLE = 1 << 25;
    private static final long RS = 1L << 27;

    private final VfMap map;

    public final List<Sent> sent = new ArrayList<>();
    public final List<String> writes = new ArrayList<>();
    public final Map<Integer, Integer> registers = new HashMap<>();
    private final long[][][] contexts = new long[8][2][2];
    private final byte[][] partial = new byte[8][0];
    private final long[] firstQ1 = new long[8];
    private PhysicalMemory memory;
    /** PFVFTE: nothing is read while it is off. */
    public boolean transmitAllowed = true;
    /** Never confirms ENABLE while set. */
    public boolean deadQueues;
    /** Queues that the VF really has; the registers of others ignore ENABLE. */
    public int liveQueues = Integer.MAX_VALUE;
    /** Never lets go of ENABLE while set. */
    public boolean stuckQueues;
    /** Reset does not clear what is stuck. */
    public boolean stuckForever;
    /** Value of VFMAILBOX; read clears RSTD. */
    public int mailbox;
    public int contextDescriptors;
    /** Descriptors with RS that were taken. */
    public int reports;
    public int messages;
    private int mask;
    private int causes;

    public FakeVf(VfMap map) {
        this.map = map;
    }

    public void memory(PhysicalMemory physical) {
        memory = physical;
    }

    @Override
    public int length() {
        return 0x4000;
    }

    @Override
    public int read32(int offset) {
        if (offset == map.mailbox()) {
            int value = mailbox;
            mailbox &= ~0xB0;
            return value;
        }
        if (offset == map.cause()) {
            int value = causes;
            causes = 0;
            return value;
        }
        return offset == map.maskSet() ? mask : reg(offset);
    }

    @Override
    public void write32(int offset, int value) {
        writes.add(String.format("%04x=%08x", offset, value));
        if (offset == 0 && (value & 1 << 26) != 0) {
            reset();
        } else if (offset == map.maskSet()) {
            mask |= value;
            send();
        } else if (offset == map.maskClear()) {
            mask &= ~value;
        } else if (map.isDctl(offset)) {
            boolean was = (reg(offset) & ENABLE) != 0;
            int kept = deadQueues || map.queueOf(offset) >= liveQueues ? value & ~ENABLE : stuckQueues && was ? value | ENABLE : value;
            registers.put(offset, kept);
        } else {
            requireReport(offset, value);
            registers.put(offset, value);
        }
    }

    /** What is given to the device ends with a descriptor that asks for a report: nobody would hear of it else. */
    private void requireReport(int offset, int tail) {
        for (int q = 0; q < map.queues(); q++) {
            int base = map.tx(q);
            if (offset == base + 0x18 && (reg(base + 0x28) & ENABLE) != 0) {
                int size = reg(base + 8) / 16;
                long last = memory.getLong(address(base) + 16L * ((tail + size - 1) % size) + 8);
                if ((last & RS) == 0) {
                    throw new IllegalStateException("tail " + tail + " behind a descriptor without RS");
                }
            }
        }
    }

    private void reset() {
        registers.keySet().removeIf(r -> map.isDctl(r) && !stuckForever);
        mask = 0;
        causes = 0;
    }

    private int reg(int offset) {
        return registers.getOrDefault(offset, 0);
    }

    private long address(int base) {
        return Integer.toUnsignedLong(reg(base)) | (long) reg(base + 4) << 32;
    }

    /** A cause for a vector. */
    public void raise(int vector) {
        causes |= 1 << vector;
        send();
    }

    private void send() {
        for (int v = 0; v < 3; v++) {
            int bit = 1 << v;
            if ((causes & mask & bit) != 0) {
                messages++;
                causes &= ~(bit & reg(map.autoClear()));
                mask &= ~(bit & reg(map.autoMask()));
            }
        }
    }

    /** Takes at most {@code budget} descriptors of each transmit ring. */
    public void transmit(int budget) {
        for (int q = 0; q < map.queues(); q++) {
            int base = map.tx(q);
            if (!transmitAllowed || (reg(base + 0x28) & ENABLE) == 0) {
                continue;
            }
            int size = reg(base + 8) / 16;
            int head = reg(base + 0x10);
            for (int i = 0; i < budget && head != reg(base + 0x18); i++) {
                boolean report = descriptor(q, address(base) + 16L * head, (reg(base + 0x38) & 1) == 0);
                head = (head + 1) % size;
                if (report && (reg(base + 0x38) & 1) != 0) {
                    memory.putInt(address(base + 0x38) & ~3L, head);
                }
            }
            registers.put(base + 0x10, head);
        }
    }

    /** Takes a descriptor; returns whether it asked for a report. */
    private boolean descriptor(int q, long at, boolean writeBack) {
        long q0 = memory.getLong(at);
        long q1 = memory.getLong(at + 8);
        int type = (int) (q1 >>> 20) & 15;
        if ((q1 >>> 29 & 1) == 0 || type != 2 && type != 3) {
            throw new IllegalStateException("bad descriptor " + Long.toHexString(q1));
        }
        if (type == 2) {
            contexts[q][(int) (q1 >>> 36) & 1] = new long[] {q0, q1};
            contextDescriptors++;
            return false;
        }
        if (partial[q].length == 0) {
            firstQ1[q] = q1;
        }
        int length = (int) q1 & 0xFFFF;
        int had = partial[q].length;
        partial[q] = Arrays.copyOf(partial[q], had + length);
        memory.copyTo(q0, partial[q], had, length);
        boolean eop = (q1 >>> 24 & 1) != 0;
        boolean rs = (q1 & RS) != 0;
        if (rs && !eop) {
            throw new IllegalStateException("RS without EOP");
        }
        reports += rs ? 1 : 0;
        if (eop) {
            long[] context = contexts[q][(int) (firstQ1[q] >>> 36) & 1];
            sent.add(new Sent(q, partial[q], context[0], context[1], firstQ1[q]));
            partial[q] = new byte[0];
        }
        if (rs && writeBack) {
            memory.putLong(at, -1);
            memory.putLong(at + 8, 1L << 32);
        }
        return rs;
    }

    /** Receives a frame whole. See {@link #receivePart}. */
    public boolean receive(int q, byte[] frame, long q0, long status) {
        int buffer = (reg(map.rx(q) + map.srrctl()) & 0x1F) * 1024;
        int needed = (frame.length + buffer - 1) / buffer;
        return available(q) >= needed && receivePart(q, frame, 0, frame.length, q0, status);
    }

    /** Descriptors that the device owns. */
    public int available(int q) {
        int base = map.rx(q);
        if ((reg(base + 0x28) & ENABLE) == 0) {
            return 0;
        }
        int size = reg(base + 8) / 16;
        return (reg(base + 0x18) - reg(base + 0x10) + size) % size;
    }

    /**
     * Writes bytes {@code [from, to)} of a frame into descriptors; EOP, status, hash and type go into the descriptor
     * of the last byte.
     */
    public boolean receivePart(int q, byte[] frame, int from, int to, long q0, long status) {
        int base = map.rx(q);
        int buffer = (reg(base + map.srrctl()) & 0x1F) * 1024;
        int size = reg(base + 8) / 16;
        for (int at = from; at < to; at += buffer) {
            if (available(q) == 0) {
                return false;
            }
            int head = reg(base + 0x10);
            long descriptor = address(base) + 16L * head;
            int length = Math.min(buffer, to - at);
            memory.copyFrom(memory.getLong(descriptor), frame, at, length);
            boolean last = at + length == frame.length;
            memory.putLong(descriptor, last ? q0 : 0);
            memory.putLong(descriptor + 8, (long) length << 32 | 1 | (last ? 2 | status : 0));
            registers.put(base + 0x10, (head + 1) % size);
        }
        return true;
    }

    /** Writes to a register so far. */
    public long count(int offset) {
        String prefix = String.format("%04x=", offset);
        return writes.stream().filter(w -> w.startsWith(prefix)).count();
    }
}
