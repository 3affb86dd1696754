package dev.npa.sim.nic.broadcom;

import dev.npa.sim.machine.DmaFault;
import java.nio.ByteBuffer;

/** The STAT_QUERY ramrod: delivers blocks of 152 bytes, 57712 §7. Used under the path's lock. */
final class StatQuery {

    private static final int HEADER = 16;
    private static final int ENTRY = 16;

    private final Path path;
    private final ByteBuffer block = TxQueue.buffer(Counters.SIZE);

    StatQuery(Path path) {
        this.path = path;
    }

    void run(Func pf, long address) {
        long head = pf.port.readLong(address);
        long counters = pf.port.readLong(address + 8);
        int commands = (int) head & 0xFF;
        int sequence = (int) (head >>> 16) & 0xFFFF;
        for (int i = 0; i < commands; i++) {
            long at = address + HEADER + (long) ENTRY * i;
            query(pf, pf.port.readLong(at), pf.port.readLong(at + 8));
        }
        if (counters != 0) {
            for (int storm = 0; storm < 4; storm++) {
                pf.port.writeLongRelease(counters + 8 * storm, sequence);
            }
        }
    }

    private void query(Func pf, long entry, long target) {
        int kind = (int) entry & 0xFF;
        int index = (int) (entry >>> 8) & 0xFF;
        int id = (int) (entry >>> 16) & 0xFFFF;
        Func f = path.function(id);
        if (kind != 0 || f == null || f.pf != pf.id || f.port == null) {
            path.violation(pf, "STAT_QUERY entry of kind " + kind + " for function " + id
                    + ": only kind 0 (queue) and functions of this PF are modelled");
            return;
        }
        if (f.malicious || f.dirty) {
            path.violation(pf, "STAT_QUERY for " + f.name()
                    + ", which is malicious or was reset: it would never finish (erratum 5)");
            return;
        }
        Client c = client(pf, index);
        if (c == null) {
            path.violation(pf, "STAT_QUERY for statistics id " + index + ", which no client of this PF has");
            return;
        }
        c.counters.write(block);
        try {
            f.port.write(target, block, 0, Counters.SIZE);
        } catch (DmaFault e) {
            return; // recorded; that function is stopped, the query goes on
        }
    }

    private Client client(Func pf, int statsId) {
        for (Client c : path.clients) {
            if (c.owner != null && c.owner.pf == pf.id && c.statsId == statsId && c.statsOn) {
                return c;
            }
        }
        return null;
    }
}
