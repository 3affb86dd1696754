package dev.npa.sim.nic.broadcom;

import dev.npa.sim.machine.DmaFault;
import dev.npa.sim.machine.DmaPort;
import dev.npa.sim.time.Component;
import java.util.Arrays;

/**
 * Fast-path status blocks, 57712 §6: completions set index values; the block is written to host memory with its running
 * index, and the IGU is told. Several completions of one turn make one write. Used under the path's lock.
 *
 * <p>Where a block is, whose it is and how long it waits stands in CSTORM RAM, 64 bytes a block.
 */
final class StatusBlocks {

    /** Unit of coalescing timeouts. */
    static final long TICK = 4_000;
    private static final int STATE_ENABLED = 1;
    private static final int HC_ENABLED = 2;
    private static final int STATE = 44;

    private final Path path;
    private final Igu igu;
    private final int[][] values = new int[Path.ZONES][8];
    private final int[] running = new int[Path.ZONES];
    private final long[] due = new long[Path.ZONES];
    private final int[] waiting = new int[Path.ZONES];
    private int waits;

    StatusBlocks(Path path, Igu igu) {
        this.path = path;
        this.igu = igu;
        Arrays.fill(due, Component.NEVER);
    }

    private static int data(int sb) {
        return StormRam.C_SB_DATA + 64 * sb;
    }

    /** A dword of status-block data was written; the one with the state starts the block anew. */
    void written(int offset) {
        int sb = offset - StormRam.C_SB_DATA >> 6;
        if (sb < Path.ZONES && (offset & 63) == STATE) {
            restart(sb);
        }
    }

    void restart(int sb) {
        Arrays.fill(values[sb], 0);
        running[sb] = 0;
        if (due[sb] != Component.NEVER) {
            cancel(sb);
        }
    }

    /** An index begins anew at 0 without telling the host, as when its queue is set up. */
    void restart(int sb, int index) {
        if (sb < Path.ZONES) {
            values[sb][index & 7] = 0;
        }
    }

    /** Whether the block is programmed: enabled and with an address. */
    boolean isEnabled(int sb) {
        return sb < Path.ZONES && path.ram.octet(StormRam.CSTORM, data(sb) + 46) == STATE_ENABLED
                && path.ram.quad(StormRam.CSTORM, data(sb) + 16) != 0;
    }

    /** An index has a new value; the host learns it with the next {@link #flush} or when its timer fires. */
    void complete(int sb, int index, int value, long now) {
        values[sb][index] = value & 0xFFFF;
        int entry = data(sb) + 2 * index;
        boolean coalesced = (path.ram.octet(StormRam.CSTORM, entry + 1) & HC_ENABLED) != 0;
        long at = coalesced ? now + path.ram.octet(StormRam.CSTORM, entry) * TICK : 0;
        if (due[sb] == Component.NEVER) {
            waiting[waits++] = sb;
        }
        due[sb] = Math.min(due[sb], at);
    }

    /** Writes what is due. */
    void flush(long now) {
        for (int i = 0; i < waits;) {
            int sb = waiting[i];
            if (due[sb] <= now) {
                due[sb] = Component.NEVER;
                waiting[i] = waiting[--waits];
                write(sb);
            } else {
                i++;
            }
        }
    }

    private void cancel(int sb) {
        due[sb] = Component.NEVER;
        for (int i = 0; i < waits; i++) {
            if (waiting[i] == sb) {
                waiting[i] = waiting[--waits];
                return;
            }
        }
    }

    /** When the next coalescing timer fires. */
    long nextEvent() {
        long at = Component.NEVER;
        for (int i = 0; i < waits; i++) {
            at = Math.min(at, due[waiting[i]]);
        }
        return at;
    }

    private void write(int sb) {
        Func f = owner(sb);
        if (!isEnabled(sb) || f == null || !f.isLive() || !f.port.isReady()) {
            return;
        }
        DmaPort port = f.port;
        long at = path.ram.quad(StormRam.CSTORM, data(sb) + 16);
        running[sb] = running[sb] + 1 & 0xFFFF;
        try {
            // Release: who sees an index sees what was completed; who sees the running index sees the indices.
            port.writeLongRelease(at, pack(values[sb], 0));
            port.writeLongRelease(at + 8, pack(values[sb], 4));
            port.writeIntRelease(at + 16, running[sb] | running[sb] << 16);
        } catch (DmaFault e) {
            return; // recorded; the function is stopped
        }
        int target = path.ram.octet(StormRam.CSTORM, data(sb) + 26); // igu_sb_id of the receive state machine
        if (igu.owns(f, target)) {
            igu.produce(target, running[sb]);
        } else {
            path.violation(f, "status block " + sb + " names IGU block " + target
                    + ", which the mapping does not give to this function");
        }
    }

    private Func owner(int sb) {
        int pf = path.ram.octet(StormRam.CSTORM, data(sb) + 40);
        int vf = path.ram.octet(StormRam.CSTORM, data(sb) + 42);
        boolean isVf = path.ram.octet(StormRam.CSTORM, data(sb) + 43) == 1;
        Func f = path.function(isVf ? Path.FIRST_VF + vf : pf);
        return f != null && f.pf == pf ? f : null;
    }

    private static long pack(int[] v, int from) {
        return v[from] | (long) v[from + 1] << 16 | (long) v[from + 2] << 32 | (long) v[from + 3] << 48;
    }
}
