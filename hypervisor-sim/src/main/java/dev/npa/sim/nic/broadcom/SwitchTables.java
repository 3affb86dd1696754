package dev.npa.sim.nic.broadcom;

import java.util.Arrays;

/**
 * What the ramrods have told the embedded switch, for each direction ({@link #RX} from the wire, {@link #TX} from a
 * client): MAC, VLAN and pair rules, accept flags, multicast bins, 57712 §8 and §11. Used under the path's lock.
 */
final class SwitchTables {

    static final int RX = 0;
    static final int TX = 1;

    // Accept flags, 57712 §8.2.
    static final int UCAST_DROP_ALL = 1;
    static final int UCAST_ACCEPT_ALL = 1 << 1;
    static final int UCAST_ACCEPT_UNMATCHED = 1 << 2;
    static final int MCAST_DROP_ALL = 1 << 3;
    static final int MCAST_ACCEPT_ALL = 1 << 4;
    static final int BCAST_ACCEPT_ALL = 1 << 5;
    static final int ACCEPT_ANY_VLAN = 1 << 6;
    private static final int ACCEPTS = UCAST_ACCEPT_ALL | UCAST_ACCEPT_UNMATCHED | MCAST_ACCEPT_ALL | BCAST_ACCEPT_ALL;

    /** Rules of each sort that the path has room for, 57712 §1. */
    static final int CREDITS = 272;

    private static final int SLOTS = 2048;

    private final long[] keys = new long[SLOTS];
    private final ClientSet[][] owners = new ClientSet[2][SLOTS];
    private final int[][] state = new int[2][Path.CLIENTS];
    private final boolean[][] armed = new boolean[2][Path.CLIENTS];
    private final long[][][] vlans = new long[2][Path.CLIENTS][];
    private final long[][][] bins = new long[2][Path.FUNCTIONS][4];
    private int used;

    /** Clients that take part in flooding decisions, by the accept flag that makes them. */
    final ClientSet[] acceptAll = sets();
    final ClientSet[] acceptUnmatched = sets();
    final ClientSet[] allMulticast = sets();
    final ClientSet[] someMulticast = sets();
    final ClientSet[] broadcast = sets();

    private static ClientSet[] sets() {
        return new ClientSet[] {new ClientSet(), new ClientSet()};
    }

    /** Key of a MAC rule, or of a MAC and VLAN pair. */
    static long key(long mac, int vlan) {
        return mac | (long) (vlan + 1) << 48;
    }

    /** Key of a rule for a MAC in any VLAN. */
    static long key(long mac) {
        return key(mac, -1);
    }

    /** Clients with a rule; null if there is none. */
    ClientSet owners(int direction, long key) {
        int slot = slot(key);
        return owners[RX][slot] == null ? null : owners[direction][slot];
    }

    private int slot(long key) {
        int at = (int) (key * 0x9E37_79B9_7F4A_7C15L >>> 53);
        while (owners[RX][at] != null && keys[at] != key) {
            at = at + 1 & SLOTS - 1;
        }
        return at;
    }

    boolean has(int direction, long key, int client) {
        ClientSet set = owners(direction, key);
        return set != null && set.contains(client);
    }

    void mac(int direction, long key, int client, boolean add) {
        int at = slot(key);
        if (owners[RX][at] == null) {
            if (!add) {
                return;
            }
            if (used >= SLOTS / 2) {
                compact();
                at = slot(key);
            }
            keys[at] = key;
            owners[RX][at] = new ClientSet();
            owners[TX][at] = new ClientSet();
            used++;
        }
        if (add) {
            owners[direction][at].add(client);
        } else {
            owners[direction][at].remove(client);
        }
    }

    /** Drops keys without owner. */
    private void compact() {
        long[] oldKeys = keys.clone();
        ClientSet[] rx = owners[RX].clone();
        ClientSet[] tx = owners[TX].clone();
        Arrays.fill(owners[RX], null);
        used = 0;
        for (int i = 0; i < SLOTS; i++) {
            if (rx[i] != null && !(rx[i].isEmpty() && tx[i].isEmpty())) {
                int at = slot(oldKeys[i]);
                keys[at] = oldKeys[i];
                owners[RX][at] = rx[i];
                owners[TX][at] = tx[i];
                used++;
            }
        }
    }

    /** MAC rules that are taken; a rule for both directions counts once. */
    int macRules() {
        int n = 0;
        for (int i = 0; i < SLOTS; i++) {
            if (owners[RX][i] != null) {
                for (int c = 0; c < Path.CLIENTS; c++) {
                    n += owners[RX][i].contains(c) || owners[TX][i].contains(c) ? 1 : 0;
                }
            }
        }
        return n;
    }

    void vlan(int direction, int vid, int client, boolean add) {
        if (vlans[direction][client] == null) {
            vlans[direction][client] = new long[64];
        }
        long bit = 1L << (vid & 63);
        if (add) {
            vlans[direction][client][vid >> 6] |= bit;
        } else {
            vlans[direction][client][vid >> 6] &= ~bit;
        }
    }

    boolean hasVlan(int direction, int vid, int client) {
        long[] set = vlans[direction][client];
        return set != null && (set[vid >> 6] >>> (vid & 63) & 1) != 0;
    }

    int vlanRules() {
        int n = 0;
        for (int c = 0; c < Path.CLIENTS; c++) {
            for (int w = 0; w < 64; w++) {
                long rx = vlans[RX][c] == null ? 0 : vlans[RX][c][w];
                long tx = vlans[TX][c] == null ? 0 : vlans[TX][c][w];
                n += Long.bitCount(rx | tx);
            }
        }
        return n;
    }

    /** Whether a client takes frames of a VLAN; 0 is that of untagged frames. */
    boolean vlanFits(int direction, int vid, int client) {
        return (state[direction][client] & ACCEPT_ANY_VLAN) != 0 || hasVlan(direction, vid, client);
    }

    boolean takesUnicast(int direction, int client) {
        return (state[direction][client] & UCAST_DROP_ALL) == 0;
    }

    int state(int direction, int client) {
        return state[direction][client];
    }

    /** Accept flags as CLIENT_SETUP brings them: flooding waits for filter rules unless a flag asks for it. */
    void initialState(int direction, int client, int flags) {
        armed[direction][client] = (flags & ACCEPTS) != 0;
        state[direction][client] = flags;
        rebuild(direction);
    }

    /** Accept flags of a filter rule. */
    void filter(int direction, int client, int flags) {
        armed[direction][client] = true;
        state[direction][client] = flags;
        rebuild(direction);
    }

    void bin(int direction, int engine, int bin, boolean add) {
        long bit = 1L << (bin & 63);
        if (add) {
            bins[direction][engine][bin >> 6] |= bit;
        } else {
            bins[direction][engine][bin >> 6] &= ~bit;
        }
    }

    boolean hasBin(int direction, int engine, int bin) {
        return engine < Path.FUNCTIONS && (bins[direction][engine][bin >> 6] >>> (bin & 63) & 1) != 0;
    }

    /** Forgets all rules and flags of a client. */
    void forget(int client) {
        for (int direction = RX; direction <= TX; direction++) {
            for (int i = 0; i < SLOTS; i++) {
                if (owners[RX][i] != null) {
                    owners[direction][i].remove(client);
                }
            }
            vlans[direction][client] = null;
            state[direction][client] = 0;
            armed[direction][client] = false;
            rebuild(direction);
        }
    }

    void forgetBins(int engine) {
        Arrays.fill(bins[RX][engine], 0);
        Arrays.fill(bins[TX][engine], 0);
    }

    private void rebuild(int direction) {
        acceptAll[direction].clear();
        acceptUnmatched[direction].clear();
        allMulticast[direction].clear();
        someMulticast[direction].clear();
        broadcast[direction].clear();
        for (int c = 0; c < Path.CLIENTS; c++) {
            if (armed[direction][c]) {
                sort(direction, c, state[direction][c]);
            }
        }
    }

    private void sort(int direction, int c, int flags) {
        if ((flags & UCAST_ACCEPT_ALL) != 0) {
            acceptAll[direction].add(c);
        }
        if ((flags & UCAST_ACCEPT_UNMATCHED) != 0) {
            acceptUnmatched[direction].add(c);
        }
        if ((flags & MCAST_ACCEPT_ALL) != 0) {
            allMulticast[direction].add(c);
        } else if ((flags & MCAST_DROP_ALL) == 0) {
            someMulticast[direction].add(c);
        }
        if ((flags & BCAST_ACCEPT_ALL) != 0) {
            broadcast[direction].add(c);
        }
    }
}
