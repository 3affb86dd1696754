package dev.npa.sim.nic.broadcom;

import dev.npa.hw.Clock;
import dev.npa.sim.machine.Violations;
import dev.npa.sim.net.Wire;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * What the parts of one path share: its lock, functions, clients, storm RAM, and the cells that drivers write without
 * the lock (RX producers, doorbells, zone permissions).
 *
 * <p>Everything is used under {@link #lock}, except the cells.
 */
final class Path {

    static final int MAX_PFS = 4;
    /** Virtual functions of a path, 57712 §1. */
    static final int VFS = 64;
    /** Firmware function id of the path's first VF, 57712 §1. */
    static final int FIRST_VF = 8;
    static final int FUNCTIONS = FIRST_VF + VFS;
    static final int CLIENTS = 152;
    /** Queue zones and IGU blocks. */
    static final int ZONES = 136;
    /** Connections of a function that have a doorbell. */
    static final int WINDOW = 16;
    /** First connection id of VFs, 57712 §8. */
    static final int VF_CIDS = 1024;
    /** Bytes of the frame check sequence. */
    static final int FCS = 4;

    final Object lock = new Object();
    final String name;
    final Clock clock;
    final Violations violations;
    final Wire.End wire;
    final int pfs;
    final StormRam ram = new StormRam();
    final Func[] functions = new Func[FUNCTIONS];
    final Client[] clients = new Client[CLIENTS];
    /** Those in state ACTIVE: whoever looks for work passes through these only. */
    final ClientSet active = new ClientSet();
    /** Client of each connection, by {@link #connection}; null while there is none. */
    final Client[] connections = new Client[FUNCTIONS * WINDOW];

    /** RX producers, two words a zone: CQE and BD, SGE. */
    final AtomicIntegerArray producers = new AtomicIntegerArray(2 * ZONES);
    /** Last doorbell of each connection. */
    final AtomicIntegerArray doorbells = new AtomicIntegerArray(FUNCTIONS * WINDOW);
    /** Whether a connection takes doorbells. */
    final AtomicIntegerArray listening = new AtomicIntegerArray(FUNCTIONS * WINDOW);
    /** PF register 0x103400: who may write a zone. */
    final AtomicIntegerArray zonePermission = new AtomicIntegerArray(ZONES);

    /** BRB RX hold, one bit a PF. */
    int hold;

    Path(String name, Clock clock, Violations violations, Wire.End wire, int pfs) {
        this.name = name;
        this.clock = clock;
        this.violations = violations;
        this.wire = wire;
        this.pfs = pfs;
        for (int pf = 0; pf < pfs; pf++) {
            functions[pf] = new Func(this, pf, pf);
        }
        for (int vf = 0; vf < pfs * vfsPerPf(); vf++) {
            functions[FIRST_VF + vf] = new Func(this, FIRST_VF + vf, vf / vfsPerPf());
        }
        for (int c = 0; c < CLIENTS; c++) {
            clients[c] = new Client(c, active);
        }
    }

    /** VFs of each PF: TotalVFs. */
    int vfsPerPf() {
        return pfs == 1 ? 64 : pfs == 2 ? 32 : 16;
    }

    int firstVf(int pf) {
        return pf * vfsPerPf();
    }

    /** Slot of a connection id as PF {@code pf} uses it in a ramrod; -1 if no function has it. */
    int connection(int pf, int cid) {
        if (cid < VF_CIDS) {
            return cid < WINDOW ? pf * WINDOW + cid : -1;
        }
        int vf = cid - VF_CIDS >> 4;
        return vf < VFS && functions[FIRST_VF + vf] != null && functions[FIRST_VF + vf].pf == pf
                ? (FIRST_VF + vf) * WINDOW + (cid & 15) : -1;
    }

    /** A function that exists on this path, or null. */
    Func function(int id) {
        return id >= 0 && id < FUNCTIONS ? functions[id] : null;
    }

    /** Whether frames may go into rings now. */
    boolean isHeld() {
        return hold != 0;
    }

    void violation(Func f, String what) {
        violations.record(f.name(), what);
    }
}
