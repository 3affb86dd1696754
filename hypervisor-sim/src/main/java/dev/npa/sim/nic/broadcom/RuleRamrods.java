package dev.npa.sim.nic.broadcom;

import java.nio.ByteBuffer;

/**
 * Ramrods that fill the tables of the switch and the RSS engines, 57712 §8.1 to §8.4. They complete on the event ring;
 * error 1 means that nothing of the command was applied. Used under the path's lock.
 */
final class RuleRamrods {

    static final int CLASSIFICATION = 9;
    static final int FILTER = 10;
    static final int MULTICAST = 11;
    static final int RSS_UPDATE = 12;

    private static final int HEADER = 8;
    private static final int RULE = 16;
    private static final int MAX_RULES = 16;
    private static final int RSS_BYTES = 184;

    private static final int MAC = 0;
    private static final int VLAN = 1;
    private static final int PAIR = 2;

    private final Path path;
    private final SwitchTables tables;
    private final EventRing[] events;
    private final RxEngine receive;
    private final ByteBuffer data = TxQueue.buffer(HEADER + RULE * MAX_RULES);

    RuleRamrods(Path path, SwitchTables tables, EventRing[] events, RxEngine receive) {
        this.path = path;
        this.tables = tables;
        this.events = events;
        this.receive = receive;
    }

    /** Reads a list of rules; returns their number, or -1 if it is not legal. */
    private int rules(Func pf, long address) {
        data.clear();
        pf.port.read(address, data, 0, HEADER);
        int count = data.get(0) & 0xFF;
        if (count > MAX_RULES) {
            path.violation(pf, "rule ramrod with " + count + " rules, " + MAX_RULES + " is the most");
            return -1;
        }
        if (count > 0) {
            pf.port.read(address + HEADER, data, HEADER, count * RULE);
        }
        return count;
    }

    private boolean isClient(Func pf, int at, String what) {
        int function = data.get(at + 1) & 0xFF;
        int client = data.get(at + 2) & 0xFF;
        Func f = path.function(function);
        if (client < Path.CLIENTS && f != null && f.pf == pf.id && path.clients[client].owner == f) {
            return true;
        }
        path.violation(pf, what + " rule for client " + client + " of function " + function
                + ", which is not set up or not this PF's");
        return false;
    }

    void classification(Func pf, long address) {
        int n = rules(pf, address);
        boolean good = n >= 0 && hasCredits(pf, n);
        for (int i = 0; i < n && good; i++) {
            classify(HEADER + RULE * i);
        }
        events[pf.id].post(EventRing.CLASSIFICATION, good ? 0 : 1, data.getInt(4));
    }

    /** Checks all rules before any is applied. */
    private boolean hasCredits(Func pf, int n) {
        int macs = 0;
        int vlans = 0;
        for (int i = 0; i < n; i++) {
            int at = HEADER + RULE * i;
            int opcode = data.get(at) >>> 2 & 3;
            boolean add = (data.get(at) & 1 << 4) != 0;
            int client = data.get(at + 2) & 0xFF;
            if (opcode > PAIR) {
                path.violation(pf, "classification rule with opcode " + opcode + ", 0..2 are modelled");
                return false;
            }
            if (!add) {
                continue;
            }
            if (!isClient(pf, at, "classification")) {
                return false;
            }
            if (opcode == VLAN) {
                vlans += tables.hasVlan(SwitchTables.RX, vid(at), client)
                        || tables.hasVlan(SwitchTables.TX, vid(at), client) ? 0 : 1;
            } else {
                long key = key(at, opcode);
                macs += tables.has(SwitchTables.RX, key, client) || tables.has(SwitchTables.TX, key, client) ? 0 : 1;
            }
        }
        return (macs == 0 || tables.macRules() + macs <= SwitchTables.CREDITS)
                && (vlans == 0 || tables.vlanRules() + vlans <= SwitchTables.CREDITS);
    }

    private void classify(int at) {
        int flags = data.get(at);
        int opcode = flags >>> 2 & 3;
        int client = data.get(at + 2) & 0xFF;
        boolean add = (flags & 1 << 4) != 0;
        if (client >= Path.CLIENTS) {
            return; // removal of what cannot be there
        }
        for (int direction = SwitchTables.RX; direction <= SwitchTables.TX; direction++) {
            if ((flags >>> direction & 1) != 0) {
                if (opcode == VLAN) {
                    tables.vlan(direction, vid(at), client, add);
                } else {
                    tables.mac(direction, key(at, opcode), client, add);
                }
            }
        }
    }

    private int vid(int at) {
        return data.getShort(at + 14) & 0xFFF;
    }

    private long key(int at, int opcode) {
        long mac = (long) (data.getShort(at + 12) & 0xFFFF) << 32 | (long) (data.getShort(at + 10) & 0xFFFF) << 16
                | data.getShort(at + 8) & 0xFFFF;
        return opcode == MAC ? SwitchTables.key(mac) : SwitchTables.key(mac, vid(at));
    }

    void filter(Func pf, long address) {
        int n = rules(pf, address);
        boolean good = n >= 0;
        for (int i = 0; i < n && good; i++) {
            good = isClient(pf, HEADER + RULE * i, "filter");
        }
        for (int i = 0; i < n && good; i++) {
            int at = HEADER + RULE * i;
            for (int direction = SwitchTables.RX; direction <= SwitchTables.TX; direction++) {
                if ((data.get(at) >>> direction & 1) != 0) {
                    tables.filter(direction, data.get(at + 2) & 0xFF, data.getShort(at + 4) & 0x7F);
                }
            }
        }
        events[pf.id].post(EventRing.FILTERS, good ? 0 : 1, data.getInt(4));
    }

    void multicast(Func pf, long address) {
        int n = rules(pf, address);
        boolean good = n >= 0;
        for (int i = 0; i < n && good; i++) {
            int engine = data.get(HEADER + RULE * i + 3) & 0xFF;
            good = path.function(engine) != null && path.function(engine).pf == pf.id;
            if (!good) {
                path.violation(pf, "multicast rule for engine " + engine + ", which is not this PF's");
            }
        }
        for (int i = 0; i < n && good; i++) {
            int at = HEADER + RULE * i;
            for (int direction = SwitchTables.RX; direction <= SwitchTables.TX; direction++) {
                if ((data.get(at) >>> direction & 1) != 0) {
                    tables.bin(direction, data.get(at + 3) & 0xFF, data.get(at + 2) & 0xFF,
                            (data.get(at) & 1 << 2) != 0);
                }
            }
        }
        events[pf.id].post(EventRing.MULTICAST, good ? 0 : 1, data.getInt(4));
    }

    void rss(Func pf, long address) {
        data.clear();
        pf.port.read(address, data, 0, RSS_BYTES);
        int engine = data.get(0) & 0xFF;
        int capabilities = data.getShort(2);
        boolean v4 = (capabilities & RssEngine.V4_UDP) == 0 || (capabilities & RssEngine.V4_TCP) != 0;
        boolean v6 = (capabilities & RssEngine.V6_UDP) == 0 || (capabilities & RssEngine.V6_TCP) != 0;
        boolean good = v4 && v6;
        if (!good) {
            path.violation(pf, "RSS engine " + engine + ": UDP hashing without TCP hashing asserts firmware"
                    + " (erratum 2)");
        } else if (path.function(engine) == null || path.function(engine).pf != pf.id) {
            path.violation(pf, "RSS engine " + engine + " is not this PF's");
            good = false;
        } else {
            receive.rss(engine).update(data);
        }
        events[pf.id].post(EventRing.RSS_UPDATE, good ? 0 : 1, data.getInt(176));
    }
}
