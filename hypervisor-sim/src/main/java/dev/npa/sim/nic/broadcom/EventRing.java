package dev.npa.sim.nic.broadcom;

import dev.npa.sim.machine.DmaFault;
import java.util.ArrayDeque;

/**
 * Event ring and slow-path status block of one PF, 57712 §8.5. An event that finds no free element waits until the
 * driver gives some back. Used under the path's lock.
 */
final class EventRing {

    static final int VF_PF_CHANNEL = 0;
    static final int FUNCTION_START = 1;
    static final int FUNCTION_STOP = 2;
    static final int CFC_DEL = 3;
    static final int STAT_QUERY = 5;
    static final int VF_FLR = 8;
    static final int MALICIOUS_VF = 9;
    static final int RSS_UPDATE = 11;
    static final int FUNCTION_UPDATE = 12;
    static final int CLASSIFICATION = 15;
    static final int FILTERS = 16;
    static final int MULTICAST = 17;

    private static final int ELEMENTS = 256;
    private static final int INDICES = 16;

    private record Event(int head, int data0, int data1, int data2) {}

    private final Path path;
    private final Igu igu;
    private final int pf;
    private final ArrayDeque<Event> pending = new ArrayDeque<>();
    private final int[] values = new int[INDICES];
    private int written;
    private int running;
    private int attention;

    EventRing(Path path, Igu igu, int pf) {
        this.path = path;
        this.igu = igu;
        this.pf = pf;
    }

    void reset() {
        pending.clear();
        restartRing();
        restartBlock();
        attention = 0;
    }

    /** The ring's base was written. */
    void restartRing() {
        written = 0;
    }

    /** The status block's address was written. */
    void restartBlock() {
        java.util.Arrays.fill(values, 0);
        running = 0;
    }

    void post(int opcode, int error, int data0) {
        post(opcode, error, data0, 0, 0);
    }

    void post(int opcode, int error, int data0, int data1, int data2) {
        pending.add(new Event(opcode | error << 8, data0, data1, data2));
        deliver();
    }

    /** Bit 0 of the attention bits changes: the link did. */
    void linkChanged() {
        attention ^= 1;
        publish(-1);
    }

    /** Writes events as long as there are elements. */
    void deliver() {
        Func f = path.functions[pf];
        int ring = StormRam.eventRing(pf);
        long base = path.ram.quad(StormRam.CSTORM, ring);
        if (pending.isEmpty() || base == 0 || f.port == null || !f.port.isReady()) {
            return;
        }
        int producer = path.ram.word(StormRam.CSTORM, ring + 8) & 0xFFFF;
        int before = written;
        try {
            while (!pending.isEmpty() && hasRoom(producer)) {
                Event e = pending.poll();
                if ((written & ELEMENTS - 1) == ELEMENTS - 1) {
                    written = written + 1 & 0xFFFF; // the next-page element
                }
                long at = base + 16L * (written & ELEMENTS - 1);
                f.port.writeLong(at + 8, Integer.toUnsignedLong(e.data1) | (long) e.data2 << 32);
                f.port.writeLongRelease(at, Integer.toUnsignedLong(e.head) | (long) e.data0 << 32);
                written = written + 1 & 0xFFFF;
            }
        } catch (DmaFault fault) {
            return; // recorded; the function is stopped
        }
        if (written != before) {
            int index = path.ram.octet(StormRam.CSTORM, ring + 11) & INDICES - 1;
            values[index] = written;
            publish(index);
        }
    }

    private boolean hasRoom(int producer) {
        int free = producer - written & 0xFFFF;
        return free > ((written & ELEMENTS - 1) == ELEMENTS - 1 ? 1 : 0) && free <= ELEMENTS;
    }

    private void publish(int index) {
        Func f = path.functions[pf];
        long at = path.ram.quad(StormRam.CSTORM, StormRam.C_SP_SB + 16 * pf);
        if (at == 0 || f.port == null || !f.port.isReady()) {
            return;
        }
        running = running + 1 & 0xFFFF;
        try {
            f.port.writeIntRelease(at, attention);
            if (index >= 0) {
                int even = index & ~1;
                f.port.writeIntRelease(at + 16 + 2 * even, values[even] | values[even + 1] << 16);
            }
            f.port.writeIntRelease(at + 8, running);
        } catch (DmaFault fault) {
            return;
        }
        igu.produce(pf, running);
    }
}
