package dev.npa.sim.nic.broadcom;

/**
 * Where a frame goes, 57712 §11. Decides only; nothing is moved here. Used under the path's lock.
 */
final class EmbeddedSwitch {

    private final Path path;
    private final SwitchTables tables;

    /** Clients that get the frame. */
    final ClientSet targets = new ClientSet();
    /** Clients of {@link #targets} whose MAC rule matched. */
    final ClientSet matched = new ClientSet();
    /** Result of {@link #fromClient}. */
    boolean toWire;

    EmbeddedSwitch(Path path, SwitchTables tables) {
        this.path = path;
        this.tables = tables;
    }

    /** Bin of the approximate multicast filter, 57712 §8.3: bits 31..24 of a CRC-32C without inversions. */
    static int bin(long mac) {
        int crc = 0;
        for (int i = 40; i >= 0; i -= 8) {
            crc ^= (int) (mac >>> i) & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) != 0 ? 0x82F6_3B78 : 0);
            }
        }
        return crc >>> 24;
    }

    void fromWire(FrameInfo f) {
        lookup(f, SwitchTables.RX);
    }

    /** Decides on a frame that a client sends; never back to the sender. */
    void fromClient(FrameInfo f, Client sender) {
        if (!sender.tx.switching) {
            targets.clear();
            matched.clear();
            toWire = true;
            return;
        }
        lookup(f, SwitchTables.TX);
        targets.remove(sender.id);
        matched.remove(sender.id);
        toWire = f.isGroup() || matched.isEmpty();
    }

    /** Anti-spoof: the source is an address of the sender's function, in any VLAN or in the frame's. */
    boolean maySend(FrameInfo f, Client sender) {
        return owns(tables.owners(SwitchTables.TX, SwitchTables.key(f.source)), sender.owner)
                || owns(tables.owners(SwitchTables.TX, SwitchTables.key(f.source, f.vlan())), sender.owner);
    }

    private boolean owns(ClientSet owners, Func f) {
        if (owners == null) {
            return false;
        }
        for (int c = owners.next(0); c >= 0; c = owners.next(c + 1)) {
            if (path.clients[c].owner == f) {
                return true;
            }
        }
        return false;
    }

    private void lookup(FrameInfo f, int direction) {
        targets.clear();
        matched.clear();
        if (f.isBroadcast()) {
            take(tables.broadcast[direction], f, direction);
        } else if (f.isGroup()) {
            take(tables.allMulticast[direction], f, direction);
            bins(f, direction);
        } else {
            unicast(f, direction);
        }
    }

    private void unicast(FrameInfo f, int direction) {
        ClientSet any = tables.owners(direction, SwitchTables.key(f.destination));
        if (any != null) {
            for (int c = any.next(0); c >= 0; c = any.next(c + 1)) {
                if (tables.takesUnicast(direction, c) && tables.vlanFits(direction, f.vlan(), c)) {
                    match(c);
                }
            }
        }
        ClientSet pair = tables.owners(direction, SwitchTables.key(f.destination, f.vlan()));
        if (pair != null) {
            for (int c = pair.next(0); c >= 0; c = pair.next(c + 1)) {
                if (tables.takesUnicast(direction, c)) {
                    match(c);
                }
            }
        }
        take(tables.acceptAll[direction], f, direction);
        if (matched.isEmpty()) {
            take(tables.acceptUnmatched[direction], f, direction);
        }
    }

    private void match(int client) {
        targets.add(client);
        matched.add(client);
    }

    private void bins(FrameInfo f, int direction) {
        ClientSet some = tables.someMulticast[direction];
        int c = some.next(0);
        if (c < 0) {
            return;
        }
        int bin = bin(f.destination);
        for (; c >= 0; c = some.next(c + 1)) {
            if (tables.hasBin(direction, path.clients[c].rx.multicastEngine, bin)
                    && tables.vlanFits(direction, f.vlan(), c)) {
                targets.add(c);
            }
        }
    }

    private void take(ClientSet from, FrameInfo f, int direction) {
        for (int c = from.next(0); c >= 0; c = from.next(c + 1)) {
            if (tables.vlanFits(direction, f.vlan(), c)) {
                targets.add(c);
            }
        }
    }
}
