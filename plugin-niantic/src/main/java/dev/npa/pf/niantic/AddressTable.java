package dev.npa.pf.niantic;

import dev.npa.hw.MacAddress;
import dev.npa.pf.PfException;

/**
 * The receive address table (RAR) with its pool bits (MPSAR): which pool gets frames for which address. Entry 0 is the
 * adapter's own address and stays the PF's. Fact sheet §10, §11.
 */
final class AddressTable {

    private final Registers registers;
    private final int pfPool;
    private final MacAddress[] address = new MacAddress[PfRegisters.RAR_ENTRIES];
    private final int[] pool = new int[PfRegisters.RAR_ENTRIES];
    private final boolean[] uplink = new boolean[PfRegisters.RAR_ENTRIES];

    AddressTable(Registers registers, int pfPool) {
        this.registers = registers;
        this.pfPool = pfPool;
    }

    /** Clears the table except the adapter's own address, which goes to the PF. */
    void reset() {
        for (int n = 1; n < PfRegisters.RAR_ENTRIES; n++) {
            erase(n);
        }
        int high = registers.read(PfRegisters.rah(0));
        address[0] = MacAddress.ofRegisters(registers.read(PfRegisters.ral(0)), high);
        pool[0] = pfPool;
        uplink[0] = true;
        point(0, pfPool);
    }

    /** Whether there is room for one more address, or it is there already. */
    void requireRoom(MacAddress mac) {
        if (find(mac) < 0 && find(null) < 0) {
            throw new PfException("82599: all " + PfRegisters.RAR_ENTRIES
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
        point(n, target); // pools first: a valid entry always has one
        registers.write(PfRegisters.ral(n), mac.low32());
        registers.write(PfRegisters.rah(n), mac.high16() | PfRegisters.RAH_AV);
        return n;
    }

    private void erase(int n) {
        registers.write(PfRegisters.rah(n), 0);
        registers.write(PfRegisters.ral(n), 0);
        registers.write(PfRegisters.mpsar(n, 0), 0);
        registers.write(PfRegisters.mpsar(n, 1), 0);
        address[n] = null;
        uplink[n] = false;
    }

    private void move(int n, int target) {
        point(n, target);
        pool[n] = target;
    }

    /** The word with the new pool is written first, so that the address is never without one. */
    private void point(int n, int target) {
        int word = PoolLayout.word(target);
        registers.write(PfRegisters.mpsar(n, word), PoolLayout.bit(target));
        registers.write(PfRegisters.mpsar(n, 1 - word), 0);
    }
}
