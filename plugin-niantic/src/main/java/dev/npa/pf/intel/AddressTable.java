package dev.npa.pf.intel;

import dev.npa.hw.MacAddress;
import dev.npa.pf.PfException;

/**
 * The receive address table (RAR) with its pools: which pool gets frames for which address. Entry 0 is the adapter's
 * own address and stays the PF's. 82599 §10, §11; 82576 §7, §8.
 */
final class AddressTable {

    private final String chip;
    private final AddressFilters filters;
    private final int pfPool;
    private final MacAddress[] address;
    private final int[] pool;
    private final boolean[] uplink;

    AddressTable(String chip, AddressFilters filters, int pfPool) {
        this.chip = chip;
        this.filters = filters;
        this.pfPool = pfPool;
        address = new MacAddress[filters.entries()];
        pool = new int[filters.entries()];
        uplink = new boolean[filters.entries()];
    }

    /** Clears the table except the adapter's own address, which goes to the PF. */
    void reset() {
        for (int n = 1; n < address.length; n++) {
            erase(n);
        }
        address[0] = filters.own();
        pool[0] = pfPool;
        uplink[0] = true;
        filters.point(0, address[0], pfPool);
    }

    /** Whether there is room for one more address, or it is there already. */
    void requireRoom(MacAddress mac) {
        if (find(mac) < 0 && find(null) < 0) {
            throw new PfException(chip + ": all " + address.length
                    + " address filters are in use; remove an uplink address before adding " + mac);
        }
    }

    /** The uplink wants this address. If a VF has it now, it stays there until it is turned back. */
    void addUplink(MacAddress mac) {
        int n = find(mac);
        if (n < 0) {
            n = insert(mac, pfPool);
        }
        uplink[n] = true;
    }

    /** The uplink wants this address no more. */
    void removeUplink(MacAddress mac) {
        int n = find(mac);
        if (n > 0) {
            uplink[n] = false;
            if (pool[n] == pfPool) {
                erase(n);
            }
        }
    }

    /** Pool that has the address; -1 if none. */
    int poolOf(MacAddress mac) {
        int n = find(mac);
        return n < 0 ? -1 : pool[n];
    }

    /** Turns an address to a pool, from wherever it was. */
    void turn(MacAddress mac, int target) {
        int n = find(mac);
        if (n < 0) {
            insert(mac, target);
        } else if (pool[n] != target) {
            move(n, target);
        }
    }

    /** Turns an address back to the uplink, which wants it from then on. Does nothing if {@code from} has it not. */
    void turnBack(MacAddress mac, int from) {
        int n = find(mac);
        if (n >= 0 && pool[n] == from) {
            uplink[n] = true;
            move(n, pfPool);
        }
    }

    /** Takes an address away from a VF that is given up; the uplink keeps it if it wants it. */
    void withdraw(MacAddress mac, int from) {
        int n = find(mac);
        if (n >= 0 && pool[n] == from) {
            if (uplink[n]) {
                move(n, pfPool);
            } else {
                erase(n);
            }
        }
    }

    private int find(MacAddress mac) {
        for (int n = 0; n < address.length; n++) {
            if (mac == null ? address[n] == null : mac.equals(address[n])) {
                return n;
            }
        }
        return -1;
    }

    private int insert(MacAddress mac, int target) {
        requireRoom(mac);
        int n = find(null);
        address[n] = mac;
        pool[n] = target;
        filters.enter(n, mac, target);
        return n;
    }

    private void erase(int n) {
        filters.erase(n);
        address[n] = null;
        uplink[n] = false;
    }

    private void move(int n, int target) {
        filters.point(n, address[n], target);
        pool[n] = target;
    }
}
