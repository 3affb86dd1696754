package dev.npa.sim.nic.broadcom;

/**
 * The interrupt generation unit, 57712 §6.4: producer, consumer and enable of each status block, and the mapping of
 * blocks to vectors of functions. Used under the path's lock.
 */
final class Igu {

    /** First IGU address of consumer updates (interrupt acknowledge). */
    static final int ACK = 0x400;
    /** First IGU address of producer updates; the PF cleans blocks there too. */
    static final int PRODUCER = 0x500;

    private static final int UPDATE = 1 << 24;
    private static final int CLEANUP = 1 << 31;
    private static final int CMD_ENABLE = 0;
    private static final int CMD_DISABLE = 1;

    private final Path path;
    private final int[] cam = new int[Path.ZONES];
    private final int[] prod = new int[Path.ZONES];
    private final int[] cons = new int[Path.ZONES];
    private final boolean[] enabled = new boolean[Path.ZONES];
    private final boolean[] outstanding = new boolean[Path.ZONES];

    Igu(Path path) {
        this.path = path;
        reset();
    }

    /** Contents after power-on: each PF has its slow-path block and four for queues. */
    void reset() {
        for (int sb = 0; sb < Path.ZONES; sb++) {
            cam[sb] = 0;
            clean(sb);
        }
        for (int pf = 0; pf < path.pfs; pf++) {
            cam[pf] = 1 | (64 | pf) << 7;
            for (int i = 0; i < 4; i++) {
                cam[4 + 4 * pf + i] = 1 | 1 + i << 1 | (64 | pf) << 7;
            }
        }
    }

    int mapping(int sb) {
        return cam[sb];
    }

    void mapping(int sb, int entry) {
        cam[sb] = entry & 0xFFFFF;
    }

    /** Whether a block belongs to a function. */
    boolean owns(Func f, int sb) {
        return sb >= 0 && sb < Path.ZONES && (cam[sb] & 1) != 0 && (cam[sb] >>> 7 & 0x7F) == f.iguNumber();
    }

    /** The status block has a new running index. */
    void produce(int sb, int index) {
        prod[sb] = index & 0xFFFF;
        send(sb);
    }

    /** A write of the acknowledge word. Segments do not matter: there is one producer a block, 57712 §6.4. */
    void ack(int sb, int word) {
        if ((word & CLEANUP) != 0) {
            clean(sb);
            return;
        }
        int command = word >>> 25 & 3;
        if ((word & UPDATE) != 0) {
            cons[sb] = word & 0xFFFF;
            outstanding[sb] = false;
        }
        if (command == CMD_ENABLE) {
            enabled[sb] = true;
            outstanding[sb] = false;
        } else if (command == CMD_DISABLE) {
            enabled[sb] = false;
        }
        send(sb);
    }

    void clean(int sb) {
        prod[sb] = 0;
        cons[sb] = 0;
        enabled[sb] = false;
        outstanding[sb] = false;
    }

    /** A command through 0x130124 and 0x13012c: data, and IGU address, function and direction. */
    void command(Func by, int data, int control) {
        int address = control & 0xFFF;
        int sb = address - (address >= PRODUCER ? PRODUCER : ACK);
        int number = control >>> 12 & 0x7F;
        if (address < ACK || sb >= Path.ZONES || (control & 1 << 20) == 0) {
            path.violation(by, "IGU command 0x" + Integer.toHexString(control) + " is not a write to the address of a"
                    + " status block, 57712 §2");
        } else if ((cam[sb] >>> 7 & 0x7F) != number) {
            path.violation(by, "IGU command for status block " + sb + " names function " + number
                    + " but the mapping gives it to " + (cam[sb] >>> 7 & 0x7F));
        } else {
            ack(sb, data);
        }
    }

    /** The function's configuration register was written: messages may go now. */
    void configured(Func f) {
        for (int sb = 0; sb < Path.ZONES; sb++) {
            if (owns(f, sb)) {
                send(sb);
            }
        }
    }

    /** All blocks of a function forget what they know. */
    void clean(Func f) {
        for (int sb = 0; sb < Path.ZONES; sb++) {
            if (owns(f, sb)) {
                clean(sb);
            }
        }
    }

    private void send(int sb) {
        if (!enabled[sb] || outstanding[sb] || prod[sb] == cons[sb] || (cam[sb] & 1) == 0) {
            return;
        }
        int number = cam[sb] >>> 7 & 0x7F;
        Func f = path.function(number >= 64 ? number & 63 : Path.FIRST_VF + number);
        int vector = cam[sb] >>> 1 & 0x3F;
        if (f == null || f.msix == null || f.isVf() && (f.iguConfig & 3) != 3) {
            return;
        }
        if (vector >= f.msix.vectors()) {
            path.violation(f, "status block " + sb + " is mapped to vector " + vector + " but the function has "
                    + f.msix.vectors());
            return;
        }
        outstanding[sb] = true;
        f.msix.raise(vector);
    }
}
