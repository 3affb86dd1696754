package dev.npa.pf.broadcom;

import dev.npa.hw.DmaMemory;
import dev.npa.pf.broadcom.hsi.EventElement;
import dev.npa.pf.broadcom.hsi.Ramrod;
import java.util.ArrayList;
import java.util.List;

/**
 * Queue statistics: has the device write the VFs' counters where the VFs want them, and reads those of frames that were
 * dropped because their sender was not who it said. §7
 */
final class Statistics {

    /** Bytes of the area that the device writes counters into. */
    static final int BYTES = Statistics.BATCH * Statistics.STRIDE;

    private static final int BATCH = 16;
    private static final int STRIDE = 160;
    private static final int ENTRY = 16;
    private static final int ERROR_DROPS = 148;
    private static final long PERIOD_NANOS = 1_000_000_000;

    private record Query(int client, int function, long address) {}

    private final SlowPath slowPath;
    private final PathLayout layout;
    private final DmaMemory memory;
    /** What a client's counter said when it was last read; it starts at 0 with each setup. */
    private final int[] seen = new int[256];
    private long spoofed;
    private long malicious;
    private int counter;
    private long last;

    Statistics(SlowPath slowPath, PathLayout layout, DmaMemory memory) {
        this.slowPath = slowPath;
        this.layout = layout;
        this.memory = memory;
    }

    /** Frames of VFs dropped so far because their source address was not the VF's, as of the last collection. */
    long spoofed() {
        return spoofed;
    }

    /** Events of VFs that broke the device's rules. */
    long malicious() {
        return malicious;
    }

    void countMalicious() {
        malicious++;
    }

    /** The client's counters were zeroed. */
    void restart(int client) {
        seen[client] = 0;
    }

    /** Once a second writes the statistics of all VFs that want them, and collects. */
    void tick(long now, List<VfState> vfs) {
        if (now - last < PERIOD_NANOS) {
            return;
        }
        last = now;
        vfs.forEach(this::publish);
        vfs.forEach(this::collect);
    }

    /** Before queues of a VF go: their last counters are with the VF when it is told that they are gone. */
    void finish(VfState vf) {
        publish(vf);
        collect(vf);
    }

    private void publish(VfState vf) {
        if (vf.statisticsAddress() == 0 || vf.isMalicious()) { // a ramrod to a malicious VF never ends, §15.5
            return;
        }
        List<Query> queries = new ArrayList<>();
        for (int q = 0; q < vf.queues().size(); q++) {
            if (vf.queues().get(q).isLive()) {
                queries.add(new Query(vf.queues().get(q).client(), layout.functionOf(vf.index()),
                        vf.statisticsAddress() + (long) q * vf.statisticsStride()));
            }
        }
        run(queries);
    }

    /** Adds what a VF's queues dropped since they were last looked at. */
    void collect(VfState vf) {
        List<Query> queries = new ArrayList<>();
        for (Queue queue : vf.queues()) {
            if (queue.isLive() && !vf.isMalicious()) {
                queries.add(new Query(queue.client(), layout.function(),
                        memory.address() + (long) queries.size() * STRIDE));
            }
        }
        run(queries);
        for (int i = 0; i < queries.size(); i++) {
            int client = queries.get(i).client;
            int drops = memory.getInt(i * STRIDE + ERROR_DROPS);
            spoofed += Integer.toUnsignedLong(drops - seen[client]);
            seen[client] = drops;
        }
    }

    /** A VF has no more queues than fit into one query. */
    private void run(List<Query> queries) {
        if (queries.isEmpty()) {
            return;
        }
        counter++;
        slowPath.run(Ramrod.STAT_QUERY, Ramrod.NONE, layout.function(), 0, EventElement.STAT_QUERY, m -> {
            m.putByte(0, (byte) queries.size());
            m.putShort(2, (short) counter);
            for (int i = 0; i < queries.size(); i++) {
                int at = ENTRY * (1 + i);
                m.putByte(at + 1, (byte) queries.get(i).client);
                m.putShort(at + 2, (short) queries.get(i).function);
                m.putLong(at + 8, queries.get(i).address);
            }
        });
    }
}
