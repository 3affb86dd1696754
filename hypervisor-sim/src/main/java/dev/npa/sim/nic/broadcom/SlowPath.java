package dev.npa.sim.nic.broadcom;

import dev.npa.sim.machine.DmaFault;

/**
 * The slow-path queues of the PFs, 57712 §8: elements are taken when their producer moves and done at once. Used under
 * the path's lock.
 */
final class SlowPath {

    // Connection types.
    static final int ETHERNET = 0;
    private static final int NONE = 8;

    // Common commands, connection type NONE.
    private static final int FUNCTION_START = 1;
    private static final int FUNCTION_STOP = 2;
    private static final int FUNCTION_UPDATE = 3;
    private static final int CFC_DEL = 4;
    private static final int STAT_QUERY = 6;

    private static final int LAST = 255;

    private final Path path;
    private final EventRing[] events;
    private final QueueRamrods queues;
    private final RuleRamrods rules;
    private final StatQuery statistics;
    private final int[] consumer = new int[Path.MAX_PFS];

    SlowPath(Path path, EventRing[] events, QueueRamrods queues, RuleRamrods rules, StatQuery statistics) {
        this.path = path;
        this.events = events;
        this.queues = queues;
        this.rules = rules;
        this.statistics = statistics;
    }

    /** The queue's base was written, or the PF was reset. */
    void restart(int pf) {
        consumer[pf] = 0;
    }

    private static int slot(int index) {
        int slot = index & LAST;
        return slot == LAST ? 0 : slot; // the last element is the link to the first
    }

    /** The producer was written. */
    void run(int pf) {
        Func f = path.functions[pf];
        long base = path.ram.quad(StormRam.XSTORM, StormRam.X_SPQ_BASE + 16 * pf);
        int producer = slot(path.ram.word(StormRam.XSTORM, StormRam.X_SPQ_PROD + 16 * pf));
        try {
            while (consumer[pf] != producer) {
                long at = base + 16L * consumer[pf];
                long head = f.port.readLong(at);
                long data = f.port.readLong(at + 8);
                consumer[pf] = slot(consumer[pf] + 1);
                execute(f, head, data);
            }
        } catch (DmaFault e) {
            consumer[pf] = producer; // recorded; the function is stopped
        }
    }

    private void execute(Func f, long head, long data) {
        int cid = (int) head & 0xFFFFFF;
        int command = (int) (head >>> 24) & 0xFF;
        int type = (int) (head >>> 32) & 0xFF;
        if (!f.started && !(type == NONE && command == FUNCTION_START)) {
            path.violation(f, "slow-path command " + command + " before FUNCTION_START");
        }
        if (type == ETHERNET) {
            ethernet(f, command, cid, data);
        } else if (type == NONE) {
            common(f, command, cid, data);
        } else {
            path.violation(f, "slow-path element with connection type " + type + ", 0 and 8 are known");
        }
    }

    private void ethernet(Func f, int command, int cid, long data) {
        switch (command) {
            case RuleRamrods.CLASSIFICATION -> rules.classification(f, data);
            case RuleRamrods.FILTER -> rules.filter(f, data);
            case RuleRamrods.MULTICAST -> rules.multicast(f, data);
            case RuleRamrods.RSS_UPDATE -> rules.rss(f, data);
            default -> queues.execute(f, command, cid, data);
        }
    }

    private void common(Func f, int command, int cid, long data) {
        switch (command) {
            case FUNCTION_START -> {
                f.started = true;
                refresh(f);
                events[f.id].post(EventRing.FUNCTION_START, 0, 0);
            }
            case FUNCTION_STOP -> {
                f.started = false;
                refresh(f);
                events[f.id].post(EventRing.FUNCTION_STOP, 0, 0);
            }
            case FUNCTION_UPDATE -> events[f.id].post(EventRing.FUNCTION_UPDATE, 0, 0);
            case CFC_DEL -> events[f.id].post(EventRing.CFC_DEL, queues.delete(f, cid) ? 0 : 1, cid);
            case STAT_QUERY -> {
                statistics.run(f, data);
                events[f.id].post(EventRing.STAT_QUERY, 0, 0);
            }
            default -> path.violation(f, "common slow-path command " + command + " is not known, 57712 §8");
        }
    }

    private void refresh(Func pf) {
        for (Func f : path.functions) {
            if (f != null && f.pf == pf.id) {
                f.refresh();
            }
        }
    }
}
