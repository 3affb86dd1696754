package dev.npa.pf.intel;

import dev.npa.hw.MacAddress;

/** Registers of the receive address table: addresses and the pool that each goes to. */
public interface AddressFilters {

    int entries();

    /** The adapter's own address, in entry 0. */
    MacAddress own();

    /** Makes a free entry valid. It has its pool from the first moment on. */
    void enter(int n, MacAddress mac, int pool);

    /** Changes the pool of a valid entry; the address is never without one. */
    void point(int n, MacAddress mac, int pool);

    void erase(int n);
}
